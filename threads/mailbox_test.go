package threads

import "testing"

// Letters that only fold to those of an address make another mailbox.
func TestWhichAddressesAreOneMailbox(t *testing.T) {
	d := NewDirectory([]Project{{Key: "A", Contacts: []Contact{{Name: "Kim", Addresses: []string{"kim.sass@mail.example"}}}}}, []Person{{Login: "kim", Addresses: []string{"kim.sass@mail.example"}}}, nil)
	for address, want := range map[string]bool{
		"kim.sass@mail.example": true, "Kim.SASS@mail.example": true,
		"\u212aim.sass@mail.example": false, "kim.\u017fass@mail.example": false, "kim.sas@mail.example": false, "": false,
	} {
		if got := d.PersonAt(address) != nil; got != want {
			t.Errorf("%q is one of us: %v", address, got)
		}
		if got := d.Projects[0].Belongs(address); got != want {
			t.Errorf("%q belongs to the project: %v", address, got)
		}
		if got := (Address{Address: address}).Is(Address{Address: "kim.sass@mail.example"}); got != want {
			t.Errorf("%q is the same: %v", address, got)
		}
	}
}
