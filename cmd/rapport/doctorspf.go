package main

import (
	"context"
	"fmt"
	"strings"
)

// mostLookups is how many questions to DNS a record may cause before it counts
// as broken (RFC 7208 section 4.6.4).
const mostLookups = 10

// spfWalk is one reading of a record with all that it includes.
type spfWalk struct {
	v       *domainVisit
	lookups int
	names   []string // of the records that count
	end     string   // the qualifier of "all" in the record itself
	broken  string
}

// spf looks at which servers may send for the domain. Which of them sends our
// letters in the end only a round trip can tell.
func (v *domainVisit) spf(ctx context.Context) error {
	w := &spfWalk{v: v}
	none, err := w.read(ctx, v.domain, true)
	if err != nil {
		return err
	}
	include := spfInclude(v.d.config().SMTP.Server.Host())
	switch {
	case none:
		record := "v=spf1 mx ~all"
		if include != "" {
			record = "v=spf1 include:" + include + " ~all"
		}
		v.warn("dns.spf", fmt.Sprintf("add a TXT record at %s that names the servers which send for it, such as %q", v.domain, record), "it has no SPF record")
	case w.broken != "":
		v.wrong("dns.spf", "mend the record: receivers treat a broken one as none, or refuse mail", "its SPF record is broken: %s", w.broken)
	case w.end == "+":
		v.wrong("dns.spf", "end the record with ~all or -all", "its SPF record lets every server in the world send for it")
	case include != "" && !containsFold(w.names, include):
		v.warn("dns.spf", "add include:"+include+" to the SPF record of "+v.domain, "its SPF record does not name the servers of %s", v.d.config().SMTP.Server.Host())
	case w.end == "" || w.end == "?":
		v.warn("dns.spf", "end the record with ~all or -all", "its SPF record says nothing about servers that it does not name")
	default:
		v.ok("dns.spf", "its SPF record can be read (%d of %d lookups)", w.lookups, mostLookups)
	}
	return nil
}

// read follows a record; none is true if the name has none.
func (w *spfWalk) read(ctx context.Context, name string, own bool) (none bool, err error) {
	found, err := w.v.texts(ctx, name, "v=spf1")
	if err != nil || len(found) == 0 {
		return true, err
	}
	w.names = append(w.names, name)
	if len(found) > 1 {
		w.broken = fmt.Sprintf("%s has %d records, and one is allowed", name, len(found))
		return false, nil
	}
	redirect := ""
	for _, term := range strings.Fields(found[0])[1:] {
		if w.broken != "" {
			return false, nil
		}
		term = strings.ToLower(term)
		qualifier := "+"
		if strings.ContainsAny(term[:1], "+-~?") {
			qualifier, term = term[:1], term[1:]
		}
		mechanism, value, _ := strings.Cut(term, ":")
		if at, is := strings.CutPrefix(term, "redirect="); is {
			redirect = at
			continue
		}
		mechanism, _, _ = strings.Cut(mechanism, "/")
		switch mechanism {
		case "all":
			if own {
				w.end = qualifier
			}
			return false, nil // what follows is not looked at
		case "include":
			err = w.follow(ctx, name, value, false)
		case "a", "mx", "ptr", "exists":
			w.count(name)
		case "ip4", "ip6":
		default:
			if !strings.Contains(term, "=") { // an unknown modifier is no fault, an unknown mechanism is
				w.broken = fmt.Sprintf("%s has %q, which means nothing", name, term)
			}
		}
		if err != nil {
			return false, err
		}
	}
	if redirect != "" && w.broken == "" {
		return false, w.follow(ctx, name, redirect, own)
	}
	return false, nil
}

// count notes a question to DNS.
func (w *spfWalk) count(name string) bool {
	w.lookups++
	if w.lookups > mostLookups && w.broken == "" {
		w.broken = fmt.Sprintf("it causes more than %d lookups (at %s)", mostLookups, name)
	}
	return w.broken == ""
}

func (w *spfWalk) follow(ctx context.Context, from, to string, own bool) error {
	if !w.count(from) || strings.Contains(to, "%") { // a macro depends on the mail
		return nil
	}
	none, err := w.read(ctx, strings.TrimSuffix(to, "."), own)
	if none && err == nil && w.broken == "" {
		w.broken = fmt.Sprintf("%s names %q, which has no record", from, to)
	}
	return err
}

// spfInclude is what a provider wants in the record of who sends by it.
func spfInclude(host string) string {
	switch host = strings.ToLower(host); {
	case strings.HasSuffix(host, ".gmail.com") || strings.HasSuffix(host, ".google.com"):
		return "_spf.google.com"
	case strings.HasSuffix(host, ".office365.com") || strings.HasSuffix(host, ".outlook.com"):
		return "spf.protection.outlook.com"
	}
	return ""
}

func containsFold(list []string, s string) bool {
	for _, l := range list {
		if strings.EqualFold(l, s) {
			return true
		}
	}
	return false
}
