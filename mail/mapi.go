package mail

import "encoding/binary"

// mapiProp is one property, only its first value.
type mapiProp struct {
	typ, id uint16
	value   []byte
}

// mapiProps reads a property list, MS-OXTNEF section 2.1.3.4, as far as it goes.
func mapiProps(b []byte) []mapiProp {
	r := byteReader{b: b}
	var props []mapiProp
	for n := r.uint32(); n > 0 && !r.short && len(props) < 5000; n-- {
		head := r.uint32()
		p := mapiProp{typ: uint16(head), id: uint16(head >> 16)}
		if p.id >= 0x8000 { // a named property
			r.take(16)
			if kind := r.uint32(); kind == 0 {
				r.take(4)
			} else {
				r.padded(int(r.uint32()))
			}
		}
		count := uint32(1)
		if p.typ&0x1000 != 0 || variable(p.typ) {
			count = r.uint32()
		}
		for i := uint32(0); i < count && !r.short; i++ {
			value := r.value(p.typ &^ 0x1000)
			if i == 0 {
				p.value = value
			}
		}
		p.typ &^= 0x1000
		if !r.short {
			props = append(props, p)
		}
	}
	return props
}

func variable(typ uint16) bool {
	typ &^= 0x1000
	return typ == 0x001e || typ == 0x001f || typ == 0x000d || typ == 0x0102
}

// byteReader reads little-endian numbers; short is set at the end.
type byteReader struct {
	b     []byte
	short bool
}

func (r *byteReader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.short, r.b = true, nil
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *byteReader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// padded reads n bytes that are filled up to a multiple of four.
func (r *byteReader) padded(n int) []byte {
	b := r.take(n)
	if b != nil {
		r.take(min(len(r.b), -n&3))
	}
	return b
}

func (r *byteReader) value(typ uint16) []byte {
	switch typ {
	case 0x0005, 0x0006, 0x0007, 0x0014, 0x0040:
		return r.take(8)
	case 0x0048:
		return r.take(16)
	case 0x001e, 0x001f, 0x000d, 0x0102:
		return r.padded(int(r.uint32()))
	}
	return r.take(4)
}
