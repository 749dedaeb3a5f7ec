package web

import "testing"

func TestTheFieldsOfASearchAreItsFilters(t *testing.T) {
	for want, p := range map[string]searchPage{
		"":                                    {},
		"login":                               {Page: Page{Query: "login"}},
		`login with:"Anna W"`:                 {Page: Page{Query: "login"}, With: "Anna W"},
		`with:"a  OR kind:list"`:              {With: `a" OR kind:list`},
		"kind:bounce":                         {Kind: "bounce"},
		`x with:"y" kind:ours has:attachment`: {Page: Page{Query: "x"}, With: "y", Kind: "ours", Attached: true},
	} {
		if got := p.Text(); got != want {
			t.Errorf("%+v asks for %q, want %q", p, got, want)
		}
	}
}
