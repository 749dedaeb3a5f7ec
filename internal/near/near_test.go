package near

import "testing"

func TestWord(t *testing.T) {
	known := map[string]bool{"store": true, "smtp": true, "status": true, "to": true}
	for name, want := range map[string]string{"stroe": "store", "smpt": "smtp", "statu": "status", "mailbox": "", "x": "", "": ""} {
		if got := Word(name, known); got != want {
			t.Errorf("%q is near %q, want %q", name, got, want)
		}
	}
}
