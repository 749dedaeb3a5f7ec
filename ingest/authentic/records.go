package authentic

import (
	"strings"
	"sync"

	"rapport/mail"
)

// records are the key records that DNS gave while a mail was checked. The
// signatures of one mail are checked side by side.
type records struct {
	mu  sync.Mutex
	all map[string]string
}

func newRecords() *records { return &records{all: map[string]string{}} }

func (r *records) add(name string, texts []string) {
	if len(texts) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all[strings.ToLower(name)] = texts[0]
}

func (r *records) of(name string) string { return r.all[strings.ToLower(name)] }

// selector is the s= tag of the mail's n-th signature, which the library does
// not tell.
func selector(h mail.Header, n int) string {
	all := h.All("DKIM-Signature")
	if n >= len(all) {
		return ""
	}
	for _, tag := range strings.Split(all[n], ";") {
		name, value, _ := strings.Cut(tag, "=")
		if strings.TrimSpace(name) == "s" {
			return written(strings.ToLower(strings.Join(strings.Fields(value), "")))
		}
	}
	return ""
}
