#!/usr/bin/env python3
"""Checks a bundle of Rapport without Rapport: python3 verify.py FILE.zip KEY [WITNESS...]

KEY is the public key of the log (name+hash+base64), or a file with it; each
WITNESS is the key of somebody who must have cosigned the checkpoint. Only
Python's standard library is needed. What is wrong is said with its place.
"""
import base64
import calendar
import hashlib
import json
import re
import struct
import sys
import time
import zipfile

# Ed25519, RFC 8032 section 5.1.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)


def recover(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * I % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def point(b):
    y = int.from_bytes(b, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = recover(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def mul(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p, n = add(p, p), n >> 1
    return q


BASE = (recover(4 * pow(5, P - 2, P) % P, 0), 4 * pow(5, P - 2, P) % P)
BASE = (BASE[0], BASE[1], 1, BASE[0] * BASE[1] % P)


def signed_by(public, text, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % L
    p, q = mul(s, BASE), add(r, mul(h, a))
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


class Wrong(Exception):
    pass


def unbase64(s):
    b = base64.b64decode(s, validate=True)
    if base64.b64encode(b).decode() != s:
        raise ValueError("not canonical")
    return b


class Key:
    kind = 1  # Ed25519 over the text

    def __init__(self, text):
        self.name, digest, data = text.strip().split("+", 2)
        data = unbase64(data)
        self.id = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        if data[0] != self.kind or self.id.hex() != digest:
            raise ValueError("no Ed25519 key")
        self.public = data[1:]

    def signed(self, text, signature):
        return signed_by(self.public, text, signature)

    def open(self, place, note):
        """The text of a signed note."""
        try:
            text, sigs = note.decode().rsplit("\n\n", 1)
            if not sigs.endswith("\n"):
                raise ValueError("cut off")
            text, good = text + "\n", False
            for line in sigs[:-1].split("\n"):
                dash, name, sig = line.split(" ")
                if dash != "\u2014":
                    raise ValueError("no signature")
                sig = unbase64(sig)
                if name == self.name and sig[:4] == self.id:
                    if not self.signed(text.encode(), sig[4:]):
                        raise ValueError("not signed")
                    good = True
        except ValueError:
            good = False
        if not good:
            raise Wrong(place + ": the signature is not by the given key, or the text was changed")
        return text


class Witness(Key):
    kind = 4  # C2SP tlog-cosignature: with the time

    def signed(self, text, signature):
        at = int.from_bytes(signature[:8], "big")
        return at < 1 << 63 and signed_by(self.public, b"cosignature/v1\ntime %d\n" % at + text, signature[8:])


def included(index, size, leaf, proof, root):
    """RFC 9162 section 2.1.3.2."""
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = hashlib.sha256(b"\x01" + p + r).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = hashlib.sha256(b"\x01" + r + p).digest()
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def check_proof(place, text, line, key):
    """Returns the salt of a line that is proven to be in the log."""
    try:
        head, checkpoint = text.decode().split("\n\n", 1)
        lines = head.split("\n")
        if lines.pop(0) != "c2sp.org/tlog-proof@v1":
            raise ValueError("no proof")
        salt = unbase64(lines.pop(0)[6:]) if lines[0].startswith("extra ") else b""
        word, index = lines.pop(0).split(" ")
        if word != "index":
            raise ValueError("no index")
        index, hashes = int(index), [unbase64(h) for h in lines]
    except (ValueError, IndexError):
        raise Wrong(place + ": this is no proof")
    size, root = check_checkpoint(place, checkpoint.encode(), key)
    leaf = hashlib.sha256(b"\x00" + line.encode()).digest()
    if not included(index, size, leaf, hashes, root):
        raise Wrong(place + ": the line is not in the signed log")
    return salt


opened = {}


def check_checkpoint(place, note, key):
    if note not in opened:
        lines = key.open(place, note).split("\n")
        if lines[0] != key.name:
            raise Wrong(place + ": the checkpoint is of another log")
        opened[note] = int(lines[1]), unbase64(lines[2])
    return opened[note]


def millis(text):
    m = re.fullmatch(r"(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)(\.\d+)?(Z|[+-]\d\d:\d\d)", text)
    n = [int(x) for x in m.groups()[:6]]
    ms = calendar.timegm(tuple(n) + (0, 0, 0)) * 1000 + int(((m[7] or ".") + "000")[1:4])
    if m[8] != "Z":
        ms -= (1 if m[8][0] == "+" else -1) * (int(m[8][1:3]) * 60 + int(m[8][4:6])) * 60000
    return ms


def check_mail(mail, manifest, read, key):
    place = mail["proof"]
    salt = check_proof(place, read(place), mail["line"], key)
    line, value = json.loads(mail["line"]), json.loads(mail["value"])
    if line["type"] not in ("mail.in", "mail.out", "mail.refiled") or line["subject"] != mail["id"] or line.get("project") != manifest["project"]:
        raise Wrong(place + ": the line is about something else")
    if hashlib.sha256(salt + mail["value"].encode()).hexdigest() != line["commit"]:
        raise Wrong(place + ": the line commits to something else")
    if value["sha256"] != mail["sha256"] or manifest["files"][mail["file"]] != mail["sha256"]:
        raise Wrong(place + ": the line is about other bytes")
    if value["v"] >= 2 and (value.get("why"), value.get("authentication")) != (mail.get("why"), mail.get("authentication")):
        raise Wrong(place + ": why it was filed, or what is known of its sender, is not what the log says")
    if value["sent"] != millis(mail["date"]) or value["received"] != millis(mail["received"]):
        raise Wrong(place + ": the line says other times")


def digest(*texts):
    h = hashlib.sha256()
    for t in texts:
        h.update(b"%d:" % len(t.encode()) + t.encode())
    return h.hexdigest()


def check_erased(mail, manifest, read, key):
    place = mail["proof"]
    salt, line = check_proof(place, read(place), mail["line"], key), json.loads(mail["line"])
    if line["type"] != "mail.erased" or line["subject"] != mail["message"] or line.get("project") != manifest["project"]:
        raise Wrong(place + ": the line is about something else")
    if hashlib.sha256(salt + digest(mail["by"], mail["reason"]).encode()).hexdigest() != line["commit"]:
        raise Wrong(place + ": the line commits to something else")
    if line["state"] != mail["cause"] or millis(line["at"]) != millis(mail["at"]):
        raise Wrong(place + ": the line says another cause or another time")


FAMILY = {"item.corrected": "item.found"}  # lines about the same thing


def check_records(manifest, read, key):
    """Each record is proven; then items, answers and decisions must be what the records say."""
    proven = {}
    for r in manifest["records"]:
        place = r["proof"]
        salt, line = check_proof(place, read(place), r["line"], key), json.loads(r["line"])
        family = FAMILY.get(line["type"], line["type"])
        if family != FAMILY.get(r["type"], r["type"]) or line["subject"] != r["subject"]:
            raise Wrong(place + ": the line is about something else")
        if hashlib.sha256(salt + r["value"].encode()).hexdigest() != line["commit"]:
            raise Wrong(place + ": the line commits to something else")
        proven.setdefault((family, r["subject"]), []).append(r["value"])

    def demand(place, family, subject, says):
        if not any(says(value) for value in proven.get((family, subject), [])):
            raise Wrong(place + " " + subject + ": it is not what the log says")

    def tells(shown, *texts):
        """Whether a value has all of this, and the digest of these texts."""
        shown["words"] = digest(*texts)
        return lambda value: all(json.loads(value).get(k, "") == v for k, v in shown.items())

    for i in manifest["items"]:
        shown = {k: i[k] for k in ("number", "message", "kind", "facet")} | {"said": millis(i["at"])}
        demand("item", "item.found", i["id"], tells(shown, i["text"], *(i.get(k, "") for k in ("due", "about", "report", "point"))))
        if a := i.get("answer"):
            shown = {"given": millis(a["at"]), "report": a.get("report", "")}
            demand("answer to item", "item.answered", i["id"], tells(shown, a["word"], a["reason"], a.get("next", ""), a.get("date", ""), a["by"]))
    for c in manifest["changes"]:
        about = tells({"made": millis(c["at"]), "via": c.get("via", "")}, c.get("name", ""), c.get("address", ""), c["by"])
        demand("change", "change.made", c["id"], lambda v: about(v) and set(c["messages"]) <= set(json.loads(v)["messages"]))
        if "undone_at" in c:
            demand("undoing of change", "change.undone", c["id"], lambda v: v == c.get("undone_by", ""))


def check_container(path, infos, made):
    """Nothing is compressed, so there is one way to write the zip file: every
    byte that is not of a file in it must be as that way demands."""
    made, directory, pack = millis(made) // 1000, [], struct.pack
    t, large = time.gmtime(made), 0xffffffff
    stamp = pack("<HH", t.tm_hour << 11 | t.tm_min << 5 | t.tm_sec // 2, t.tm_year - 1980 << 9 | t.tm_mon << 5 | t.tm_mday)
    extra = pack("<HHBI", 0x5455, 5, 1, made)
    with open(path, "rb") as f:

        def expect(place, want):
            at = f.tell()
            if f.read(len(want)) != want:
                raise Wrong("%s: something between the bytes %d and %d was changed" % (place, at, at + len(want)))

        for i in infos:
            place, at, name, size, more = i.filename + ": the zip file around it", f.tell(), i.filename.encode(), i.file_size, extra
            expect(place, b"PK\3\4" + pack("<HHH", 20, 8, 0) + stamp + bytes(12) + pack("<HH", len(name), len(extra)) + name + extra)
            f.seek(size, 1)
            expect(place, b"PK\7\x08" + pack("<IQQ" if size >= large else "<III", i.CRC, size, size))
            if size >= large or at >= large:  # zip64
                more = extra + pack("<HHQQQ", 1, 24, size, size, at)
            shown = large if len(more) > len(extra) else size
            directory.append(b"PK\1\2" + pack("<HHHH", 20, 45 if size >= large else 20, 8, 0) + stamp + pack("<III", i.CRC, shown, shown)
                             + pack("<HHHHHII", len(name), len(more), 0, 0, 0, 0, min(at, large)) + name + more)
        start, n, place = f.tell(), len(infos), "the list at the end of the zip file"
        expect(place, b"".join(directory))
        end = f.tell()
        length = end - start
        if n >= 0xffff or length >= large or start >= large:
            expect(place, b"PK\6\6" + pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, n, n, length, start) + b"PK\6\7" + pack("<IQI", 0, end, 1))
            n, length, start = 0xffff, large, large
        expect(place, b"PK\5\6" + pack("<HHHHIIH", 0, 0, n, n, length, start, 0))
        if f.read(1):
            raise Wrong(place + ": there is something after its end")


def verify(path, key, witnesses=()):
    try:
        bundle = zipfile.ZipFile(path)
        infos, files = bundle.infolist(), {}
    except Exception as e:  # zipfile raises many kinds on what is no zip file
        raise Wrong("open the bundle: %s" % e)
    for i in infos:
        if i.filename in files:
            raise Wrong(i.filename + ": it is there twice")
        if i.compress_type or i.file_size != i.compress_size:
            raise Wrong(i.filename + ": it is compressed, which nothing in a bundle is")
        files[i.filename] = i

    def pieces(name):
        if name not in files:
            raise Wrong(name + ": it is not in the bundle")
        try:
            with bundle.open(files[name]) as f:
                while piece := f.read(1 << 20):
                    yield piece
        except Exception as e:
            raise Wrong("%s: it is damaged: %s" % (name, e))

    def read(name):
        return b"".join(pieces(name))

    text, manifest = key.open("bundle.note", read("bundle.note")), read("manifest.json")
    if text != "rapport bundle v1\n" + hashlib.sha256(manifest).hexdigest() + "\n":
        raise Wrong("manifest.json: it is not the one that was signed")
    manifest = json.loads(manifest)
    for name in files:
        if name in ("bundle.note", "manifest.json"):
            continue
        if name not in manifest["files"]:
            raise Wrong(name + ": it does not belong to the bundle")
        h = hashlib.sha256()
        for piece in pieces(name):
            h.update(piece)
        if h.hexdigest() != manifest["files"][name]:
            raise Wrong(name + ": it was changed: it has another SHA-256 than the manifest says")
    for name in manifest["files"]:
        if name not in files:
            raise Wrong(name + ": it was removed")
    check_container(path, infos, manifest["made"])
    check_checkpoint("checkpoint.txt", read("checkpoint.txt"), key)
    for witness in witnesses:
        witness.open("checkpoint.txt: the witness " + witness.name, read("checkpoint.txt"))
    for mail in manifest["messages"]:
        check_mail(mail, manifest, read, key)
    if "checkpoint.tst" in manifest["files"]:  # RFC 3161; the imprint is of the checkpoint's text
        imprint = hashlib.sha256(read("checkpoint.txt").split(b"\n\n")[0] + b"\n").digest()
        if imprint not in read("checkpoint.tst"):
            raise Wrong("checkpoint.tst: it is about something else than this checkpoint")
    for mail in manifest.get("erased", []):
        check_erased(mail, manifest, read, key)
    check_records(manifest, read, key)
    return manifest


def read_key(kind, text):
    try:
        return kind(text)
    except (ValueError, IndexError):
        with open(text, encoding="utf-8") as f:
            return kind(f.read())


def main(args):
    if len(args) < 2:
        print(__doc__)
        return 2
    try:
        m = verify(args[0], read_key(Key, args[1]), [read_key(Witness, w) for w in args[2:]])
    except Wrong as e:
        print("refused: %s" % e)
        return 1
    print("whole: %d mails of %s, proven to be in the log %s of %d lines" % (len(m["messages"]), m["project"], m["origin"], m["log_lines"]))
    if "checkpoint.tst" in m["files"]:
        print("time-stamp: it is about this checkpoint; who signed it was not checked here (openssl ts -verify does, and rapport verify)")
    if m.get("erased"):
        print("erased: %d mails, each proven by its line of the log" % len(m["erased"]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
