package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"rapport/internal/durable"
	"rapport/threads"
)

// replyKey reads the secret behind reply addresses, and makes one at the first
// start. It is never replaced: letters already sent carry addresses signed by it.
func replyKey(path string) (threads.ReplyKey, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		// Where another command starts at the same time, one of both keys is the key.
		if err = newReplyKey(path); err != nil && !errors.Is(err, fs.ErrExist) {
			return threads.ReplyKey{}, fmt.Errorf("make the key of reply addresses: %w", err)
		}
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return threads.ReplyKey{}, fmt.Errorf("read the key of reply addresses: %w", err)
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		return threads.ReplyKey{}, fmt.Errorf("the key of reply addresses in %s is not written in hexadecimal digits; restore the file from a backup", path)
	}
	key, err := threads.NewReplyKey(secret)
	if err != nil {
		return threads.ReplyKey{}, fmt.Errorf("%s: %w; restore the file from a backup", path, err)
	}
	return key, nil
}

func newReplyKey(path string) error {
	secret := make([]byte, threads.MinReplyKey)
	if _, err := rand.Read(secret); err != nil {
		return err
	}
	return durable.Create(path, []byte(hex.EncodeToString(secret)+"\n"))
}
