package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Large mails wait for room, as long as the reader does; ordinary mail does not,
// and what was taken is given back.
func TestLargeMailsWaitForRoom(t *testing.T) {
	w := newWorld(t)
	const large, small = "m0000000000000003", "m0000000000000001"
	for i := range w.messages {
		if w.messages[i].ID == large {
			w.messages[i].Size = 25 << 20 // as the archive says
		}
	}
	s := serve(t, w)
	ask := func(ctx context.Context, address string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		r.Host = "localhost"
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, r)
		return answer
	}
	pages := []string{"/m/" + large, "/m/" + large + "/body", "/m/" + large + "/source", "/m/" + large + "/raw", s.signed("/m/" + large + "/part/3"), s.signed("/m/" + large + "/picture/2")}
	if !s.room.TryAcquire(roomForMails - copiesOfMail<<20) {
		t.Fatal("there is no room")
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	for _, page := range pages {
		if a := ask(gone, page); a.Code != http.StatusServiceUnavailable || !strings.Contains(a.Body.String(), "Too many large mails") {
			t.Errorf("%s without room: %d", page, a.Code)
		}
	}
	if a := ask(t.Context(), "/m/"+small); a.Code != http.StatusOK {
		t.Errorf("an ordinary mail: %d", a.Code)
	}
	answered := make(chan int)
	go func() { answered <- ask(t.Context(), pages[0]).Code }()
	s.room.Release(roomForMails - copiesOfMail<<20)
	if code := <-answered; code != http.StatusOK {
		t.Errorf("once there is room: %d", code)
	}
	for _, page := range pages {
		if a := ask(t.Context(), page); a.Code != http.StatusOK {
			t.Errorf("%s with room: %d", page, a.Code)
		}
	}
	if !s.room.TryAcquire(roomForMails) {
		t.Error("room is not given back")
	}
}
