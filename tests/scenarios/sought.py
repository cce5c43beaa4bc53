"""What no byte may hold, sought in bytes: addresses, names and salts, each in every form in which a program
may have written it down, also where it is packed. A thing is sought by `Sought.found`; `forms` writes it as
a careless program would, and shares nothing with how it is sought: with it a search is tried."""

import base64
import binascii
import ctypes
import hashlib
import json
import os
import re
import secrets
import string
import struct
import subprocess
import tempfile
import urllib.parse
import zlib

LINE_ENDS = b"\n\0"  # What a pattern of grep cannot hold.
UNPACKED_MAX = 64 << 20  # Of one packed thing; ours have 4 MiB at most.
TOKEN = 14  # Letters of chance in a text: 65 bits.
DIGEST = 8  # Bytes of it that are sought: a digest that is cut is no less a leak.


def zstd_library():
    library = ctypes.CDLL("libzstd.so.1")
    for name in ("ZSTD_findFrameCompressedSize", "ZSTD_decompress"):
        getattr(library, name).restype = ctypes.c_size_t
    library.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
    return library


ZSTD = zstd_library()


def of_zstd(data):
    """What stands in frames of zstd that are whole, wherever they begin."""
    for begin in re.finditer(re.escape(b"\x28\xb5\x2f\xfd"), data):
        rest = data[begin.start():begin.start() + UNPACKED_MAX]
        packed = ZSTD.ZSTD_findFrameCompressedSize(rest, ctypes.c_size_t(len(rest)))
        size = ZSTD.ZSTD_getFrameContentSize(rest, ctypes.c_size_t(len(rest)))
        if ZSTD.ZSTD_isError(ctypes.c_size_t(packed)) or not 0 < size <= UNPACKED_MAX:
            continue
        out = ctypes.create_string_buffer(size)
        got = ZSTD.ZSTD_decompress(out, ctypes.c_size_t(size), rest, ctypes.c_size_t(packed))
        if not ZSTD.ZSTD_isError(ctypes.c_size_t(got)):
            yield out.raw[:got]


def of_gzip(data):
    for begin in re.finditer(re.escape(b"\x1f\x8b\x08"), data):
        try:
            yield zlib.decompressobj(31).decompress(data[begin.start():], UNPACKED_MAX)
        except zlib.error:
            pass  # It only looked like one.


def of_hex(data):
    """Bytes that a table's text shows as hexadecimal digits."""
    spelt = re.findall(rb"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}){16,}(?![0-9a-fA-F])", data)
    return b"\n".join(binascii.unhexlify(digits) for digits in spelt)


def laid_open(data):
    """The bytes themselves, and all that was packed in them."""
    piles, out = [data], []
    while piles:
        pile = piles.pop()
        out.append(pile)
        piles += of_zstd(pile)
        piles += of_gzip(pile)
    return out


def flat(data):
    """Without capitals and without what stands between digits and letters; UTF-16 of ASCII is ASCII."""
    data = data.lower()
    for between in (b"%3a", b"%2d", b"%20", b"\\x", b"0x"):
        data = data.replace(between, b"")
    return data.translate(None, b"\0:-._ ,%")


def base64_parts(value):
    """The digits that are `value`'s alone, wherever in a group of three it begins."""
    for before in range(3):
        digits = base64.b64encode(bytes(before) + value)
        own = digits[-(-before * 8 // 6):(before + len(value)) * 8 // 6]
        yield own
        yield own.replace(b"+", b"-").replace(b"/", b"_")


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes([number])


def colons(address, capital=False):
    text = ":".join(f"{octet:02x}" for octet in address)
    return (text.upper() if capital else text).encode()


class Address:
    """Six octets. Raw ones are also those of any wider integer, which only adds zeros."""

    kind = "address"

    def __init__(self, value):
        self.value = value

    def needles(self):
        """(As it is in bytes, as it is in flat text)."""
        raw, text = [], []
        for octets in (self.value, self.value[::-1]):
            number = int.from_bytes(octets, "big")
            raw += [octets, varint(number), varint(number << 1), *base64_parts(octets)]
            text += [octets.hex().encode(), str(number).encode(), colons(octets).hex().encode(),
                     colons(octets, True).hex().encode()]
            for spelt in (colons(octets), colons(octets, True), octets.hex().encode(),
                          octets.hex().upper().encode()):
                raw += base64_parts(spelt)
        for said in (self.value, colons(self.value), colons(self.value, True), self.value.hex().encode()):
            for algorithm in ("md5", "sha1", "sha256"):  # Without a salt it leads back by trying all.
                digest = hashlib.new(algorithm, said).digest()[:DIGEST]
                raw += [digest, digest[::-1]]
                text.append(digest.hex().encode())
        return raw, text

    def forms(self):
        for order, octets in (("as said", self.value), ("reversed", self.value[::-1])):
            number = int.from_bytes(octets, "big")
            text = colons(octets).decode()
            yield f"raw {order}", octets
            yield f"uint64 little {order}", struct.pack("<Q", number)
            yield f"uint64 big {order}", struct.pack(">Q", number)
            yield f"uint64 big, left {order}", struct.pack(">Q", number << 16)
            yield f"varint {order}", varint(number)
            yield f"decimal {order}", b"%d" % number
            for name, between in (("colons", ":"), ("dashes", "-"), ("nothing", ""), ("spaces", " ")):
                for capital in (False, True):
                    spelt = text.replace(":", between)
                    spelt = spelt.upper() if capital else spelt
                    yield f"hex with {name} {capital} {order}", spelt.encode()
                    yield f"UTF-16 LE {name} {capital} {order}", spelt.encode("utf-16-le")
                    yield f"UTF-16 BE {name} {capital} {order}", spelt.encode("utf-16-be")
                    yield f"URL-encoded {name} {capital} {order}", urllib.parse.quote(spelt).encode()
            yield f"URL-encoded octets {order}", urllib.parse.quote(octets, safe="").encode() if all(
                octet > 0x7F for octet in octets) else "".join(f"%{o:02X}" for o in octets).encode()
            yield f"escaped {order}", "".join(f"\\x{octet:02x}" for octet in octets).encode()
            for before in range(3):
                yield f"base64 {before} {order}", base64.b64encode(bytes(before) + octets + b"\xff\xff")
                yield f"base64 of text {before} {order}", base64.urlsafe_b64encode(bytes(before) + text.encode())
        for algorithm in ("md5", "sha1", "sha256"):
            yield f"{algorithm}, cut", hashlib.new(algorithm, self.value).digest()[:DIGEST]
            yield f"{algorithm} as hex", hashlib.new(algorithm, text_of(self.value)).hexdigest().encode()


def text_of(octets):
    return binascii.hexlify(octets, ":")


class Text:
    """What a device tells in words: a network that it looks for, its name. The letters of chance in it are sought."""

    kind = "text"

    def __init__(self, words, token):
        self.value, self.token = f"{words} {token}".encode(), token.encode()

    def needles(self):
        wide = self.token.decode().encode("utf-16-le")
        raw = [part for value in (self.token, wide, wide[1:] + b"\0") for part in base64_parts(value)]
        return raw, [self.token, self.token.hex().encode(), wide.hex().encode()]

    def forms(self):
        text = self.value.decode()
        yield "text", self.value
        yield "capitals", text.upper().encode()
        yield "UTF-16 LE", text.encode("utf-16-le")
        yield "UTF-16 BE", text.encode("utf-16-be")
        yield "URL-encoded", urllib.parse.quote(text).encode()
        yield "URL-encoded with +", urllib.parse.quote_plus(text).encode()
        yield "JSON", json.dumps(text).encode()
        yield "hex", binascii.hexlify(self.value)
        yield "HEX", self.value.hex().upper().encode()
        yield "hex with colons", binascii.hexlify(self.value, ":")
        for before in range(3):
            yield f"base64 {before}", base64.b64encode(bytes(before) + self.value)
            yield f"base64url {before}", base64.urlsafe_b64encode(bytes(before) + self.value)


class Salt:
    """32 bytes, or what of them HMAC keeps."""

    kind = "salt"

    def __init__(self, value):
        self.value = value

    def needles(self):
        raw, text = [], []
        for value in (self.value, self.value[::-1], *(bytes(b ^ pad for b in self.value) for pad in (0x36, 0x5C))):
            run = max(re.split(b"[\n\0]", value), key=len)
            assert len(run) >= DIGEST, "four line ends in 32 bytes of chance"
            raw += [run, *base64_parts(value)]
            text.append(value.hex().encode())
        text.append(self.value.hex().encode().hex().encode())
        raw += [part for spelt in (self.value.hex(), self.value.hex().upper()) for part in
                base64_parts(spelt.encode())]
        return raw, text

    def forms(self):
        yield "raw", self.value
        yield "hex", binascii.hexlify(self.value)
        yield "HEX", self.value.hex().upper().encode()
        yield "hex with colons", binascii.hexlify(self.value, ":")
        yield "escaped", "".join(f"\\x{byte:02x}" for byte in self.value).encode()
        yield "UTF-16", self.value.hex().encode("utf-16-le")
        yield "a key pad of HMAC", bytes(byte ^ 0x36 for byte in self.value)
        for before in range(3):
            yield f"base64 {before}", base64.b64encode(bytes(before) + self.value)
            yield f"base64url {before}", base64.urlsafe_b64encode(bytes(before) + self.value)


def draw_address(first):
    """Of chance, with the bits of `first` that say what sort it is: (mask, value) of the first octet."""
    mask, bits = first
    while True:
        octets = bytearray(secrets.token_bytes(6))
        octets[0] = octets[0] & ~mask & 0xFF | bits
        drawn = Address(bytes(octets))
        # Octets that `flat` takes for what stands between; and what grep cannot seek.
        if not any(octet in b"\0\x20\x2d\x3a" for octet in octets) and not any(
                end in needle for needle in drawn.needles()[0] for end in LINE_ENDS):
            return drawn


def draw_text(words):
    return Text(words, "".join(secrets.choice(string.ascii_lowercase) for _ in range(TOKEN)))


class Sought:
    """Things by name, to be found in any bytes."""

    def __init__(self, things):
        self.raw, self.text = {}, {}
        for name, thing in things.items():
            for needles, pile in zip(thing.needles(), (self.raw, self.text)):
                pile.update((needle, name) for needle in needles)

    def found(self, data):
        """Names of what stands in it, in whatever form."""
        out = set()
        for pile in laid_open(data):
            out |= self.matches(self.raw, pile) | self.matches(self.text, flat(pile))
        return out

    @staticmethod
    def matches(needles, data):
        if not data or not needles:
            return set()
        with tempfile.NamedTemporaryFile() as patterns:
            patterns.write(b"\n".join(needles))
            patterns.flush()
            done = subprocess.run(["grep", "-aoF", "-f", patterns.name, "-"], input=data, capture_output=True,
                                  env={**os.environ, "LC_ALL": "C"})
        if done.returncode > 1:
            raise RuntimeError(f"grep: {done.stderr.decode()}")
        return {needles[line] for line in done.stdout.split(b"\n") if line}


def forms_not_found(things):
    """Each thing in each form, in noise: what the search has missed; and how many forms there were."""
    missed, count = [], 0
    for name, thing in things.items():
        sought = Sought({name: thing})
        for form, written in thing.forms():
            count += 1
            noise = secrets.token_bytes(700)
            if sought.found(noise + written + b"\xff" + noise) != {name}:
                missed.append((name, form))
    return missed, count
