#!/usr/bin/env python3
"""Bad input, against the whole server: on every port and topic garbage, what is cut short, what is too
large, other versions, other devices' reports, clocks that are ten years off, positions that are not on the
earth, bombs of zeros, ten thousand connections that say nothing or far too little. Each is refused and
counted by its reason, exactly; nothing of it is believed, memory stays bounded, and a sensor that is good
is served all the while.

    hostile_test.py BUILD_FOLDER
"""

import argparse
import collections
import http.client
import json
import os
import pathlib
import random
import resource
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time

import wire
from product import Api, Findings, Server, environment

MIB = 1 << 20
MEMORY_MAX_MIB = 700  # Of the server at its worst.
FILES_AT_FIRST = 1024  # That many a service is given by default; it is to take what it may have.
HELD = {"http": 3000, "http_slow": 1000, "https": 3000, "mqtt": 3000}
OF_AN_ADDRESS = 500  # Connections; the server allows 512.
YEARS_10_US = 10 * 365 * 86400 * 1_000_000
NO_LONGER = 60  # Seconds that something which must happen may take on a slow machine.


class Device:
    """Somebody with a good certificate, who says what he likes."""

    def __init__(self, build, folder, api, server, name):
        self.program, self.state, self.server = str(build / "mobilytics-sensor"), folder / name, server
        claim = api.ask("claims", {"name": name})[1]["code"]
        subprocess.run([self.program, "enroll", "--state", self.state, "--server", server.url,
                        "--claim", claim], check=True, capture_output=True, env=environment())
        self.name = json.loads((self.state / "identity.json").read_text())["device_id"].replace("-", "")
        self.id = bytes.fromhex(self.name)
        self.context = ssl.create_default_context(cafile=self.state / "authority.pem")
        self.context.load_cert_chain(self.state / "device.pem", self.state / "device.key")
        self.boots = {"https": wire.random_id(), "mqtt": wire.random_id()}

    def post(self, envelope, content_type="application/vnd.mobilytics.envelope", promised=None):
        """The status; `promised` says more bytes than there are."""
        way = http.client.HTTPSConnection("127.0.0.1", self.server.https, context=self.context,
                                          timeout=30)
        length = len(envelope) if promised is None else promised
        way.request("POST", "/device/v1/reports", envelope,
                    {"Content-Type": content_type, "Content-Length": str(length)})
        reply = way.getresponse()
        reply.read()
        way.close()
        return reply.status

    def broker(self):
        return wire.Mqtt(self.context, self.server.mqtt, self.name)


Bad = collections.namedtuple("Bad", "what envelope reason named")


def bad_envelopes(device, other, boot, now_us):
    """What is refused, with the reason, and whether it can be named: then an ack settles it."""
    def made(seq, more=b"", **fields):
        of = {"device": device.id, "boot": boot, "seq": seq, "started_us": now_us} | fields
        return wire.report(of["device"], of["boot"], of["seq"], of["started_us"], more,
                           **{k: v for k, v in of.items() if k in ("duration_us", "clock_state")})
    good = wire.frame(made(1))
    noise = random.Random(1).randbytes(1000)
    return [
        Bad("noise", b"\0" + noise, "bad_magic", False),
        Bad("a request of HTTP", b"GET / HTTP/1.1\r\n\r\n", "bad_magic", False),
        Bad("version 2", wire.frame(made(1), version=2), "unknown_version", False),
        Bad("an unknown flag", wire.frame(made(1), flags=0x80), "unknown_version", False),
        Bad("nothing", b"", "truncated", False),
        Bad("half a header", good[:9], "truncated", False),
        Bad("half a body", good[:40], "truncated", False),
        Bad("a body of 2 MiB and a byte", wire.frame(b"", size=2 * MIB + 1), "too_large", False),
        Bad("4 GiB, it says", wire.frame(b"", size=0xFFFFFFFF, plain=0xFFFFFFFF), "too_large", False),
        Bad("another checksum", wire.frame(made(1), checksum=1), "bad_checksum", False),
        Bad("what is no zstd", wire.frame(noise, flags=1, plain=4000), "bad_compression", False),
        Bad("1 GiB of zeros as 4 MiB", wire.packed(1024 * MIB, 4 * MIB), "bad_compression", False),
        Bad("1 GiB of zeros", wire.packed(1024 * MIB), "too_large", False),
        Bad("4 MiB of zeros", wire.packed(4 * MIB), "bad_message", False),
        Bad("noise in a frame", wire.frame(b"\xff" + noise), "bad_message", False),
        Bad("a report of nobody", wire.frame(b""), "bad_identity", False),
        Bad("report 0", wire.frame(made(0)), "bad_seq", False),
        Bad("report 2^63", wire.frame(made(1 << 63)), "bad_seq", False),
        Bad("latitude 91", wire.frame(made(1, wire.position(910_000_000, 0))), "bad_position", True),
        Bad("longitude -181", wire.frame(made(2, wire.position(0, -1_810_000_000))), "bad_position", True),
        Bad("a window of 10 s and a bit", wire.frame(made(3, duration_us=10_000_001)), "bad_window", True),
        Bad("columns of two lengths", wire.frame(made(4, wire.text(8, wire.text(6, b"\xc4")))),
            "bad_columns", True),
        Bad("the year 2200", wire.frame(made(5, started_us=7_258_118_400_000_000)), "bad_time", True),
        Bad("50 001 observations", wire.frame(made(6, wire.observations(50_001))), "too_large", True),
        Bad("another device's", wire.frame(made(7, device=other.id)), "foreign_device", True),
    ]


def wait_for(ask, wanted):
    """What is asked for, once it is what is wanted or it has taken too long."""
    end = time.monotonic() + NO_LONGER
    found = ask()
    while found != wanted and time.monotonic() < end:
        time.sleep(0.2)
        found = ask()
    return found


def as_a_device(server, hostile, victim, findings):
    """By both doors of devices, with a good certificate."""
    now_us = int(time.time() * 1e6)
    seen, statuses, broker = collections.Counter(), {}, hostile.broker()
    rows = {}
    for door, boot in hostile.boots.items():
        for bad in bad_envelopes(hostile, victim, boot, now_us):
            seen[bad.reason] += 1
            rows[bad.envelope] = bad.reason
            if door == "https":
                statuses[bad.what] = (hostile.post(bad.envelope), 200 if bad.named else 422)
            else:
                statuses[bad.what + " by MQTT"] = (
                    broker.publish(f"mob/v1/{hostile.name}/reports", bad.envelope), 0)
    findings.expect("answers to what is bad that are not as documented",
                    {what: got for what, (got, wanted) in statuses.items() if got != wanted}, {})
    # Ten years before and behind, each once by a door; and 513 frames: one too many.
    for door, boot in hostile.boots.items():
        off = [wire.frame(wire.report(hostile.id, boot, 8 + i, now_us + years))
               for i, years in enumerate((YEARS_10_US, -YEARS_10_US))]
        many = wire.frame(wire.report(hostile.id, boot, 10, now_us)) * 513
        seen["too_large"] += 1
        rows[many[:len(many) // 513]] = "too_large"
        for envelope in (*off, many):
            if door == "https":
                findings.expect("answer to clocks ten years off, and to 513 frames",
                                hostile.post(envelope), 200)
            else:
                broker.publish(f"mob/v1/{hostile.name}/reports", envelope)
    refused = wait_for(lambda: {reason: server.metric("mobilytics_ingest_refused_total", reason=reason)
                                for reason in seen}, dict(seen))
    findings.expect("reports refused, by reason", refused, dict(seen))
    findings.expect("reports taken", wait_for(lambda: server.metric(
        "mobilytics_ingest_reports_total", outcome="accepted"), 6), 6)
    findings.expect("reports that came again", server.metric(
        "mobilytics_ingest_reports_total", outcome="duplicate"), 2 * 511)
    findings.expect("clocks ten years ahead that are believed, of 2", server.sql(
        "SELECT count(*) FROM ingest.report WHERE seq = 8 AND NOT time_uncertain"), "0")
    findings.expect("old captures, of 2, that are taken for what they are", server.sql(
        "SELECT count(*) FROM ingest.report WHERE seq = 9 AND started < now() - interval '9 years'"
        " AND NOT time_uncertain"), "2")
    kept = collections.Counter(rows.values())
    findings.expect("rows in quarantine, by reason", dict(
        line.split("|") for line in server.sql(
            "SELECT reason, count(*) FROM ingest.quarantine GROUP BY 1 ORDER BY 1").splitlines()),
        {reason: str(count) for reason, count in sorted(kept.items())})
    findings.expect("refusals in quarantine", server.sql("SELECT sum(times) FROM ingest.quarantine"),
                    str(sum(seen.values())))
    findings.expect("bytes kept of the largest", server.sql(
        "SELECT max(length(content)) FROM ingest.quarantine"), str(64 << 10))
    findings.expect("refusals not kept", server.metric("mobilytics_ingest_quarantine_not_kept_total"), 0)
    findings.expect("boots of the other device, for all that was said in its name", server.sql(
        f"SELECT count(*) FROM ingest.boot WHERE device_id = '{victim.name}'"), "0")

    findings.expect("answer to another content type", hostile.post(b"x", "text/plain"), 415)
    findings.expect("answer to 5 MiB", hostile.post(b"", promised=5 * MIB), 413)
    # To the broker: between an envelope's limit and a packet's, and beyond both.
    broker.publish(f"mob/v1/{hostile.name}/reports", bytes(4 * MIB + 1))
    findings.expect("messages dropped as too large", wait_for(lambda: server.metric(
        "mobilytics_ingest_dropped_total", reason="too_large"), 1), 1)
    try:
        told = broker.publish(f"mob/v1/{hostile.name}/reports", bytes(5 * MIB))
    except OSError:
        told = "hung up"
    findings.expect("a packet of 5 MiB", told, "hung up")


def on_foreign_topics(server, hostile, victim, findings):
    broker, others = hostile.broker(), victim.broker()
    refused = 0x87  # Not authorized.
    findings.expect("what the broker says to foreign topics", [broker.publish(topic, b"x") for topic in (
        f"mob/v1/{victim.name}/reports", f"mob/v1/{victim.name}/ack", f"mob/v1/{hostile.name}/ack",
        "mob/v1/x/reports", "$SYS/broker/load", "x")], [refused] * 6)
    for topic in ("#", "mob/v1/+/reports", f"mob/v1/{victim.name}/ack"):
        broker.subscribe(topic)
    now_us = int(time.time() * 1e6)
    others.subscribe(f"mob/v1/{victim.name}/ack")
    # The very bytes that were said in its name are its own now, and it is they that are taken.
    boot = hostile.boots["mqtt"]
    others.publish(f"mob/v1/{victim.name}/reports",
                   wire.frame(wire.report(victim.id, boot, 7, now_us)))
    kind, _ = others.read()
    findings.expect("the other device's own report is acknowledged: a PUBLISH", kind >> 4, 3)
    # Its ack has been; when ours comes, what we could have overheard has come.
    broker.publish(f"mob/v1/{hostile.name}/reports",
                   wire.frame(wire.report(hostile.id, boot, 11, now_us)))
    topics, own = set(), f"mob/v1/{hostile.name}/ack"
    while own not in topics:
        kind, body = broker.read()
        if kind >> 4 == 3:
            topics.add(body[2:2 + int.from_bytes(body[:2], "big")].decode())
    findings.expect("topics overheard", sorted(topics - {own, f"mob/v1/{hostile.name}/reports"}), [])
    others.close()
    broker.close()


def said_to(port, data):
    """The status of the answer to raw bytes, 0 where there was none; and what else it says."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), 30) as way:
        try:
            way.sendall(data)
            way.shutdown(socket.SHUT_WR)
            while more := way.recv(64 << 10):
                answer += more
        except OSError:
            pass  # It hung up on us, which is an answer.
    return (int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0), answer


def at_the_open_port(server, findings):
    """Who has no certificate and no session."""
    def request(line, *headers, body=b""):
        return b"\r\n".join([line, b"Host: x", *headers, b"", body])
    bomb = subprocess.run("head -c 1073741824 /dev/zero | gzip -1", shell=True, capture_output=True,
                          check=True).stdout  # 1 MiB, of 1 GiB.
    chance = random.Random(2)
    # (what, bytes, status, whether it is refused before any route sees it)
    cases = [
        ("TLS", b"\x16\x03\x01\x02\x00" + chance.randbytes(512), 400, True),
        *[("noise", b"\xff" + chance.randbytes(chance.randint(1, 4000)), 400, True) for _ in range(100)],
        ("20 kB of headers", request(b"GET / HTTP/1.1", b"X: " + b"x" * 20_000), 431, True),
        ("101 headers", request(b"GET / HTTP/1.1", *[b"X: 1"] * 101), 431, True),
        ("HTTP/3.0", request(b"GET / HTTP/3.0"), 505, True),
        ("two lengths", request(b"POST /api/v1/session HTTP/1.1", b"Content-Length: 1",
                                b"Content-Length: 2", body=b"xx"), 400, True),
        ("both lengths", request(b"POST /api/v1/session HTTP/1.1", b"Content-Length: 5",
                                 b"Transfer-Encoding: chunked", body=b"0\r\n\r\nGET / HTTP/1.1\r\n"), 400, True),
        ("a space before the colon", request(b"POST /api/v1/session HTTP/1.1", b"Content-Length : 5",
                                             body=b"0\r\n\r\n"), 400, True),
        ("another coding", request(b"POST /api/v1/session HTTP/1.1", b"Transfer-Encoding: xchunked",
                                   body=b"0\r\n\r\n"), 501, True),
        ("a line that is folded", request(b"POST /api/v1/session HTTP/1.1", b"Transfer-Encoding:\r\n chunked",
                                          body=b"0\r\n\r\n"), 400, True),
        ("a length that is none", request(b"POST /api/v1/session HTTP/1.1", b"Content-Length: -1"), 400, True),
        ("a body of 2 GiB", request(b"POST /api/v1/session HTTP/1.1", b"Content-Length: 2147483648"), 413, True),
        ("a chunk of no size", request(b"POST /api/v1/session HTTP/1.1", b"Transfer-Encoding: chunked",
                                       body=b"zz\r\n"), 400, True),
        ("CONNECT", request(b"CONNECT x:1 HTTP/1.1"), 501, True),
        # As any page that the dashboard's own router may know.
        ("way out of the folder", request(b"GET /../../../etc/passwd HTTP/1.1"), 200, False),
        ("the same, encoded", request(b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1"), 200, False),
        ("a page of nobody", request(b"GET /api/v1/nothing HTTP/1.1"), 404, False),
        ("assets without a session", request(b"GET /api/v1/assets HTTP/1.1"), 401, False),
        ("a bomb of gzip", request(
            b"POST /api/v1/session HTTP/1.1", b"Content-Type: application/json",
            b"Content-Encoding: gzip", b"Content-Length: %d" % len(bomb[:MIB]), body=bomb[:MIB]), 422, False),
        ("a hundred thousand brackets", request(
            b"POST /api/v1/session HTTP/1.1", b"Content-Type: application/json",
            b"Content-Length: 100000", body=b"[" * 100_000), 422, False),
    ]
    wrong = {}
    for what, data, status, _ in cases:
        got, answer = said_to(server.http, data)
        if got != status or b"root:" in answer:
            wrong[what] = (got, status)
    findings.expect("answers of the open port that are not as they should be", wrong, {})
    findings.expect("requests refused before a route", server.metric(
        "mobilytics_http_refused_total", listener="api", why="bad_request"),
        sum(case[3] for case in cases))
    before = server.metric("mobilytics_http_refused_total", listener="devices", why="handshake")
    for port in (server.https, server.mqtt):
        for _ in range(100):
            said_to(port, chance.randbytes(chance.randint(1, 2000)))
    for port in (server.https, server.mqtt):  # Good TLS, and no certificate.
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            with socket.create_connection(("127.0.0.1", port), 30) as plain, \
                    context.wrap_socket(plain) as way:
                way.sendall(b"GET /device/v1/salt?day=2026-08-21 HTTP/1.1\r\nHost: x\r\n\r\n")
                told = way.recv(64)
        except OSError:
            told = b""
        findings.expect("what is said to who has no certificate", told, b"")
    findings.expect("handshakes refused", wait_for(lambda: server.metric(
        "mobilytics_http_refused_total", listener="devices", why="handshake") - before, 101), 101)


def hold(port, count, net, first=b""):
    """So many connections from addresses of 127.NET, which have said no more than that."""
    held = []
    for i in range(count):
        way = socket.create_connection(("127.0.0.1", port), 30, (f"127.{net}.0.{1 + i // OF_AN_ADDRESS}", 0))
        if first:
            way.sendall(first)
        held.append(way)
    return held


def under_ten_thousand(server, api, play, findings):
    """Connections held open, and one address that wants more than its share."""
    def open_at(listener):
        return server.metric("mobilytics_http_open_connections", listener=listener)

    def refused(listener, why):
        return server.metric("mobilytics_http_refused_total", listener=listener, why=why)
    before = {(listener, why): refused(listener, why)
              for listener in ("api", "devices") for why in ("slow", "address_connections_max")}
    held = [*hold(server.http, HELD["http"], 1), *hold(server.mqtt, HELD["mqtt"], 2),
            *hold(server.http, HELD["http_slow"], 4, b"GET / HTT"), *hold(server.https, HELD["https"], 3)]
    findings.expect("connections held", len(held), sum(HELD.values()))
    for listener, most in (("api", HELD["http"] + HELD["http_slow"]), ("devices", HELD["https"])):
        # One more may be there: who asks for this figure has one as well.
        findings.expect(f"of them open at once at {listener}", wait_for(
            lambda: min(open_at(listener), most), most), most)
    greedy = [socket.create_connection(("127.0.0.1", server.http), 30, ("127.9.0.1", 0))
              for _ in range(600)]
    findings.expect("connections of one address above its share", wait_for(
        lambda: refused("api", "address_connections_max") - before["api", "address_connections_max"],
        600 - 512), 600 - 512)
    findings.expect("answer to a person meanwhile", list(api.ask("assets")[1]), ["items"])
    findings.expect("a good sensor meanwhile ends with", play(), 0)
    for listener, slow in (("api", HELD["http_slow"]), ("devices", HELD["https"])):
        findings.expect(f"connections at {listener} cut for being slow", wait_for(
            lambda: refused(listener, "slow") - before[listener, "slow"], slow), slow)
    for way in held + greedy:
        way.close()
    findings.below("connections at the API when they have gone", wait_for(
        lambda: open_at("api") < 10 and open_at("api"), 1), 10)


def memory_at_worst_mib(process):
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    raise RuntimeError("the server has ended")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    build = parser.parse_args().build.resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mobilytics_hostile_"))
    os.chmod(folder, 0o755)
    findings, server = Findings(), Server(build, folder)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_AT_FIRST, most))
        server.start()
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        server.wait_until_ready()
        process, api = server.process, Api(server)
        hostile, victim, good = (Device(build, folder, api, server, name)
                                 for name in ("hostile", "victim", "good"))
        subprocess.run([build / "tests/simulation/simulate", "--out", folder, "--hours", "0.1",
                        "--from", "2026-08-21T17:00:00Z", "--asset", "SIM-B01"], check=True,
                       capture_output=True)

        def play():
            return subprocess.run(
                [good.program, "replay", "--state", good.state, "--quiet", "--wait", str(NO_LONGER),
                 "--pcap", folder / "SIM-B01-synthetic.wifi.pcap"],
                capture_output=True, env=environment()).returncode

        as_a_device(server, hostile, victim, findings)
        on_foreign_topics(server, hostile, victim, findings)
        at_the_open_port(server, findings)
        under_ten_thousand(server, api, play, findings)
        findings.expect("a good sensor afterwards ends with", play(), 0)
        findings.expect("boots of the good sensor, of 2, of which all is stored", server.sql(
            "SELECT count(*) FROM ingest.boot b WHERE taken = int8multirange(int8range(1, cumulative + 1))"
            " AND cumulative = (SELECT count(*) FROM ingest.report r WHERE r.boot_id = b.boot_id)"
            f" AND device_id = '{good.name}'"), "2")
        findings.expect("the server is the one that was started", server.process.poll(), None)
        findings.below("MiB of the server at its worst", memory_at_worst_mib(process), MEMORY_MAX_MIB)
        server.stop()
        code, told = server.verify()
        findings.expect("facts that differ from those of an undisturbed run, by verify's exit", code, 0)
        if code != 0:
            print(told)
    finally:
        if server.process is not None and server.process.poll() is None:
            server.process.kill()
        if findings.failures and os.environ.get("KEEP_FOLDER"):
            print(f"kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return findings.close()


if __name__ == "__main__":
    sys.exit(main())
