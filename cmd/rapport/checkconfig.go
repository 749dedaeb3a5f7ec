package main

import (
	"fmt"

	"rapport/cmd/rapport/config"
	"rapport/compose"
)

type checkConfigCmd struct{}

// Run prints the effective settings; problems come out as the error.
func (checkConfigCmd) Run(e *env) error {
	c, err := config.Load(e.config)
	if err != nil {
		return err
	}
	if problems := c.Skeletons(compose.CheckSkeleton); len(problems) > 0 {
		return problems
	}
	text, err := c.Show()
	if err != nil {
		return err
	}
	fmt.Fprint(e.out, text)
	return nil
}
