package main

import (
	"fmt"
	"strconv"

	"github.com/alecthomas/kong"
)

// most is how many lines a list may have. None and fewer would say that there is
// nothing, where there may be something.
type most int

// Decode reads a number of the command line.
func (m *most) Decode(c *kong.DecodeContext) error {
	var text string
	if err := c.Scan.PopValueInto("number", &text); err != nil {
		return err
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return fmt.Errorf("%q is no number from 1 on", text)
	}
	*m = most(n)
	return nil
}
