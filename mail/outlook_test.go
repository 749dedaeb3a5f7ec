package mail

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"
	"unicode/utf16"
)

// tnefBytes builds winmail.dat files.
type tnefBytes []byte

func newTNEF() tnefBytes { return tnefBytes{0x78, 0x9f, 0x3e, 0x22, 1, 0} }

func (b tnefBytes) attribute(level byte, id uint32, data []byte) tnefBytes {
	b = append(b, level)
	b = binary.LittleEndian.AppendUint32(b, id)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	return append(append(b, data...), 0, 0)
}

func (b tnefBytes) mail() []byte {
	return []byte(head + "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n" +
		base64.StdEncoding.EncodeToString(b) + "\n")
}

func longs(n ...uint32) (b []byte) {
	for _, v := range n {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

// prop is a property of one variable-length value.
func prop(id, typ uint16, value []byte) []byte {
	b := longs(uint32(id)<<16|uint32(typ), 1, uint32(len(value)))
	b = append(b, value...)
	return append(b, make([]byte, -len(value)&3)...)
}

func utf16le(s string) (b []byte) {
	for _, u := range utf16.Encode([]rune(s + "\x00")) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

func props(list ...[]byte) []byte {
	b := longs(uint32(len(list)))
	for _, p := range list {
		b = append(b, p...)
	}
	return b
}

// stored wraps RTF without compressing it.
func stored(rtf string) []byte {
	return append(longs(uint32(len(rtf)+12), uint32(len(rtf)), 0x414c454d, 0), rtf...)
}

func TestTNEF(t *testing.T) {
	attachment := func(b tnefBytes) tnefBytes {
		return b.attribute(2, attAttachStart, make([]byte, 14)).
			attribute(2, attAttachTitle, []byte("PLAN~1.PDF\x00")).
			attribute(2, attAttachData, []byte("%PDF-1.7")).
			attribute(2, attAttachProps, props(prop(propAttachLong, 0x001f, utf16le("计划 2026.pdf")), prop(propAttachMedia, 0x001e, []byte("application/pdf\x00"))))
	}
	cases := []struct {
		name string
		file tnefBytes
		want string
	}{
		{"text and a file", attachment(newTNEF().attribute(1, attOemCodepage, longs(936, 0)).attribute(1, attBody, []byte("\xc4\xe3\xba\xc3\r\n\x00"))),
			"tnef: 你好\n1 application/ms-tnef \"winmail.dat\" *\n1.1 application/pdf \"计划 2026.pdf\" 8 attachment"},
		{"the text as a property", newTNEF().attribute(1, attMsgProps, props(prop(propBody, 0x001f, utf16le("Grüße")))),
			"tnef: Grüße\n1 application/ms-tnef \"winmail.dat\" *"},
		{"HTML", newTNEF().attribute(1, attMsgProps, props(longs(propCodepage<<16|3, 65001), prop(propHTML, 0x0102, []byte("<p>Grüße</p>")))),
			"html: Grüße\n1 application/ms-tnef \"winmail.dat\" *"},
		{"RTF", newTNEF().attribute(1, attMsgProps, props(prop(propRTF, 0x0102, stored(`{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\pard Gr\'fc\'dfe\par f\u252?r \u20320?\u22909? \{x\}}`)))),
			"tnef: Grüße|für 你好 {x}\n1 application/ms-tnef \"winmail.dat\" *"},
		{"HTML inside RTF", newTNEF().attribute(1, attMsgProps, props(prop(propRTF, 0x0102, stored(`{\rtf1\ansi\ansicpg936\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 \'c4\'e3\'ba\'c3{\*\htmltag84 &amp;}\htmlrtf \par }\htmlrtf0 {\*\htmltag72 </p>}}`)))),
			"html: 你好&\n1 application/ms-tnef \"winmail.dat\" *"},
		{"a named property and a list of values", newTNEF().attribute(1, attMsgProps, append(longs(3), append(append(append(longs(0x80000000|0x001f), append(make([]byte, 16), longs(1, 6)...)...), append([]byte("a\x00b\x00\x00\x00\x00\x00"), append(longs(1), append(longs(4), utf16le("x")...)...)...)...),
			append(append(longs(0x00011003), longs(2, 7, 8)...), prop(propBody, 0x001e, []byte("words\x00"))...)...)...)),
			"tnef: words\n1 application/ms-tnef \"winmail.dat\" *"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			lines := strings.Split(outline(Parse(c.file.mail(), Limits{})), "\n")
			for i, l := range lines {
				if strings.Contains(l, "ms-tnef") {
					lines[i] = l[:strings.LastIndexByte(l, ' ')+1] + "*"
				}
			}
			want := strings.Replace(c.want, "html: ", "tnef: ", 1)
			if got := strings.Join(lines, "\n"); got != want {
				t.Errorf("read\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestTNEFBesideText(t *testing.T) {
	file := newTNEF().attribute(1, attBody, []byte("the same words"))
	m := Parse([]byte(head+"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nthe same words\n--x\nContent-Type: application/octet-stream; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"+base64.StdEncoding.EncodeToString(file)+"\n--x--\n"), Limits{})
	if m.Text != "the same words" || m.TextFrom != "plain" {
		t.Errorf("text %q from %s", m.Text, m.TextFrom)
	}
}

func TestTNEFCutOff(t *testing.T) {
	file := newTNEF().attribute(1, attBody, []byte("first words")).attribute(1, attMsgProps, props(prop(propHTML, 0x0102, []byte("<p>lost</p>"))))
	for n := range file {
		m := Parse(file[:n].mail(), Limits{})
		checkClean(t, m)
		if n > 40 && m.Text == "" {
			t.Errorf("nothing read of %d bytes", n)
		}
	}
}

// The example of MS-OXRTFCP section 3.1.
func TestDecompressRTF(t *testing.T) {
	b, err := hex.DecodeString("2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232" + "0af32068656c090020627705b06c647d0a800fa0")
	if err != nil {
		t.Fatal(err)
	}
	if got := string(decompressRTF(b)); got != "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n" {
		t.Errorf("read %q", got)
	}
}

func TestInvitations(t *testing.T) {
	calendar := func(method, event string) string {
		return "BEGIN:VCALENDAR\nMETHOD:" + method + "\nBEGIN:VTIMEZONE\nTZID:China Standard Time\nBEGIN:STANDARD\nDTSTART:16010101T000000\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\n" + event + "BEGIN:VALARM\nDESCRIPTION:Reminder\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n"
	}
	part := func(text, cal string) string {
		return head + "Content-Type: multipart/alternative; boundary=x\n\n--x\n\n" + text + "\n--x\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\n\n" + cal + "--x--\n"
	}
	cases := []struct{ name, mail, want, from string }{
		{"nothing but an invitation", part("", calendar("REQUEST", "SUMMARY:验收会议\\, 第一阶段\nDTSTART;TZID=China Standard Time:20261126T100000\nDTEND;TZID=China Standard Time:20261126T110000\nLOCATION:Room\n  5\nORGANIZER;CN=\"Lin, Xiaowen\":mailto:lin@y.example\nDESCRIPTION:please come\\nall of you\n")),
			"please come\nall of you\n\nInvitation: 验收会议, 第一阶段\nWhen: Thu, 26 Nov 2026 10:00 (China Standard Time) to Thu, 26 Nov 2026 11:00 (China Standard Time)\nWhere: Room 5\nOrganizer: Lin, Xiaowen <lin@y.example>", "calendar"},
		{"a note", part("", "BEGIN:VCALENDAR\nBEGIN:VJOURNAL\nSUMMARY:Read the draft\nBEGIN:VLOCATION\nNAME:Shop\nEND:VLOCATION\nDTSTART;VALUE=DATE:20261130\nEND:VJOURNAL\nEND:VCALENDAR\n"), "Event: Read the draft\nWhen: Mon, 30 Nov 2026", "calendar"},
		{"beside a text", part("Please come.", calendar("REQUEST", "SUMMARY:Review\nDTSTART:20261126T100000Z\nRRULE:FREQ=WEEKLY;COUNT=3\n")),
			"Please come.\n\nInvitation: Review\nWhen: Thu, 26 Nov 2026 10:00 UTC, repeated weekly", "plain"},
		{"cancelled", part("", calendar("CANCEL", "SUMMARY:Review\nDTSTART;VALUE=DATE:20261126\n")), "Cancelled: Review\nWhen: Thu, 26 Nov 2026", "calendar"},
		{"an answer", part("", calendar("REPLY", "SUMMARY:Review\nATTENDEE;PARTSTAT=DECLINED;CN=Tom:mailto:tom@h.example\n")), "Declined: Review", "calendar"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := Parse([]byte(c.mail), Limits{})
			if m.Text != c.want || m.TextFrom != c.from {
				t.Errorf("read from %s\n%s\nwant\n%s", m.TextFrom, m.Text, c.want)
			}
		})
	}
}

func TestSealedMail(t *testing.T) {
	smime := "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"
	cases := []struct{ name, mail, want string }{
		{"opaque-signed", smime + `MIIBAgYJKoZIhvcNAQcCoIH0MIHxAgEBMQ0wCwYJYIZIAWUDBAIBMEwGCSqGSIb3DQEHAaA/BD1Db250ZW50LVR5cGU6IHRleHQv
cGxhaW47IGNoYXJzZXQ9dXRmLTgNCg0KdGhlIHNpZ25lZCB3b3Jkcw0KMYGOMIGLAgEBMCQwDDEKMAgGA1UEAwwBdAIUdM3aB/Uq
YdM/FFMsZncgpB9ogRIwCwYJYIZIAWUDBAIBMAoGCCqGSM49BAMCBEcwRQIhAN8bWVIzStntOe7w0yr4JIav55t/j2RViW97Ghkb
LCqAAiBX+23zCTM9z4/4E/MrUWwbKY/hvgR6/yXl3vFUQbyI3w==
`, "plain: the signed words\n1 application/pkcs7-mime \"smime.p7m\" 262"},
		{"opaque-signed, of indefinite length", smime + `MIAGCSqGSIb3DQEHAqCAMIACAQExDTALBglghkgBZQMEAgEwgAYJKoZIhvcNAQcBoIAkgAQ9Q29udGVudC1UeXBlOiB0ZXh0L3Bs
YWluOyBjaGFyc2V0PXV0Zi04DQoNCnRoZSBzaWduZWQgd29yZHMNCgAAAAAAADGBjjCBiwIBATAkMAwxCjAIBgNVBAMMAXQCFHTN
2gf1KmHTPxRTLGZ3IKQfaIESMAsGCWCGSAFlAwQCATAKBggqhkjOPQQDAgRHMEUCIQCncGuZLRjWHQCdbgOTYIbAu5YdO+vW6sEP
73czE9rbrAIgFDiJg546CtEq3lN2ijVO8SfqNnI1BzY6fIxHNf4wFZQAAAAAAAA=
`, "plain: the signed words\n1 application/pkcs7-mime \"smime.p7m\" 272"},
		{"S/MIME, encrypted", smime + `MIIBPgYJKoZIhvcNAQcDoIIBLzCCASsCAQIxgbehgbQCAQOgUaFPMAkGByqGSM49AgEDQgAEPouU7+t8PrxX0w3FjJnzh4RBNr/c
`, ": [Encrypted with S/MIME: only the holder of the key can read this mail.]\n1 application/pkcs7-mime \"smime.p7m\" 75\n! encrypted"},
		{"PGP/MIME", `Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x

--x
Content-Type: application/pgp-encrypted

Version: 1
--x
Content-Type: application/octet-stream; name=encrypted.asc

-----BEGIN PGP MESSAGE-----
--x--
`, ": [Encrypted with PGP: only the holder of the key can read this mail.]\n1 application/pgp-encrypted 10\n2 application/octet-stream \"encrypted.asc\" 27\n! encrypted"},
		{"PGP in the text", "\nsee below\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n", "plain: see below||[Encrypted with PGP: only the holder of the key can read this mail.]\n! encrypted"},
		{"signed by PGP in the text", "\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nwords\n- -- \nme\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n", "plain: words|-- |me"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := outline(Parse([]byte(head+c.mail), Limits{})); got != c.want {
				t.Errorf("read\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
