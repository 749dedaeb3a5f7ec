package access

import (
	"errors"
	"testing"
	"time"

	"rapport/threads"
)

// linked makes Mara and Ruth people with addresses.
func linked(t *testing.T) *house {
	h := newHouse(t)
	h.people(
		threads.Person{Login: "mara", Name: "Mara", Role: "manager", Addresses: []string{"mara@agency.example"}},
		threads.Person{Login: "ruth", Name: "Ruth", Role: "auditor", Addresses: []string{"ruth@agency.example"}, Until: noon},
	)
	return h
}

// ask asks for a link and returns what the browser and the mail have.
func (h *house) ask(mail string) (browser, token string) {
	h.t.Helper()
	browser, l, err := h.AskLink(h.t.Context(), mail, "192.0.2.1")
	h.must(err)
	if l != nil {
		token = l.Token
	}
	return browser, token
}

// use uses a link, and returns the session's token, "" if nobody is let in.
func (h *house) use(browser, token string) string {
	h.t.Helper()
	session, err := h.UseLink(h.t.Context(), token, browser, Knock{Address: "192.0.2.1"})
	if err != nil && !errors.Is(err, ErrDenied) {
		h.t.Fatal(err)
	}
	return session
}

func TestALinkWorksOnceWhereItWasAskedFor(t *testing.T) {
	h := linked(t)
	browser, token := h.ask(" MARA@agency.example ")
	other, _ := h.ask("nobody@agency.example")
	h.is(h.use(other, token), "")
	h.is(h.use("", token), "")
	h.is(h.use(browser, token), "mara")
	h.is(h.use(browser, token), "")

	browser, token = h.ask("mara@agency.example")
	h.now = h.now.Add(LinkWorks)
	h.is(h.use(browser, token), "")
}

func TestALinkIsForThoseWhoMayComeIn(t *testing.T) {
	h := linked(t)
	for _, mail := range []string{"nobody@agency.example", "ruth@agency.example", "", "mara"} {
		if browser, token := h.ask(mail); token != "" || len(browser) < 40 {
			t.Errorf("%q gets a link %q, the browser %q", mail, token, browser)
		}
	}
	browser, token := h.ask("mara@agency.example")
	h.must(h.store.Disable(t.Context(), "mara"))
	h.is(h.use(browser, token), "")
	if _, token := h.ask("mara@agency.example"); token != "" {
		t.Error("who is kept out gets a link")
	}
}

func TestNobodysMailboxIsFilled(t *testing.T) {
	h := linked(t)
	for range linkBurst {
		h.ask("mara@agency.example")
	}
	if _, _, err := h.AskLink(t.Context(), "mara@agency.example", "198.51.100.7"); !errors.Is(err, ErrTooMany) {
		t.Errorf("one more link: %v", err)
	}
	h.now = h.now.Add(linkEvery + time.Second)
	h.ask("mara@agency.example")
}
