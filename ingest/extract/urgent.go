package extract

import "slices"

// urgent reports whether a sentence itself says that it cannot wait: one of
// the urgent phrases, and none that takes it back ("no rush", "不急").
func urgent(flags []string) bool {
	return slices.Contains(flags, "urgent") && !slices.Contains(flags, "calm")
}
