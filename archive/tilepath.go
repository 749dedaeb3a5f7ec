package archive

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// sumdbTiles is where tlog puts tiles of our height; C2SP tlog-tiles has no
// height in its paths.
var sumdbTiles = "tile/" + strconv.Itoa(tileHeight) + "/"

// TilePath is the path of a tile below a log's address (C2SP tlog-tiles).
func TilePath(t tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(t.Path(), sumdbTiles)
}

// ParseTilePath reads a path as TilePath writes it.
func ParseTilePath(path string) (tlog.Tile, error) {
	rest, ok := strings.CutPrefix(path, "tile/")
	t, err := tlog.ParseTilePath(sumdbTiles + rest)
	if !ok || err != nil || t.L < 0 {
		return tlog.Tile{}, fmt.Errorf("%q is no path of a tile", path)
	}
	return t, nil
}
