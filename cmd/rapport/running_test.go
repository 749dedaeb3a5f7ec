package main

import (
	"flag"
	"sync"

	"rapport/demo"
)

var updateScripts = flag.Bool("update", false, "write the stories' expected output anew")

// running are the mail servers of the stories, by the story's folder: stories
// run side by side.
var running demoServers

type demoServers struct {
	mu sync.Mutex
	by map[string]*demo.Servers
}

func (r *demoServers) set(folder string, s *demo.Servers) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.by == nil {
		r.by = map[string]*demo.Servers{}
	}
	r.by[folder] = s
}

func (r *demoServers) get(folder string) *demo.Servers {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.by[folder]
}
