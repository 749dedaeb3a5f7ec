package web

import (
	"net/http"
	"strings"
	"testing"

	"rapport/threads"
)

func TestWhoLooksAtWhatIsNoted(t *testing.T) {
	d := newDoored(t, "")
	f := newForeign(t, d)
	c := d.in("ruth")
	own, err := d.store.Items(t.Context(), threads.ItemQuery{Project: "HARBOUR-WEB", Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	noted := func() (out []string) {
		t.Helper()
		all, err := d.store.Accesses(t.Context(), threads.AccessQuery{Login: "ruth", Reads: true, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if a.Detail != "" && a.Address == "192.0.2.1" {
				out = append(out, strings.TrimPrefix(string(a.Type), "access.")+" "+a.Detail)
			}
		}
		return out
	}
	for _, ask := range []struct {
		address string
		want    []string
	}{
		{"/m/" + own[0].Message, []string{"read"}},
		{"/m/" + own[0].Message + "/raw", []string{"exported"}},
		{"/m/" + own[0].Message + "/bundle", []string{"exported"}},
		{"/search?q=basket", []string{"searched"}},
		{"/m/" + f.message, []string{"read", "missed"}},
		{"/access", []string{"read", "missed"}},
	} {
		d.ask(http.MethodGet, ask.address, nil, c)
		all := strings.Join(noted(), "\n") + "\n"
		for _, what := range ask.want {
			if !strings.Contains(all, what+" "+ask.address+"\n") {
				t.Errorf("%s is not noted as %s:\n%s", ask.address, what, all)
			}
		}
	}
	if all := noted(); len(all) != 8 {
		t.Errorf("noted:\n%s", strings.Join(all, "\n"))
	}
	page := d.ask(http.MethodGet, "/access?reads=1&login=ruth", nil, d.in("olga")).Body.String()
	if !strings.Contains(page, "Asked for what is not there") || !strings.Contains(page, "/search?q=basket") {
		t.Errorf("an admin sees\n%s", page)
	}
}
