package archive

import (
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
