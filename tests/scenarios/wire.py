"""The sensor protocol as docs/protocol.md has it, written a second time and from that page alone: frames
of reports, and just enough of MQTT 5. What is hostile is made of it."""

import functools
import os
import socket
import struct
import subprocess


def crc32c_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


CRC32C = crc32c_table()


def crc32c(data):
    state = 0xFFFFFFFF
    for byte in data:
        state = state >> 8 ^ CRC32C[(state ^ byte) & 0xFF]
    return state ^ 0xFFFFFFFF


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def fixed64(field, value):
    return varint(field << 3 | 1) + struct.pack("<Q", value)


def text(field, value):
    return varint(field << 3 | 2) + varint(len(value)) + value


def zigzag(value):
    return value << 1 if value >= 0 else ~(value << 1)


def report(device, boot, seq, started_us, more=b"", duration_us=1_000_000, clock_state=3):
    return (text(1, device) + text(2, boot) + number(3, seq) + fixed64(4, started_us) +
            number(5, seq % 1000 * 1_000_000) + number(6, duration_us) + number(7, clock_state) + more)


def position(latitude_e7, longitude_e7):
    unknown = varint(0xFFFFFFFF)
    return text(9, text(1, varint(0)) + text(2, varint(zigzag(latitude_e7))) +
                text(3, varint(zigzag(longitude_e7))) + text(4, unknown) + text(5, unknown) +
                text(6, unknown))


def observations(count):
    """Of one device, all at once."""
    return text(8, text(1, bytes(range(16))) + number(2, 1) + text(3, bytes(count)) +
                text(4, struct.pack("<Q", 7) * count) + text(5, b"\2" * count) +
                text(6, b"\xc4" * count) + text(7, b"\6" * count) + text(8, b"\1" * count) +
                text(9, bytes(count)) + text(10, bytes(4 * count)) + text(11, bytes(4 * count)) +
                text(12, bytes(count)) + text(13, bytes(count)) +
                text(14, varint(0xFFFF) * count))


def frame(body, version=1, flags=0, size=None, plain=None, checksum=None, magic=b"MY"):
    size = len(body) if size is None else size
    return struct.pack("<2sBBIII", magic, version, flags, size, size if plain is None else plain,
                       crc32c(body) if checksum is None else checksum) + body


@functools.cache
def packed(plain_bytes, claimed=None):
    """A frame of so many zeros, compressed."""
    zeros = subprocess.Popen(["head", "-c", str(plain_bytes), "/dev/zero"], stdout=subprocess.PIPE)
    body = subprocess.run(["zstd", "-q", "-c", "-1"], stdin=zeros.stdout, capture_output=True,
                          check=True).stdout
    zeros.wait()
    return frame(body, flags=1, plain=plain_bytes if claimed is None else claimed)


def mqtt_text(value):
    return struct.pack(">H", len(value)) + value


def mqtt_packet(kind, body):
    return bytes([kind]) + varint(len(body)) + body


# On a busy machine Mosquitto 2.0 now and then hangs up on a packet that is longer than a record of TLS and comes
# in pieces (its issue 2633). Whoever publishes at least once connects anew, as a sensor does.
RECONNECTIONS_MAX = 10


class Mqtt:
    """One connection of a device with the broker."""

    def __init__(self, context, port, name):
        self.context, self.port, self.name = context, port, name
        self.next_id = 0
        self.connect()

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        self.socket = self.context.wrap_socket(plain, server_hostname="127.0.0.1")
        self.socket.sendall(mqtt_packet(
            0x10, mqtt_text(b"MQTT") + b"\5\2" + struct.pack(">H", 60) + b"\0" +
            mqtt_text(self.name.encode())))
        kind, body = self.read()
        if kind != 0x20 or body[1] != 0:
            raise ConnectionError(f"the broker says {body.hex()}")

    def read(self):
        """The next packet: its first byte, and its body."""
        head = self.exactly(1)[0]
        size = shift = 0
        while True:
            byte = self.exactly(1)[0]
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return head, self.exactly(size)

    def exactly(self, count):
        out = b""
        while len(out) < count:
            more = self.socket.recv(count - len(out))
            if not more:
                raise ConnectionError("the broker hung up")
            out += more
        return out

    def publish(self, topic, payload):
        """The broker's reason: below 0x80 it took it."""
        for _ in range(RECONNECTIONS_MAX):
            try:
                return self.publish_once(topic, payload)
            except OSError:
                self.close()
                self.connect()
        return self.publish_once(topic, payload)

    def publish_once(self, topic, payload):
        self.next_id += 1
        self.socket.sendall(mqtt_packet(
            0x32, mqtt_text(topic.encode()) + struct.pack(">H", self.next_id) + b"\0" + payload))
        while True:
            kind, body = self.read()
            if kind == 0x40:
                return body[2] if len(body) > 2 else 0

    def subscribe(self, topic):
        self.next_id += 1
        self.socket.sendall(mqtt_packet(
            0x82, struct.pack(">H", self.next_id) + b"\0" + mqtt_text(topic.encode()) + b"\1"))
        while True:
            kind, body = self.read()
            if kind == 0x90:
                return body[-1]

    def close(self):
        self.socket.close()


def random_id():
    return os.urandom(16)
