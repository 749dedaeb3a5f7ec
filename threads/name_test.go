package threads

import "testing"

func TestHasName(t *testing.T) {
	for _, c := range []struct {
		text, name string
		want       bool
	}{
		{"the portal of Acme Books opens", "Acme Books", true},
		{"Acme Books", "Acme Books", true},
		{"Acme Bookshop", "Acme Books", false},
		{"Pacme Books, then (Acme Books)", "Acme Books", true},
		{"PACME-12 and ACME-1", "ACME-1", true},
		{"ACME-12", "ACME-1", false},
		{"请问云杉茶业的小程序", "云杉茶业", true},
		{"하버서점은 좋습니다", "하버서점", true},
		{"Großé", "Gro", false},
		{"anything", "", false},
		{"", "Acme", false},
	} {
		if got := HasName(c.text, c.name); got != c.want {
			t.Errorf("%q in %q: %v", c.name, c.text, got)
		}
	}
}
