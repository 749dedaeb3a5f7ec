package main

import (
	"errors"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"rapport/internal/tsa"
)

// An authority that gives no time-stamp is told of and asked again; one that
// gives it is believed by who trusts it, in the store and in bundles.
func TestCheckpointsAreStamped(t *testing.T) {
	a := tsa.New(t)
	dir := t.TempDir()
	config := dir + "/rapport.yaml"
	public := strings.TrimSpace(inProcess(t, exitOK, "key", "new", dir+"/log.key"))
	put(t, dir, "tsa.pem", a.PEM())
	put(t, dir, "other.pem", tsa.New(t).PEM())
	put(t, dir, "rapport.yaml", statusConfig+"log: {key_file: log.key, timestamp: {url: \""+a.URL+"\", ca_file: tsa.pem}}\n")
	put(t, dir, "password", "secret\n")
	put(t, dir, "first.eml", firstMail)
	inProcess(t, exitOK, "-c", config, "import", dir+"/first.eml")
	h := houseOf(t, config)
	s, err := h.stamper()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	once := func(at time.Time) error { return s.once(t.Context(), at) }
	if err := once(now); err != nil {
		t.Errorf("nothing was signed yet: %v", err)
	}
	inProcess(t, exitOK, "-c", config, "checkpoint")
	a.Answers = func(out http.ResponseWriter, _ []byte) { http.Error(out, "busy", http.StatusServiceUnavailable) }
	if err := once(now); err == nil || !strings.Contains(err.Error(), "answers 503") {
		t.Errorf("the authority is busy: %v", err)
	}
	if err := once(now.Add(time.Minute)); err != nil {
		t.Errorf("it was asked again at once: %v", err)
	}
	if said := inProcess(t, exitOK, "-c", config, "status"); !strings.Contains(said, "! no time-stamp: ") || !strings.Contains(said, "answers 503") {
		t.Errorf("the status says\n%s", said)
	}
	said := inProcess(t, exitOK, "-c", config, "export", "--project", "ACME-WEB", "--out", dir+"/without.zip")
	if !strings.Contains(said, "The bundle has no time-stamp: ") {
		t.Errorf("the export says %s", said)
	}
	a.Answers = nil
	if err := once(now.Add(time.Hour)); err != nil {
		t.Error(err)
	}
	verify := func(code int, args ...string) string {
		return inProcess(t, code, append([]string{"-c", config, "verify", "--quiet", "--key", public}, args...)...)
	}
	if said := verify(exitOK, "--tsa", dir+"/tsa.pem"); strings.Count(said, "says CN=Test TSA\n") != 2 {
		t.Errorf("verify says %s", said)
	}
	if said := verify(exitOK); strings.Count(said, "whose certificate was not checked") != 2 {
		t.Errorf("without --tsa verify says %s", said)
	}
	if said := verify(exitFailed, "--tsa", dir+"/other.pem"); !strings.Contains(said, "leads to none that is trusted") {
		t.Errorf("with a stranger's root verify says %s", said)
	}
	verify(exitUsage, "--tsa", dir+"/first.eml")
	if said := inProcess(t, exitOK, "-c", config, "status"); !strings.Contains(said, "stamped ") {
		t.Errorf("the status says\n%s", said)
	}
	inProcess(t, exitOK, "-c", config, "export", "--project", "ACME-WEB", "--out", dir+"/with.zip")
	if said := verify(exitOK, dir+"/with.zip", "--tsa", dir+"/tsa.pem"); !strings.Contains(said, "says CN=Test TSA\n") {
		t.Errorf("the bundle is told of as %s", said)
	}
	if said := verify(exitFailed, dir+"/with.zip", "--tsa", dir+"/other.pem"); !strings.Contains(said, "refused: checkpoint.tst: ") {
		t.Errorf("a stranger's time-stamp in a bundle: %s", said)
	}
	python, err := exec.LookPath("python3")
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("there is no python3")
	}
	out, err := exec.Command(python, "-B", "../../archive/verify.py", dir+"/with.zip", public).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "time-stamp: it is about this checkpoint") {
		t.Errorf("verify.py: %v\n%s", err, out)
	}
	// The authority's certificate itself is looked at when it answers.
	a.At = now.Add(48 * time.Hour)
	put(t, dir, "stranger.eml", stranger)
	inProcess(t, exitOK, "-c", config, "import", dir+"/stranger.eml")
	inProcess(t, exitOK, "-c", config, "checkpoint")
	if err := once(now.Add(48 * time.Hour)); err == nil || !strings.Contains(err.Error(), "not valid at that time") {
		t.Errorf("a certificate that was over: %v", err)
	}
}
