package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rapport/threads"
)

// Files that came with mail are had without the session's cookie: at an address
// that says until when it works and is signed. What a client sends is thereby
// never asked for with a manager's rights, and can lie on a host of its own
// (web.files_url), where no cookie of the pages is.

// signedFor is how long the address of a file works.
const signedFor = time.Hour

var errOver = errors.New("the address has ended")

// signed is the address of a file, for whoever sees the page that it stands on.
func (s *Server) signed(path string) string {
	until := strconv.FormatInt(s.now().Add(signedFor).Unix(), 10)
	at := "/file/" + until + "/" + s.mac(until, path) + path
	if s.files != nil {
		return s.files.String() + at
	}
	return at
}

// mac signs an address. The key is drawn at each start: addresses do not
// outlive the server.
func (s *Server) mac(until, path string) string {
	h := hmac.New(sha256.New, s.fileKey)
	fmt.Fprintf(h, "%s\n%s", until, path)
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// withSignature lets h answer if the address is signed and not over.
func withSignature(h handler) handler {
	return func(v *visit) error {
		until, mac := v.PathValue("until"), v.PathValue("mac")
		path := strings.TrimPrefix(v.URL.EscapedPath(), "/file/"+until+"/"+mac)
		if !hmac.Equal([]byte(mac), []byte(v.s.mac(until, path))) {
			return v.nowhere()
		}
		if end, err := strconv.ParseInt(until, 10, 64); err != nil || v.now.Unix() >= end {
			return errOver
		}
		v.archive = v.s.archive(threads.Scope{All: true, Tray: true}) // as far as the address leads
		return h(v)
	}
}
