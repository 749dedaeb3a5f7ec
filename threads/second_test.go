package threads

import (
	"strings"
	"testing"
)

func TestWhoElseMayGetALetter(t *testing.T) {
	p := Project{Domains: []string{"acme.example"}, Contacts: []Contact{
		{Name: "Anna", Addresses: []string{"anna@acme.example", "anna@home.example"}, Report: true},
		{Name: "Bert", Addresses: []string{"bert@acme.example"}, Report: true},
		{Name: "Cleo", Addresses: []string{"cleo@acme.example"}},
		{Name: "Dora", Addresses: []string{"dora@acme.example"}, Report: true},
	}}
	anna := Delivery{Recipient: Address{Name: "Anna", Address: "Anna@acme.example"},
		Words: "550 5.1.6 anna@acme.example has moved to <annika@sub.acme.example>; see dora@acme.example. Not eve@elsewhere.example, @acme.example, a@b@acme.example"}
	r := Report{Deliveries: []Delivery{anna, {Recipient: Address{Address: "BERT@acme.example"}}}}
	var got []string
	for _, a := range p.Seconds(&r, &anna) {
		got = append(got, a.Name+" "+a.Address)
	}
	want := "Anna anna@home.example, annika@sub.acme.example,Dora dora@acme.example,Cleo cleo@acme.example"
	if strings.Join(got, ",") != want {
		t.Errorf("%q, want %q", strings.Join(got, ","), want)
	}
}
