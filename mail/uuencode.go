package mail

import "bytes"

// uuFile is a file that stands uuencoded in a text.
type uuFile struct {
	name string
	body []byte
}

// maxUuFiles bounds the files taken out of one text.
const maxUuFiles = 100

// cutUuencoded takes uuencoded files out of a text. A file counts only when
// its first line has the length that it announces, so that a line of prose
// beginning with "begin 644" stays. A missing "end" is forgiven.
func cutUuencoded(text []byte) (files []uuFile, rest []byte) {
	from := 0
	for at := 0; len(files) < maxUuFiles; {
		i := bytes.Index(text[at:], []byte("begin "))
		if i < 0 {
			break
		}
		begin := at + i
		at = begin + len("begin ")
		if begin > 0 && text[begin-1] != '\n' {
			continue
		}
		line, body := cutLine(text[begin:])
		name, ok := uuBegin(line)
		if !ok {
			continue
		}
		data, after := uuBody(body)
		if len(data) == 0 {
			continue
		}
		files = append(files, uuFile{name, data})
		rest = append(rest, text[from:begin]...)
		from = len(text) - len(after)
		at = from
	}
	return files, append(rest, text[from:]...)
}

// uuBegin reads "begin 644 name".
func uuBegin(line []byte) (name string, ok bool) {
	fields := bytes.SplitN(line, []byte(" "), 3)
	if len(fields) < 3 || len(fields[1]) < 3 || len(fields[1]) > 4 {
		return "", false
	}
	for _, c := range fields[1] {
		if c < '0' || c > '7' {
			return "", false
		}
	}
	return string(bytes.TrimSpace(fields[2])), true
}

// uuBody reads lines while they are as long as their first character says.
func uuBody(b []byte) (data, rest []byte) {
	for len(b) > 0 {
		line, next := cutLine(b)
		if string(line) == "end" {
			return data, next
		}
		if len(line) == 0 || line[0] < ' ' || line[0] > '`' {
			return data, b
		}
		n := int(line[0]-' ') & 63
		if n == 0 { // the line before "end"
			b = next
			continue
		}
		chars := line[1:]
		if need := (n*8 + 5) / 6; len(chars) < need-3 || len(chars) > (n+2)/3*4+2 {
			return data, b
		}
		for i := 0; i < n; i += 3 {
			var v uint32
			for j := range 4 {
				c := byte(' ')
				if k := i/3*4 + j; k < len(chars) {
					c = chars[k]
				}
				v = v<<6 | uint32((c-' ')&63)
			}
			group := []byte{byte(v >> 16), byte(v >> 8), byte(v)}
			data = append(data, group[:min(3, n-i)]...)
		}
		b = next
	}
	return data, nil
}
