package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// ms is a time as the database keeps it; the zero time is 0.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// moment is the time that ms was made from, in UTC.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// zoned is a moment in the sender's offset.
func zoned(ms int64, seconds int) time.Time {
	if ms == 0 || seconds == 0 {
		return moment(ms)
	}
	return time.UnixMilli(ms).In(time.FixedZone("", seconds))
}

// cleanText makes text that both databases take: PostgreSQL refuses NUL and
// invalid UTF-8, SQLite takes both. It keeps the length, so that byte offsets
// into the text stay true.
func cleanText(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	b := []byte(s)
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			b[i] = '?'
		case r == 0:
			b[i] = ' '
		}
		i += n
	}
	return string(b)
}

// clean makes all text among the arguments of a statement fit for both databases.
func clean(args []any) []any {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = cleanText(s)
		}
	}
	return args
}

// toJSON writes v as JSON text.
func toJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("write %T as JSON: %w", v, err)
	}
	return string(b), nil
}

// fromJSON reads what toJSON wrote.
func fromJSON(s string, v any) error {
	if err := json.Unmarshal([]byte(s), v); err != nil {
		return fmt.Errorf("read %T from JSON: %w", v, err)
	}
	return nil
}

// cleanList is cleanText for each of a list, in a new one.
func cleanList(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = cleanText(v)
	}
	return out
}
