package archive

// SignBundle signs a manifest by its SHA-256, as Pack does.
func (k *Key) SignBundle(sum string) ([]byte, error) { return k.signText(bundleHead + sum + "\n") }
