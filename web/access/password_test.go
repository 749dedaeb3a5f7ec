package access

import (
	"strings"
	"testing"
)

// cheap makes the tests quick; only the work differs.
var cheap = Cost{Memory: 64, Time: 1, Threads: 1}

func TestAPasswordMatchesItsHashOnly(t *testing.T) {
	const password = "Grüße an 陈宇 and all"
	hash := Hash(password, cheap)
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=64,t=1,p=1$") || strings.Contains(hash, password) {
		t.Errorf("the hash is %q", hash)
	}
	if Hash(password, cheap) == hash {
		t.Error("two hashes of one password are equal: there is no salt")
	}
	for typed, want := range map[string]bool{
		password: true, "Gru\u0308ße an 陈宇 and all": true, // ü typed as u and two dots
		"grüße an 陈宇 and all": false, password + " ": false, "": false, strings.Repeat("x", 5000): false,
	} {
		if got, err := Matches(hash, typed); got != want || err != nil {
			t.Errorf("%q matches: %v %v", typed, got, err)
		}
	}
}

// A hash of the reference implementation (RFC 9106's, by its command line):
// echo -n password | argon2 somesalt -id -t 2 -m 16 -p 4
func TestHashesOfOthersAreRead(t *testing.T) {
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if ok, err := Matches(reference, "password"); !ok || err != nil {
		t.Errorf("the reference hash: %v %v", ok, err)
	}
}

func TestBrokenHashesAreRefused(t *testing.T) {
	good := Hash("twelve characters", cheap)
	for _, hash := range []string{
		"", "$", "plain", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=64", "m=4294967295", 1), strings.Replace(good, "t=1", "t=0", 1), strings.Replace(good, "p=1", "p=0", 1),
		strings.Replace(good, "t=1", "t=1000000", 1), good[:len(good)-5], good + "$more",
	} {
		if ok, err := Matches(hash, "twelve characters"); ok || err == nil {
			t.Errorf("%q: %v %v", hash, ok, err)
		}
	}
}

func TestWhichPasswordsAreTaken(t *testing.T) {
	for password, want := range map[string]bool{
		"four words are good": true, "十二个汉字就够长了对不对": true, "short": false, "十一个汉字还不够长的吧": false,
		"with a line\nbreak in it": false, "not \xff text at all": false, strings.Repeat("long", 300): false,
	} {
		if err := CheckPassword(password); (err == nil) != want {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func FuzzMatches(f *testing.F) {
	f.Add(Hash("password", cheap))
	f.Add("$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaA")
	f.Fuzz(func(t *testing.T, hash string) {
		if c, salt, sum, err := read(hash); err == nil && (c.Memory > 1<<20 || c.Time > 100 || len(salt) < 8 || len(sum) != hashLength) {
			t.Errorf("%q asks for too much: %+v", hash, c)
		}
	})
}
