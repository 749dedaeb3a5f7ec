package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
)

// assets serves the style sheet and the icon under names that carry the hash
// of their content, so a browser may keep them for ever.
type assets struct {
	names map[string]string // file → name with hash
	files map[string][]byte // name with hash → content
}

var assetTypes = map[string]string{"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}

func newAssets(files fs.FS) (*assets, error) {
	a := &assets{names: map[string]string{}, files: map[string][]byte{}}
	for file := range assetTypes {
		content, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, fmt.Errorf("read asset: %w", err)
		}
		sum := sha256.Sum256(content)
		base, ext, _ := strings.Cut(file, ".")
		name := base + "-" + hex.EncodeToString(sum[:6]) + "." + ext
		a.names[file], a.files[name] = name, content
	}
	return a, nil
}

func (a *assets) url(file string) string { return "/static/" + a.names[file] }

// asset gives one of them.
func (v *visit) asset() error {
	name := v.PathValue("file")
	for file, hashed := range v.s.assets.names {
		if hashed == name {
			v.w.Header().Set("Content-Type", assetTypes[file])
			v.w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			_, _ = v.w.Write(v.s.assets.files[name])
			return nil
		}
	}
	return v.nowhere()
}
