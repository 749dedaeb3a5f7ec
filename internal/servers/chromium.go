package servers

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// pageTime is how much a page's own clock may go on before its content is taken:
// Chromium lets this time pass as soon as nothing is loaded any more.
const pageTime = "3000" // milliseconds

// Chromium opens an address in a browser without a window and returns the
// document as it is after everything was loaded and has run.
func Chromium(t testing.TB, address string) (document string) {
	t.Helper()
	program := Program(t, "chromium", "chromium")
	home := tempDir(t, "", "chromium")       // also of what it downloads
	t.Cleanup(func() { os.RemoveAll(home) }) // its helpers may still write there, so an error is none of the test
	ctx, cancel := context.WithTimeout(t.Context(), 4*patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
		"--no-first-run", "--no-default-browser-check", "--user-data-dir="+filepath.Join(home, "profile"), "--virtual-time-budget="+pageTime, "--dump-dom", address)
	cmd.Env = append(os.Environ(), "HOME="+home)
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("open %s in Chromium: %v", address, err)
	}
	return string(out)
}
