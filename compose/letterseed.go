package compose

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"rapport/threads"
)

// identity is everything in a report's letters that would otherwise be drawn
// at random. It is drawn from a seed that covers what the letters say, so that
// a preview and the approval after it give the same bytes.
type identity struct {
	report    string // report id, or a notice's
	message   string // id under which the report is filed
	letters   []string
	messageID string    // without angle brackets
	marks     [4]string // of boundaries; the last is for S/MIME
}

// lower is base 32 for a Message-ID.
var lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// drawIdentity draws a report's ids and boundaries. They cannot be guessed by
// anyone who does not already have the letter's text.
func drawIdentity(r *Rendered, in LetterInput, letters int) identity {
	random := rand.NewChaCha8(seed(r, in))
	ids := threads.IDs{Now: func() time.Time { return in.At }, Rand: random}
	kind := byte(threads.ReportPrefix)
	if in.auto != "" {
		kind = threads.NoticePrefix
	}
	id := identity{report: ids.New(kind), message: ids.New(threads.MessagePrefix)}
	for range letters {
		id.letters = append(id.letters, ids.New(threads.LetterPrefix))
	}
	id.messageID = id.report + "." + draw(random, 10) + "@" + threads.Domain(in.From.Address)
	for i := range id.marks {
		id.marks[i] = draw(random, 15)
	}
	return id
}

// draw is n random bytes as text.
func draw(random io.Reader, n int) string {
	b := make([]byte, n)
	io.ReadFull(random, b) // ChaCha8 never fails
	return lower.EncodeToString(b)
}

// seed is SHA-256 over everything that makes the letters what they are, each
// piece with its length in front, so that no two inputs run together.
func seed(r *Rendered, in LetterInput) [32]byte {
	h := sha256.New()
	put := func(parts ...string) {
		for _, p := range parts {
			var n [8]byte
			binary.BigEndian.PutUint64(n[:], uint64(len(p)))
			h.Write(n[:])
			io.WriteString(h, p)
		}
	}
	addresses := func(list ...threads.Address) {
		put(strings.Repeat("a", len(list)))
		for _, a := range list {
			put(a.Name, a.Address)
		}
	}
	put("rapport letter v1", in.At.Format(time.RFC1123Z), in.ReplyTo, string(in.Salt))
	addresses(in.From)
	addresses(r.To...)
	addresses(r.Cc...)
	put(r.Project, r.Period, r.Status, r.Subject, r.Language, r.HTML, r.Text)
	put(strings.Repeat("f", len(r.Files)))
	for _, f := range r.Files {
		put(f.Name, f.Type, f.ContentID, string(f.Body))
	}
	if len(in.Checkpoint) > 0 {
		put(in.Checkpoint...)
	}
	put(strings.Repeat("s", len(in.Series)))
	for _, p := range in.Series {
		put(p.MessageID)
	}
	return [32]byte(h.Sum(nil))
}
