package threads

import (
	"testing"
	"time"
)

func TestAnIDTellsWhenItWasMade(t *testing.T) {
	at := time.Date(2026, 11, 25, 9, 30, 15, int(250*time.Millisecond), time.UTC)
	id := IDs{Now: func() time.Time { return at }}.New(ReportPrefix)
	if got, ok := Born(id); !ok || !got.Equal(at) {
		t.Errorf("Born(%q) = %v, %v; want %v", id, got, ok, at)
	}
	for _, s := range []string{"", "r", "r0123", "r!!!!!!!!!!!!!!!!", id + "0"} {
		if got, ok := Born(s); ok {
			t.Errorf("Born(%q) = %v; that is no id", s, got)
		}
	}
}
