package servers

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// OAuth2 is a setting for StartDovecot: beside passwords the server takes the
// tokens that an introspection endpoint (RFC 7662) calls active. The endpoint
// gets the token as Authorization: Bearer, and answers with active and username.
func OAuth2(t testing.TB, introspection string) string {
	t.Helper()
	dir := tempDir(t, "", "oauth2")
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "oauth2.conf")
	text := fmt.Sprintf("introspection_url = %s\nintrospection_mode = auth\nforce_introspection = yes\n"+
		"username_attribute = username\nactive_attribute = active\nactive_value = true\n", introspection)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("auth_mechanisms = plain login xoauth2 oauthbearer\npassdb {\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = %s\n}", path)
}
