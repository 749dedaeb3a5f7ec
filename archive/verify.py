#!/usr/bin/env python3
"""Checks a bundle of Rapport without Rapport: python3 verify.py FILE.zip KEY [WITNESS...]

KEY is the public key of the log (name+hash+base64), or a file with it; each
WITNESS is the key of somebody who must have cosigned the checkpoint. Only
Python's standard library is needed. What is wrong is said with its place.
"""
import base64
import binascii
import calendar
import email.parser
import email.policy
import hashlib
import json
import os
import quopri
import re
import struct
import sys
import time
import zlib

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

    @classmethod
    def text(cls, text):
        """The name and the key that a text is, None if it is none."""
        try:
            key = cls(text)
            return key.name, key.public
        except (ValueError, IndexError):
            return None

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


def check_proof(place, text, line, bundle):
    """Returns the salt of a line that is proven to be in the log."""
    try:
        head, checkpoint = text.decode().split("\n\n", 1)
        if checkpoint.encode() != bundle.checkpoint:
            raise Wrong(place + ": it leads to another checkpoint")
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
    leaf = hashlib.sha256(b"\x00" + line.encode()).digest()
    if index < 0 or not included(index, bundle.lines, leaf, hashes, bundle.root):
        raise Wrong(place + ": the line is not in the signed log")
    return salt


def millis(text):
    m = re.fullmatch(r"(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)(\.\d+)?(Z|[+-]\d\d:\d\d)", text)
    n = [int(x) for x in m.groups()[:6]]
    ms = calendar.timegm(tuple(n) + (0, 0, 0)) * 1000 + int(((m[7] or ".") + "000")[1:4])
    if m[8] != "Z":
        ms -= (1 if m[8][0] == "+" else -1) * (int(m[8][1:3]) * 60 + int(m[8][4:6])) * 60000
    return ms


def digest(*texts):
    h = hashlib.sha256()
    for t in texts:
        h.update(b"%d:" % len(t.encode()) + t.encode())
    return h.hexdigest()


class Zip:
    """A zip file without compression. Its list is read anew for each walk, so
    that none must be in memory; nothing is believed before check has passed."""

    LIST = "the list at the end of the zip file"

    def __init__(self, path):
        self.f = open(path, "rb")
        self.size = os.fstat(self.f.fileno()).st_size
        end, unpack = self.read(self.size - 22, 22), struct.unpack
        if len(end) < 22 or not end.startswith(b"PK\5\6"):
            if b"PK\5\6" in self.read(max(0, self.size - 22 - 0xffff), 22 + 0xffff):
                raise Wrong(self.LIST + ": there is something after its end")
            raise Wrong("open the bundle: it is no zip file, or its end was changed or cut off")
        self.n, length, self.begin = unpack("<HII", end[10:20])
        self.end = self.size - 22
        if self.n == 0xffff or length == 0xffffffff or self.begin == 0xffffffff:
            self.end -= 76
            large = self.read(self.end, 56)
            if len(large) < 56 or not large.startswith(b"PK\6\6"):
                raise Wrong("open the bundle: its list is cut off")
            self.n, length, self.begin = unpack("<QQQ", large[32:56])
        if self.begin + length != self.end:
            raise Wrong("open the bundle: its list is not where its end says")

    def read(self, at, n):
        if not 0 <= at <= self.size:
            return b""
        self.f.seek(at)
        return self.f.read(n)

    def entries(self):
        at = self.begin
        for _ in range(self.n):
            head = self.read(at, 46)
            if len(head) < 46 or not head.startswith(b"PK\1\2"):
                raise Wrong(self.LIST + ": it cannot be read")
            method, crc, packed, size, name, extra, comment, where = struct.unpack("<10xH4xIIIHHH8xI", head)
            rest = self.read(at + 46, name + extra + comment)
            if at + 46 + name + extra + comment > self.end:
                raise Wrong(self.LIST + ": it cannot be read")
            large = rest.find(b"\1\0\x18\0", name)
            if size == 0xffffffff and large >= 0 and len(rest) >= large + 28:
                size, packed, where = struct.unpack("<QQQ", rest[large + 4:large + 28])
            at += 46 + len(rest)
            yield Entry(rest[:name].decode("utf-8", "replace"), method, crc, packed, size, where)

    def find(self, name):
        return next((e for e in self.entries() if e.name == name), None)

    def pieces(self, e):
        head = self.read(e.at, 30)
        at = e.at + 30 + sum(struct.unpack("<HH", head[26:30])) if len(head) == 30 else 0
        if not head.startswith(b"PK\3\4") or at + e.size > self.begin:
            raise Wrong(e.name + ": it is damaged: it is not where the list at the end of the zip file says")
        left = e.size
        while left:
            piece = self.read(at, min(left, 1 << 20))
            at, left = at + len(piece), left - len(piece)
            yield piece

    def content(self, e):
        return b"".join(self.pieces(e))

    def sum(self, e):
        """The SHA-256 of a file, after its CRC-32 was compared."""
        h, crc = hashlib.sha256(), 0
        for piece in self.pieces(e):
            h.update(piece)
            crc = zlib.crc32(piece, crc)
        if crc != e.crc:
            raise Wrong(e.name + ": it is damaged: its CRC-32 is another")
        return h.hexdigest()

    def check(self, made):
        """There is one way to write the zip file: every byte that is not of a
        file in it must be as that way demands."""
        made, at, n, pack, large = millis(made) // 1000, 0, 0, struct.pack, 0xffffffff
        t = time.gmtime(made)
        stamp = pack("<HH", t.tm_hour << 11 | t.tm_min << 5 | t.tm_sec // 2, t.tm_year - 1980 << 9 | t.tm_mon << 5 | t.tm_mday)
        extra = pack("<HHBI", 0x5455, 5, 1, made)

        def expect(place, want):
            nonlocal at
            if self.read(at, len(want)) != want:
                raise Wrong("%s: something between the bytes %d and %d was changed" % (place, at, at + len(want)))
            at += len(want)

        for e in self.entries():
            place, name = e.name + ": the zip file around it", e.name.encode()
            if e.at != at:
                raise Wrong(place + ": it stands elsewhere than the list at the end says")
            expect(place, b"PK\3\4" + pack("<HHH", 20, 8, 0) + stamp + bytes(12) + pack("<HH", len(name), len(extra)) + name + extra)
            at += e.size
            expect(place, b"PK\7\x08" + pack("<IQQ" if e.size >= large else "<III", e.crc, e.size, e.size))
        start = at
        for e in self.entries():
            name, more, shown = e.name.encode(), extra, min(e.size, large)
            if e.size >= large or e.at >= large:
                more, shown = extra + pack("<HHQQQ", 1, 24, e.size, e.size, e.at), large
            expect(self.LIST, b"PK\1\2" + pack("<HHHH", 20, 45 if e.size >= large else 20, 8, 0) + stamp + pack("<III", e.crc, shown, shown)
                   + pack("<HHHHHII", len(name), len(more), 0, 0, 0, 0, min(e.at, large)) + name + more)
        end, n = at, self.n
        length = end - start
        if n >= 0xffff or length >= large or start >= large:
            expect(self.LIST, b"PK\6\6" + pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, n, n, length, start) + b"PK\6\7" + pack("<IQI", 0, end, 1))
            n, length, start = 0xffff, large, large
        expect(self.LIST, b"PK\5\6" + pack("<HHHHIIH", 0, 0, n, n, length, start, 0))
        if at != self.size:
            raise Wrong(self.LIST + ": there is something after its end")


class Entry:
    def __init__(self, name, method, crc, packed, size, at):
        self.name, self.method, self.crc, self.packed, self.size, self.at = name, method, crc, packed, size, at


def once(pairs):
    if len({k for k, _ in pairs}) < len(pairs):
        raise ValueError("a name twice")
    return dict(pairs)


class Manifest:
    """The list of a bundle, read line by line: a beginning, then sections in
    which each line is an entry."""

    sections = ("changes", "mailboxes", "messages", "uncovered", "files")

    def __init__(self, zip):
        e = zip.find("manifest.json")
        if e is None:
            raise Wrong("manifest.json: it is not in the bundle")
        self.lines = self.split(zip.pieces(e))
        first = next(self.lines, b"")
        self.head = self.decode(first[:-1] + b"}" if first.endswith(b",") else b"")

    @staticmethod
    def split(pieces):
        rest = b""
        for piece in pieces:
            lines = (rest + piece).split(b"\n")
            rest = lines.pop()
            yield from lines
        if rest:
            yield rest

    @staticmethod
    def decode(line):
        try:
            return json.loads(line, object_pairs_hook=once)
        except ValueError:
            raise Wrong("manifest.json: it is not written as a bundle's list is")

    def all(self):
        """All entries with their sections."""
        for name in self.sections:
            open_, close = (b"{", b"}") if name == "files" else (b"[", b"]")
            ok, last = next(self.lines, b"") == b'"%s":%s' % (name.encode(), open_), None
            while ok:
                line = next(self.lines, b"")
                if line == close + (b"}" if name == "files" else b",") and last != b",":
                    break
                ok = line and last != b""
                line, last = (line[:-1], b",") if line.endswith(b",") else (line, b"")
                if ok:
                    yield name, line
            if not ok:
                raise Wrong("manifest.json: it is not written as a bundle's list is")
        if next(self.lines, None) is not None:
            raise Wrong("manifest.json: something follows its end")


class Bundle:
    """What is found in a bundle while it is checked."""

    def __init__(self, path, key):
        self.zip, self.key = Zip(path), key
        self.mails = self.erased = self.attached = 0
        self.apart, self.uncovered = [], []  # what could not be compared here, and what is not proven yet
        self.mbox = hashlib.sha256()  # of what these two must be, as far as the mail was read
        self.table = hashlib.sha256(b"id,thread,direction,class,date,received,from,subject,message-id,sha256,file\n")

    def small(self, name):
        e = self.zip.find(name)
        if e is None:
            raise Wrong(name + ": it is not in the bundle")
        return self.brief(e)

    def brief(self, e):
        """A file that has no reason to be large: a note, a checkpoint, a proof."""
        if e.size > 1 << 20:
            raise Wrong(e.name + ": it is too large for what it is")
        return self.zip.content(e)

    def next(self, name):
        e = next(self.files, None)
        if e is None or e.name != name:
            raise Wrong("%s: it is not where the list demands it%s" % (name, "" if e is None else "; there is " + e.name))
        return e

    def content(self, name):
        return self.zip.content(self.next(name))

    def check_list(self):
        """No file is there twice, and nothing grows when it is read."""
        seen, total = set(), 0
        for e in self.zip.entries():
            if e.method or e.size != e.packed:
                raise Wrong(e.name + ": it is compressed, which nothing in a bundle is")
            total += e.size
            if total > self.zip.size:
                raise Wrong(e.name + ": it is damaged")
            if e.name in seen:
                raise Wrong(e.name + ": it is there twice")
            seen.add(e.name)

    def check_files(self):
        """Every file is compared with the manifest, in the order of both."""
        listed = (line for section, line in Manifest(self.zip).all() if section == "files")
        for e in self.zip.entries():
            got = self.zip.sum(e)
            if e.name in ("manifest.json", "bundle.note"):
                continue
            name, want = self.file(next(listed, None))
            if name != e.name:
                self.misplaced(name, e.name)
            if got != want:
                raise Wrong(e.name + ": it was changed: it has another SHA-256 than the manifest says")
        name, _ = self.file(next(listed, None))
        if name:
            self.misplaced(name, "")

    @staticmethod
    def file(line):
        if line is None:
            return None, None
        (pair,) = Manifest.decode(b"{" + line + b"}").items()
        return pair

    def misplaced(self, want, got):
        if want and self.zip.find(want) is None:
            raise Wrong(want + ": it was removed")
        raise Wrong(got + ": it does not belong to the bundle, or stands at another place")

    def proven(self, record):
        """The line of a record, which is proven to be in the log, and its salt."""
        place = record["proof"]
        return check_proof(place, self.brief(self.next(place)), record["line"], self), json.loads(record["line"])

    def record(self, r, family, subject, closed=False):
        salt, line = self.proven(r)
        place, value = r["proof"], r.get("value", "")
        if not kind(line["type"]) == kind(r["type"]) == family or not line["subject"] == r["subject"] == subject:
            raise Wrong(place + ": the line is about something else")
        if "commit" not in line:
            if value:
                raise Wrong(place + ": the line commits to something else")
        elif not closed and commit(salt, value) != line["commit"]:
            raise Wrong(place + ": the line commits to something else")
        return line

    def check_change(self, c):
        made = undone = False
        for r in c["records"]:
            family, value = kind(r["type"]), r.get("value", "")
            self.record(r, family, c["id"])
            if family == "change.made":
                says = tells({"made": millis(c["at"]), "via": c.get("via", "")}, c.get("name", ""), c.get("address", ""), c["by"])
                made = says(value) and set(c["messages"]) <= set(json.loads(value)["messages"])
            elif family == "change.undone":
                undone = value == c.get("undone_by", "")
        if not made:
            raise Wrong("change %s: it is not what the log says" % c["id"])
        if undone != ("undone_at" in c):
            raise Wrong("undoing of change %s: it is not what the log says" % c["id"])

    def check_mail(self, mail):
        if "erased" in mail:
            return self.check_erased(mail)
        place, (salt, line), value = mail["proof"], self.proven(mail), json.loads(mail["value"])
        if kind(line["type"]) != "mail.in" or line["subject"] != mail["id"] or line.get("project", "") != self.project:
            raise Wrong(place + ": the line is about something else")
        if commit(salt, mail["value"]) != line["commit"]:
            raise Wrong(place + ": the line commits to something else")
        if value["v"] >= 2 and (value.get("why"), value.get("authentication")) != (mail.get("why"), mail.get("authentication")):
            raise Wrong(place + ": why it was filed, or what is known of its sender, is not what the log says")
        sender = mail.get("from", {})
        read = digest(mail.get("message_id", ""), sender.get("name", ""), sender.get("address", ""), mail.get("subject", ""), mail.get("read", ""))
        if (value["direction"], value["class"], value["fields"]) != (mail.get("direction", ""), mail.get("class", ""), read):
            raise Wrong(place + ": the line says another direction or class, or other words")
        if value["sent"] != millis(mail["date"]) or value["received"] != millis(mail["received"]):
            raise Wrong(place + ": the line says other times")
        raw = self.content(mail["file"])
        if value["sha256"] != mail["sha256"] or hashlib.sha256(raw).hexdigest() != mail["sha256"]:
            raise Wrong(place + ": the line is about other bytes")
        received = time.asctime(time.gmtime(millis(mail["received"]) // 1000)).encode()
        self.mbox.update(b"From MAILER-DAEMON %s\n%s\n\n" % (received, re.sub(rb"(?m)^>*From ", rb">\g<0>", raw)))
        self.table.update(row(mail))
        self.check_attachments(mail, raw)
        for item in mail.get("items", []):
            self.check_item(item, mail["id"])
        for r in mail.get("report", []):
            if kind(r["type"]) not in ("report.approved", "report.released", "report.cancelled", "letter.approved", "letter.delivery"):
                raise Wrong(r["proof"] + ": it is about no report")
            self.record(r, r["type"], r["subject"])
            if "to" in r and not (r["type"] == "letter.approved" and json.loads(r["value"]).get("recipient") == digest(r["to"].get("name", ""), r["to"]["address"])):
                raise Wrong(r["proof"] + ": the letter is for somebody else")
            if r.get("by", "") != says_by(r["type"], r.get("value", "")):
                raise Wrong(r["proof"] + ": it was somebody else who did it")
        self.mails += 1

    def check_erased(self, mail):
        place, (salt, line), erased = mail["proof"], self.proven(mail), mail["erased"]
        if line["type"] != "mail.erased" or not line["subject"] == mail["id"] == erased["message"] or line.get("project", "") != self.project:
            raise Wrong(place + ": the line is about something else")
        if commit(salt, digest(erased["by"], erased["reason"])) != line["commit"]:
            raise Wrong(place + ": the line commits to something else")
        if line["state"] != erased["cause"] or millis(line["at"]) != millis(erased["at"]):
            raise Wrong(place + ": the line says another cause or another time")
        self.erased += 1

    def check_item(self, b, mail):
        """Every line about an item, then that it is what one of them says."""
        if not b["history"]:
            raise Wrong("message %s: it has an item without a line of the log" % mail)
        now, id = b.get("item"), b["history"][0]["subject"]
        holds = now is None
        for h in b["history"]:
            then, value = h.get("item"), h.get("value", "")
            line = self.record(h, "item.found", id, closed=then is None and not value)
            if line.get("project", "") != self.project or line.get("ref") != mail:
                raise Wrong(h["proof"] + ": the line is about another mail")
            if (then is None) != (not value) or then and (then["id"] != id or not item_says(then)(value)):
                raise Wrong("item %s: it was not what %s proves" % (id, h["proof"]))
            holds = holds or then is not None and item_says(now)(value)
        if not holds or now and now["id"] != id:
            raise Wrong("item %s: it is not what the log says" % id)
        counts = now and now.get("answer")
        given = not counts
        for a in b.get("answers", []):
            self.record(a, "item.answered", id)
            answer = a["answer"]
            says = tells({"n": a["n"], "given": millis(answer["at"]), "report": answer.get("report", "")},
                         answer["word"], answer["reason"], answer.get("next", ""), answer.get("date", ""), answer["by"])
            if answer["item"] != id or not says(a.get("value", "")):
                raise Wrong("answer to item %s, %d: it is not what the log says" % (id, a["n"]))
            given = given or counts == answer
        if not given:
            raise Wrong("answer to item %s: it is not what the log says" % id)

    def check_attachments(self, mail, raw):
        """Each attachment is compared with the part of the mail that it is. What
        is inside of a part that this program does not take apart is named."""
        listed, folder = mail.get("attachments", []), "attachment/" + mail["id"] + "/"
        if listed and not self.head["attachments"]:
            raise Wrong(listed[0]["file"] + ": it is in a bundle without attachments")
        parts, found = {p.path: p for p in walk(raw)}, set()
        for a in listed:
            file, path, body = a["file"], a["part"], self.content(a["file"])
            not_it = Wrong(file + ": it is not the attachment that is in " + mail["file"])
            if not file.startswith(folder + path + "-") or path in found:
                raise not_it
            found.add(path)
            if path not in parts:
                if not any(p.closed and (not p.at or path.startswith(p.at + ".")) for p in parts.values()):
                    raise not_it
                self.apart.append(file)
                continue
            p = parts[path]
            if p.body is None:  # in no encoding that has one reading
                self.apart.append(file)
            elif p.body != body or p.name not in (None, a["name"]) or p.type not in (None, a["type"]):
                raise not_it
            else:
                self.attached += 1
        for p in parts.values():
            if self.head["attachments"] and p.attached and p.path not in found:
                raise Wrong("%s%s-: it was removed; it is in %s" % (folder, p.path, mail["file"]))


class Part:
    """A part of a mail that has no parts of its own."""

    def __init__(self, path, head, body):
        self.at, self.path = path, path or "1"
        typ, self.name = head.get_content_type(), plain(head.get_filename())
        coding = str(head.get("Content-Transfer-Encoding", "")).strip().lower()
        self.attached = head.get_content_disposition() == "attachment" and not typ.startswith(("text/", "multipart/"))
        # What may have more in it than is seen here, or is named by what it is.
        self.closed = typ.startswith(("text/", "multipart/")) or typ in ENVELOPES or str(head.get_filename()).lower() in ("winmail.dat", "win.dat", "smime.p7m")
        self.attached = self.attached and not self.closed
        self.body = decoded(body, coding)
        # Programs are called what they are, and what is called nothing has a type that its bytes or name tell.
        program = (self.body or b"").startswith((b"MZ", b"\x7fELF"))
        self.type = None if typ in VAGUE or typ.startswith("text/") or program or "Content-Type" not in head else typ


ENVELOPES = ("application/ms-tnef", "application/vnd.ms-tnef", "application/pkcs7-mime", "application/x-pkcs7-mime")
VAGUE = ["application/" + t for t in ("octet-stream", "x-msdownload", "unknown", "force-download", "binary")]


def plain(name):
    """A file name that has one reading, None for others."""
    return name if name and not re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name) and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _-]*(\.[A-Za-z0-9]+)?", name) and len(name) < 80 else None


def decoded(body, coding):
    """What a part says; None where programs may read otherwise."""
    if coding in ("", "7bit", "8bit", "binary"):
        return body
    if coding == "base64":
        try:
            return base64.b64decode(b"".join(body.split()), validate=True)
        except binascii.Error:
            return None
    if coding == "quoted-printable" and re.fullmatch(rb"(?:[\x21-\x3c\x3e-\x7e]|[ \t](?=[^\r\n])|=[0-9A-F]{2}|=?\r?\n)*", body):
        return quopri.decodestring(body)
    return None


def walk(raw, path="", depth=0):
    """The parts of a mail with their IMAP numbers."""
    m = re.search(rb"\r?\n\r?\n", raw)
    if raw[:1] in (b"\r", b"\n"):
        head, body = b"", raw[1:] if raw[:1] == b"\n" else raw[2:]
    else:
        head, body = (raw[:m.start()], raw[m.end():]) if m else (raw, b"")
    fields = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(head + b"\r\n\r\n")
    boundary = fields.get_boundary()
    if fields.get_content_maintype() != "multipart" or not boundary or depth > 19:
        yield Part(path, fields, body)
        return
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?:\r?\n|\Z)")
    pieces, at, inside = [], 0, False
    while m := line.search(body, at):
        if inside:
            pieces.append(body[start:m.start()])
        inside, start = not m[1], m.end()
        at = max(m.end() - 1, m.start() + 1)
    if inside:
        pieces.append(body[start:])
    if not pieces:
        yield Part(path, fields, body)
    for i, piece in enumerate(pieces):
        yield from walk(piece, (path + "." if path else "") + str(i + 1), depth + 1)


FAMILY = {"item.corrected": "item.found", "item.gone": "item.found", "mail.out": "mail.in", "mail.tray": "mail.in", "mail.refiled": "mail.in"}


def kind(type):
    """The one type of lines about the same thing."""
    return FAMILY.get(type, type)


def commit(salt, value):
    return hashlib.sha256(salt + value.encode()).hexdigest()


def tells(shown, *texts):
    """Whether a value has all of this, and the digest of these texts."""
    shown["words"] = digest(*texts)
    return lambda value: bool(value) and all(json.loads(value).get(k, "") == v for k, v in shown.items())


def says_by(type, value):
    """Who did what a line about a report or a letter says, as far as it can be read."""
    if type == "letter.approved":
        return json.loads(value).get("by", "")
    return value if type in ("report.released", "report.cancelled") else ""


def item_says(i):
    if i is None:
        return lambda value: False
    first = tells({k: i[k] for k in ("number", "message", "kind", "facet")} | {"said": millis(i["at"])},
                  i["text"], *(i.get(k, "") for k in ("due", "about", "report", "point")))
    second = {k: i[k] for k in ("start", "end", "urgent", "sure")} | {"why": i.get("why", ""), "dismissed": i["state"] == "dismissed"}
    return lambda value: first(value) and (json.loads(value)["v"] < 2 or json.loads(value).items() >= second.items())


def row(mail):
    """A mail's line of manifest.csv."""
    sender = mail.get("from", {})
    cells = [mail.get(k, "") for k in ("id", "thread", "direction", "class")]
    cells += [re.sub(r"\.\d+", "", mail[k]) for k in ("date", "received")]
    cells += ["%s <%s>" % (sender.get("name", ""), sender.get("address", ""))]
    cells += [mail.get(k, "") for k in ("subject", "message_id", "sha256", "file")]
    for i, c in enumerate(cells):
        if c[:1] in ("=", "+", "-", "@", "\t", "\r"):  # else table programs take it for a formula
            c = "'" + c
        if re.search('[,"\r\n]', c) or c == "\\." or c[:1].isspace() and c[0] not in "\x1c\x1d\x1e\x1f":
            c = '"' + c.replace('"', '""') + '"'
        cells[i] = c
    return ",".join(cells).encode() + b"\n"


def verify(path, key, witnesses=()):
    """What the bundle is found to be. Whoever has signed it may have written
    anything into it: what this program cannot even read is refused, too."""
    try:
        return checked(path, key, witnesses)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error) as e:
        raise Wrong("the bundle: it is not written as a bundle is (%s)" % type(e).__name__) from e


def checked(path, key, witnesses):
    b = Bundle(path, key)
    b.check_list()
    text = key.open("bundle.note", b.small("bundle.note"))
    manifest = b.zip.find("manifest.json")
    if manifest is None or text != "rapport bundle v3\n" + b.zip.sum(manifest) + "\n":
        raise Wrong("manifest.json: it is not the one that was signed")
    b.head = Manifest(b.zip).head
    if b.head["v"] != 3:
        raise Wrong("manifest.json: it is not written as a bundle's list is")
    b.project = b.head["project"]
    b.check_files()
    b.zip.check(b.head["made"])
    b.checkpoint = b.small("checkpoint.txt")
    origin, size, root = key.open("checkpoint.txt", b.checkpoint).split("\n")[:3]
    b.lines, b.root = int(size), unbase64(root)
    if origin != key.name or (origin, b.lines) != (b.head["origin"], b.head["log_lines"]):
        raise Wrong("checkpoint.txt: it is of another log, or the manifest tells of another checkpoint")
    if Key.text(b.small("key.txt").decode("utf-8", "replace")) != (key.name, key.public):
        raise Wrong("key.txt: it is another key than the one that was given")
    for witness in witnesses:
        witness.open("checkpoint.txt: the witness " + witness.name, b.checkpoint)
    b.stamped = b.zip.find("checkpoint.tst") is not None
    if b.stamped:  # RFC 3161; the imprint is of the checkpoint's text
        imprint = hashlib.sha256(b.checkpoint.split(b"\n\n")[0] + b"\n").digest()
        if imprint not in b.small("checkpoint.tst"):
            raise Wrong("checkpoint.tst: it is about something else than this checkpoint")
    b.files, m = b.zip.entries(), Manifest(b.zip)
    steps = {"changes": b.check_change, "mailboxes": lambda r: b.record(r, "mailbox.coverage", r["subject"]), "messages": b.check_mail}
    for section, line in m.all():
        if section in steps:
            steps[section](m.decode(line))
        elif section == "uncovered":
            n = m.decode(line)
            if n["line"] < b.lines:
                raise Wrong("manifest.json: line %d of the log is covered" % n["line"])
            b.uncovered.append(n)
    for name in ("mail.mbox", "manifest.csv", "index.html", "checkpoint.txt", "checkpoint.tst", "key.txt", "manifest.json", "bundle.note"):
        if name != "checkpoint.tst" or b.stamped:
            e, want = b.next(name), {"mail.mbox": b.mbox, "manifest.csv": b.table}.get(name)
            if want and b.zip.sum(e) != want.hexdigest():
                raise Wrong(name + ": it says something else than the mails and the list")
    if next(b.files, None):
        raise Wrong("bundle.note: something follows it")
    return b


def read_key(kind, text):
    try:
        return kind(text)
    except (ValueError, IndexError):
        try:
            with open(text, encoding="utf-8") as f:
                return kind(f.read())
        except (ValueError, IndexError, OSError):
            raise Wrong("%s is neither a public key nor the file of one" % text) from None


def say(words):
    """Prints words that others may have written: they do nothing to a terminal."""
    sys.stdout.reconfigure(errors="replace")
    print("".join(c if c.isprintable() else "\ufffd" for c in words))


def main(args):
    if len(args) < 2:
        print(__doc__)
        return 2
    try:
        b = verify(args[0], read_key(Key, args[1]), [read_key(Witness, w) for w in args[2:]])
    except Wrong as e:
        say("refused: %s" % e)
        return 1
    say("whole: %d mails of %s, proven to be in the log %s of %d lines" % (b.mails, b.project, b.head["origin"], b.lines))
    say("index.html: it is the page that was signed; that it says what the list says was not checked here (rapport verify does)")
    if b.stamped:
        say("time-stamp: it is about this checkpoint; who signed it was not checked here (openssl ts -verify does, and rapport verify)")
    if b.erased:
        say("erased: %d mails, each proven by its line of the log" % b.erased)
    if b.head["attachments"]:
        say("attachments: %d files, the same as in the mails" % b.attached)
    for file in b.apart:
        say("not compared: %s; only rapport verify can take that part of the mail apart" % file)
    for n in b.uncovered:
        say("not proven yet: %s %s, line %d of the log, %s" % (n["type"], n.get("label", n["subject"]), n["line"], n["at"]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
