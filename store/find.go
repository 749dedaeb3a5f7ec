package store

import (
	"fmt"
	"strings"

	"rapport/threads"
)

// idAlphabet are the characters of an id after its prefix (see threads.IDs).
const idAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// find returns the whole id of the row in table that begins with id.
func (t *tx) find(table string, prefix byte, id string) (string, error) {
	id = strings.ToLower(strings.TrimSpace(id))
	if !looksLikeID(prefix, id) {
		return "", fmt.Errorf("%s %q: %w", table, id, threads.ErrNotFound)
	}
	// '{' is the character after 'z', the last of an id.
	found, err := collect(t, scalar[string], `select id from `+table+` where id >= $1 and id < $2 order by id limit 2`, id, id+"{")
	switch {
	case err != nil:
		return "", fmt.Errorf("find %s %s: %w", table, id, err)
	case len(found) == 0:
		return "", fmt.Errorf("%s %s: %w", table, id, threads.ErrNotFound)
	case len(found) > 1 && found[0] != id:
		return "", fmt.Errorf("%s %s: %w; add more of its characters", table, id, threads.ErrAmbiguous)
	}
	return found[0], nil
}

func looksLikeID(prefix byte, id string) bool {
	return len(id) > 1 && id[0] == prefix && strings.Trim(id[1:], idAlphabet) == ""
}
