package mail

import "strings"

// encrypted records that a part cannot be read without a key.
func (p *parser) encrypted(how string) {
	p.sealedBy = how
	p.faults.add("encrypted", "the mail, or a part of it, is encrypted with "+how+" and was not read")
}

// sealed says in the text what is encrypted, so that the page is not empty
// without a word, and takes the armour of PGP off what is readable.
func (p *parser) sealed(text string) string {
	if strings.Contains(text, pgpSigned) {
		text = pgpClear(text)
	}
	if strings.Contains(text, pgpMessage) {
		p.encrypted("PGP")
		text = cutArmour(text, pgpMessage, "-----END PGP MESSAGE-----", "["+sealedWords("PGP")+"]")
	} else if p.sealedBy != "" {
		text = joinText(text, "["+sealedWords(p.sealedBy)+"]")
	}
	return text
}

func sealedWords(how string) string {
	return "Encrypted with " + how + ": only the holder of the key can read this mail."
}

const (
	pgpMessage   = "-----BEGIN PGP MESSAGE-----"
	pgpSigned    = "-----BEGIN PGP SIGNED MESSAGE-----"
	pgpSignature = "-----BEGIN PGP SIGNATURE-----"

	pgpSignatureEnd = "-----END PGP SIGNATURE-----"
)

// cutArmour replaces what stands from a line begin to a line end.
func cutArmour(text, begin, end, by string) string {
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(text, begin)
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		out.WriteString(by)
		_, text, _ = strings.Cut(rest, end)
	}
}

// pgpClear reads the cleartext signatures of RFC 9580 section 7: the words
// without the armour, their dashes unescaped. Answers of several people, each
// signed, stand below each other.
func pgpClear(text string) string {
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(text, pgpSigned)
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		_, words, ok := strings.Cut(rest, "\n\n") // behind the Hash fields
		if !ok {
			out.WriteString(pgpSigned + rest)
			return out.String()
		}
		words, rest, _ = strings.Cut(words, pgpSignature)
		out.WriteString(strings.TrimPrefix(strings.ReplaceAll("\n"+words, "\n- ", "\n"), "\n"))
		if _, text, ok = strings.Cut(rest, pgpSignatureEnd); !ok {
			return out.String()
		}
	}
}
