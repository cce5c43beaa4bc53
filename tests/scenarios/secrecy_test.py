#!/usr/bin/env python3
"""No address, no name and no salt in clear, anywhere: real sensors, which joined by a claim, hear devices whose
addresses, networks and names this test drew, and tell the real server by MQTT and by HTTPS, in both privacy
modes; somebody asks the API and the pages all that can be asked; a backup is made. Then every byte at rest and
on the wire is read, tables also through SQL, packed things also unpacked, and what was drawn is sought in every
form (sought.py), and so are the salts. What is planted, of things that no device said, must be found where it is.

On the wire two records are made of each line of a sensor: what anybody sees who listens, and what is within TLS,
by a relay that has the server's key and the sensor's, as only this test can. From within TLS it knows the
company's salt; a salt of a sensor's own it reads in that sensor's memory, and knows it by what it makes of an
address that was drawn. So it needs the right to read its own children's memory.

    secrecy_test.py BUILD_FOLDER
"""

import argparse
import asyncio
import csv
import ctypes
import datetime
import hashlib
import hmac
import json
import os
import pathlib
import re
import shutil
import signal
import ssl
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zoneinfo

import yaml

from product import PASSWORD, Api, Findings, Server, environment, free_ports
from relay import CHUNK, Network
from sought import Salt, Sought, draw_address, draw_text, forms_not_found, laid_open, of_hex

ROOT = pathlib.Path(__file__).resolve().parents[2]
NO_LONGER = 120  # Seconds that something which must happen may take on a slow machine.
EACH = 5  # Devices of a sort: more than are suppressed, in all.
ROUNDS = 4
REPLAYED_S = 1200  # From a replay's first sighting to its last.
SORTS = {  # Mask and value of the first octet; for BLE, whether the packet says that it is random.
    "wifi global": ((3, 0), None), "wifi local": ((3, 2), None), "ble public": ((0, 0), False),
    "ble static": ((0xC0, 0xC0), True), "ble resolvable": ((0xC0, 0x40), True),
    "ble non-resolvable": ((0xC0, 0), True)}
SALT_ANSWER = re.compile(rb'"salt"\s*:\s*"([0-9a-f]{64})"')
RADIOTAP, BLE_WITH_RADIO = 127, 256
PCAP_HEADER = struct.Struct("<IHHiIII")
PLANTS = "planted_by_the_test"


def wait_for(ask, wanted=None):
    end = time.monotonic() + NO_LONGER
    while True:
        found = ask()
        if (found == wanted if wanted is not None else found) or time.monotonic() > end:
            return found
        time.sleep(0.2)


class Device:
    """A phone or what else is on the air: an address, and words."""

    def __init__(self, sort, number):
        first, self.random = SORTS[sort]
        self.name, self.wifi = f"{sort} {number}", sort.startswith("wifi")
        self.address = draw_address(first)
        self.network = draw_text("Café")  # 20 bytes: an SSID has 32.
        self.label = draw_text("Zoë's")

    def things(self):
        yield f"address of {self.name}", self.address
        if self.wifi:
            yield f"network of {self.name}", self.network
        yield f"label of {self.name}", self.label

    def frame(self, sequence):
        return self.probe_request(sequence) if self.wifi else self.advertisement()

    def probe_request(self, sequence):
        """Behind radiotap: channel 6, -50 dBm. What it is called is told by WPS."""
        network, label = self.network.value, self.label.value
        name = b"\0\x50\xf2\x04" + struct.pack(">HH", 0x1011, len(label)) + label
        return (struct.pack("<BBHIHHb", 0, 0, 13, 0x28, 2437, 0xA0, -50) + b"\x40\0\0\0" + b"\xff" * 6 +
                self.address.value + b"\xff" * 6 + struct.pack("<H", sequence << 4) +
                bytes([0, len(network)]) + network + b"\x01\x04\x02\x04\x0b\x16" +
                bytes([0xDD, len(name)]) + name)

    def advertisement(self):
        """ADV_IND on channel 37, -50 dBm, its checksum found good; the air has addresses the other way round."""
        label = self.label.value
        body = self.address.value[::-1] + b"\x02\x01\x06" + bytes([len(label) + 1, 9]) + label
        air = struct.pack("<I", 0x8E89BED6)
        return (struct.pack("<BbbB", 0, -50, -128, 0) + air + struct.pack("<H", 0x0C03) + air +
                bytes([0x40 if self.random else 0, len(body)]) + body + b"\0\0\0")

    def pseudonym(self, salt):
        """As docs/protocol.md has it, and as a fixed64 stands in a report."""
        kind = b"\1" if self.wifi else b"\2"
        return hmac.digest(salt, kind + self.address.value, "sha256")[:8][::-1]


def record(frame, at):
    """As a capture has it."""
    return struct.pack("<IIII", int(at), int(at % 1 * 1e6), len(frame), len(frame)) + frame


class Tap:
    """A relay that keeps what went through, a connection and direction each. With contexts it ends TLS here, and
    begins it anew: what it keeps then is what was within."""

    def __init__(self, network, target, server_side=None, client_side=None):
        self.target, self.client_side, self.heard = target, client_side, []
        serving = asyncio.start_server(self.relay, "127.0.0.1", 0, ssl=server_side)
        self.server = network.call(serving)
        self.port = self.server.sockets[0].getsockname()[1]

    async def relay(self, reader, writer):
        writers, ways = [writer], []
        try:
            there, onward = await asyncio.open_connection(
                "127.0.0.1", self.target, ssl=self.client_side,
                server_hostname="127.0.0.1" if self.client_side else None)
            writers.append(onward)
            ways = [asyncio.ensure_future(self.carry(*way)) for way in ((reader, onward), (there, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        except OSError:
            pass  # The server is away: so is the line.
        finally:
            for way in ways:
                way.cancel()
            for one in writers:
                one.close()

    async def carry(self, reader, writer):
        kept = bytearray()
        self.heard.append(kept)
        try:
            while data := await reader.read(CHUNK):
                kept += data
                writer.write(data)
                await writer.drain()
        except OSError:
            pass

    def bytes(self):
        return b"\n".join(bytes(kept) for kept in self.heard)


class Line:
    """A sensor's way to one port of the server: heard, laid open, heard again."""

    def __init__(self, network, target, server, state):
        server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=state / "authority.pem")
        server_side.verify_mode = ssl.CERT_REQUIRED
        server_side.load_cert_chain(server.data / "pki/server.pem", server.data / "pki/server.key")
        client_side = ssl.create_default_context(cafile=state / "authority.pem")
        client_side.load_cert_chain(state / "device.pem", state / "device.key")
        self.behind = Tap(network, target)
        self.within = Tap(network, self.behind.port, server_side, client_side)
        self.before = Tap(network, self.within.port)

    def outer(self):
        return self.before.bytes() + b"\n" + self.behind.bytes()


class Sensor:
    """Joined, running, and hearing what the test has on the air."""

    def __init__(self, world, code, doors):
        self.world, self.code, self.state = world, code, world.folder / code
        asset = world.api.ask("assets", {"code": code, "name": code, "kind": "billboard", "latitude": 41.88,
                                         "longitude": -87.63})[1]["id"]
        claim = world.api.ask("claims", {"name": code, "asset_id": asset})[1]["code"]
        self.environment = environment(UPLINK_ACK_WAIT=1000, PRIVACY_OPT_OUTS_EVERY=1000) | {"TMPDIR": str(world.folder / "tmp")}
        subprocess.run([world.sensor, "enroll", "--state", self.state, "--server", world.url, "--claim", claim],
                       check=True, capture_output=True, env=self.environment)
        self.identity = json.loads((self.state / "identity.json").read_text())
        ports = {"mqtt_url": world.server.mqtt, "https_url": world.server.https}
        self.lines = {}
        for name, port in ports.items():
            scheme = self.identity[name].split(":")[0]
            if name in doors:
                self.lines[name] = Line(world.network, port, world.server, self.state)
                port = self.lines[name].before.port
            else:
                port = free_ports(1)[0]  # Where nobody listens.
            self.identity[name] = f"{scheme}://127.0.0.1:{port}"
        (self.state / "identity.json").write_text(json.dumps(self.identity))
        self.fifos = {link: world.folder / f"{code}.{link}" for link in (RADIOTAP, BLE_WITH_RADIO)}
        for fifo in self.fifos.values():
            os.mkfifo(fifo)
        self.told = 0

    def replay(self, devices):
        """What was heard for a minute, and long after: so that the store has visits that have ended."""
        files = {link: self.world.folder / f"{self.code}.{link}.pcap" for link in self.fifos}
        for link, path in files.items():
            with open(path, "wb") as capture:
                capture.write(PCAP_HEADER.pack(0xA1B2C3D4, 2, 4, 0, 0, 65535, link))
                for second in [*range(0, 60, 10), REPLAYED_S]:
                    for device in devices:
                        if device.wifi == (link == RADIOTAP):
                            capture.write(record(device.frame(second), 1_750_000_000 + second))
                            self.told += 1
        return subprocess.run(
            [self.world.sensor, "replay", "--state", self.state, "--quiet", "--wait", str(NO_LONGER), "--pcap",
             *map(str, files.values())], capture_output=True, env=self.environment).returncode

    def days_heard(self):
        """A replay ends when it is played."""
        zone, now = zoneinfo.ZoneInfo(self.identity["time_zone"]), time.time()
        return {datetime.datetime.fromtimestamp(at, zone).date() for at in (now - REPLAYED_S - NO_LONGER, now)}

    def run(self):
        self.log = self.world.folder / f"{self.code}.log"
        self.process = subprocess.Popen(
            [self.world.sensor, "run", "--state", self.state, "--pcap", *map(str, self.fifos.values())],
            stdout=open(self.world.folder / f"{self.code}.out", "wb"), stderr=open(self.log, "wb"),
            env=self.environment)
        self.world.processes.append(self.process)
        if not wait_for(lambda: "sensor_started" in self.log.read_text()):
            raise RuntimeError(self.log.read_text())
        self.air = {link: open(fifo, "wb", buffering=0) for link, fifo in self.fifos.items()}
        for link, air in self.air.items():
            air.write(PCAP_HEADER.pack(0xA1B2C3D4, 2, 4, 0, 0, 65535, link))

    def hear(self, devices):
        for _ in range(ROUNDS):
            for device in devices:
                self.air[RADIOTAP if device.wifi else BLE_WITH_RADIO].write(
                    record(device.frame(self.told % 4096), time.time()))
                self.told += 1
            time.sleep(0.2)  # The pace of what is on the air.

    def pass_over(self, device):
        """Somebody who opted out is on the air; nothing comes of it."""
        for _ in range(ROUNDS):
            self.air[RADIOTAP if device.wifi else BLE_WITH_RADIO].write(record(device.frame(0), time.time()))

    def stored(self):
        return int(self.world.server.sql("SELECT coalesce(sum(observations), 0) FROM ingest.report WHERE"
                                         f" device_id = '{self.identity['device_id']}'"))

    def within(self):
        return b"\n".join(line.within.bytes() for line in self.lines.values())

    def ask_for_salt(self, port):
        """As it would ask; past what is recorded, for the test's own question is nobody's."""
        context = ssl.create_default_context(cafile=self.state / "authority.pem")
        context.load_cert_chain(self.state / "device.pem", self.state / "device.key")
        today = datetime.datetime.now(zoneinfo.ZoneInfo(self.identity["time_zone"])).date()
        try:
            with urllib.request.urlopen(f"https://127.0.0.1:{port}/device/v1/salt?day={today}", timeout=NO_LONGER,
                                        context=context) as reply:
                return reply.status, "given"
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.load(refusal)["code"]

    def stop(self):
        for air in self.air.values():
            air.close()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def grams(data):
    """All that could be a pseudonym."""
    return {pile[at:at + 8] for pile in laid_open(data) for at in range(len(pile) - 7)}


def tells(data, devices, salts):
    """Whether it has every device's pseudonym of one of the salts."""
    piles = laid_open(data)
    return any(all(any(device.pseudonym(salt) in pile for pile in piles) for device in devices) for salt in salts)


def salts_in_memory(process, device, pseudonyms):
    """Whatever 32 bytes of a process's memory make of the device's address a pseudonym that it sent."""
    found, seen = set(), set()
    with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            if not rights.startswith("rw") or "[v" in line:
                continue
            begin, end = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(begin)
                part = memory.read(end - begin)
            except OSError:
                continue  # A guard page, or gone since.
            for at in range(0, len(part) - 31, 8):
                key = part[at:at + 32]
                # Chance has more than that many different bytes in 32.
                if key in seen or len(set(key)) < 20:
                    continue
                seen.add(key)
                if device.pseudonym(key) in pseudonyms:
                    found.add(key)
    return found


class Duck:
    """DuckDB as the server has it."""

    def __init__(self, library, path):
        self.duckdb = ctypes.CDLL(library)
        self.duckdb.duckdb_result_error.restype = ctypes.c_char_p
        self.database, self.connection = ctypes.c_void_p(), ctypes.c_void_p()
        if self.duckdb.duckdb_open(str(path).encode(), ctypes.byref(self.database)) or \
                self.duckdb.duckdb_connect(self.database, ctypes.byref(self.connection)):
            raise RuntimeError(f"{path} cannot be opened")

    def run(self, statement):
        result = ctypes.create_string_buffer(256)  # A duckdb_result is smaller.
        if self.duckdb.duckdb_query(self.connection, statement.encode(), result):
            raise RuntimeError(self.duckdb.duckdb_result_error(result).decode())
        self.duckdb.duckdb_destroy_result(result)

    def close(self):
        self.duckdb.duckdb_disconnect(ctypes.byref(self.connection))
        self.duckdb.duckdb_close(ctypes.byref(self.database))

    def tables(self, folder):
        """Each table's columns as text; bytes as digits."""
        folder.mkdir()
        self.run(f"""COPY (SELECT schema_name, table_name, string_agg(CASE data_type WHEN 'BLOB'
            THEN 'hex("' || column_name || '")' ELSE 'CAST("' || column_name || '" AS VARCHAR)' END, ', '
            ORDER BY column_index) FROM duckdb_columns() WHERE NOT internal GROUP BY ALL)
            TO '{folder}/tables.csv'""")
        out = {}
        with open(folder / "tables.csv", newline="") as listed:
            for schema, table, columns in list(csv.reader(listed))[1:]:
                path = folder / f"{schema}.{table}.csv"
                self.run(f'COPY (SELECT {columns} FROM "{schema}"."{table}") TO \'{path}\'')
                out[f"{schema}.{table}"] = path.read_bytes()
        return out


def tables_of_duckdb(world, store, name):
    """Of a copy, with what waits in its log; and of the copy one table more, which is planted."""
    copy = world.folder / name
    copy.mkdir()
    for file in store.parent.glob("store.duckdb*"):
        if file.is_file():
            shutil.copy(file, copy / file.name)
    duck = Duck(world.libduckdb, copy / store.name)
    duck.run(f"CREATE TABLE {PLANTS} AS SELECT '{world.planted['store'].value.hex(':')}' AS said FROM range(5000)")
    out = duck.tables(copy / "tables")
    duck.close()
    return {f"{name}: {table}": text + b"\n" + of_hex(text) for table, text in out.items()}


def ask(world, path):
    """Any path, as the owner: the status and the body."""
    request = urllib.request.Request(world.url + path, headers={"Authorization": f"Bearer {world.api.token}"})
    try:
        with urllib.request.urlopen(request, timeout=NO_LONGER) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


def period():
    """An hour before and behind."""
    return "&".join(f"{name}={time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + seconds))}"
                    for name, seconds in (("from", -3600), ("to", 3600)))


def ask_everything(world, findings):
    """Every question of every contract that needs no id, and the pages."""
    answers = {}
    for contract in sorted(ROOT.glob("src/**/openapi.yaml")):
        for path, operations in yaml.safe_load(contract.read_text())["paths"].items():
            if "{" in path or "get" not in operations or "event-stream" in json.dumps(operations["get"], default=str):
                continue
            answers[path] = ask(world, path)[0]
            if answers[path] == 422:
                answers[path] = ask(world, f"{path}?{period()}")[0]
    answered = [path for path, status in answers.items() if status == 200]
    findings.at_least("questions of the API that were answered", len(answered), 30)
    for path in ("/api/v1/reports/overview", "/api/v1/live/assets", "/api/v1/audit",
                 "/api/v1/privacy/data-map"):
        findings.expect(f"answer to {path}", answers.get(path), 200)
    status, page = ask(world, "/")
    findings.expect("answer to the page", status, 200)
    for path in sorted(set(re.findall(rb'(?:src|href)="(/[^"]+)"', page))):
        ask(world, path.decode())
    ask(world, "/metrics")


def change_mode(world, mode):
    request = urllib.request.Request(
        f"{world.url}/api/v1/company", method="PATCH", data=json.dumps({"privacy_mode": mode}).encode(),
        headers={"Authorization": f"Bearer {world.api.token}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=NO_LONGER) as reply:
        return json.load(reply)["privacy_mode"]


def opt_out(world, device):
    """Past the dashboard's wire, which is plain here: that is where the address is in the question."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{world.server.http}/api/v1/privacy/opt-outs", method="POST",
        data=json.dumps({"address": device.address.value.hex(":")}).encode(),
        headers={"Authorization": f"Bearer {world.api.token}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=NO_LONGER) as reply:
        return reply.status


def following(world):
    return world.api.ask("privacy/opt-outs")[1]["sensors_following"]


def opted_out_while_it_runs(world, sensor, device, others, running, findings):
    """It is counted, is put on the list, and from when the sensors say that they follow it is not."""
    sensor.hear([device])
    findings.expect(f"{sensor.code}: sightings stored, with who opts out later",
                    wait_for(sensor.stored, sensor.told), sensor.told)
    findings.expect("answer to an opt-out", opt_out(world, device), 201)
    findings.expect("sensors that follow", wait_for(lambda: following(world), running), running)
    sensor.pass_over(device)
    sensor.hear(others)
    findings.expect(f"{sensor.code}: sightings stored, without who opted out",
                    wait_for(sensor.stored, sensor.told), sensor.told)


def said_once(world, sensor, devices, findings):
    """What it heard is stored, each device by the pseudonym that its salt makes. All salts that are known."""
    findings.expect(f"{sensor.code}: a replay ends with", sensor.replay(devices), 0)
    sensor.run()
    sensor.pass_over(world.opted_out)
    sensor.hear(devices)
    findings.expect(f"{sensor.code}: sightings stored", wait_for(sensor.stored, sensor.told), sensor.told)
    within = grams(sensor.within())
    given = {bytes.fromhex(salt.decode()) for salt in SALT_ANSWER.findall(sensor.within())}
    salts = {salt for salt in given if devices[0].pseudonym(salt) in within} or salts_in_memory(
        sensor.process.pid, devices[0], within)
    # A salt is of a day: what was heard about midnight is of two.
    findings.expect(f"{sensor.code}: salts that it hashes with, one of each day that it heard",
                    1 <= len(salts) <= len(sensor.days_heard()), True)
    for salt in salts:
        findings.expect(f"{sensor.code}: tells of who opted out", world.opted_out.pseudonym(salt) in within, False)
        findings.expect(f"{sensor.code}: devices told by their pseudonym",
                        sum(device.pseudonym(salt) in within for device in devices), len(devices))
    findings.expect(f"{sensor.code}: whether the salt was given", bool(given),
                    sensor.identity["salt_mode"] == "standard")
    return given | salts


class World:
    """One installation with all that listens to it."""

    def __init__(self, build, folder):
        self.folder, self.processes, self.network = folder, [], Network()
        (folder / "tmp").mkdir()
        os.chmod(folder / "tmp", 0o1777)  # PostgreSQL is not root.
        self.sensor = str(build / "mobilytics-sensor")
        self.server = Server(build, folder)
        self.server.environment |= {"TMPDIR": str(folder / "tmp")}

    def start(self):
        self.server.start()
        self.server.wait_until_ready()
        self.libduckdb = next(re.finditer(r"(/\S*libduckdb\.so)", pathlib.Path(
            f"/proc/{self.server.process.pid}/maps").read_text())).group(1)
        self.dashboard = Tap(self.network, self.server.http)
        self.url = f"http://127.0.0.1:{self.dashboard.port}"
        self.api = Api(self.server)
        self.api.url = self.url
        self.api.sign_in(self.api.ask("session", {"email": "owner@localhost", "password": PASSWORD}))
        self.planted = {  # Things that no device ever said.
            "file": draw_address((3, 2)), "log": Salt(os.urandom(32)), "spool": draw_text("Net"),
            "table": draw_address((3, 0)), "packed": draw_address((0, 0)), "store": draw_address((3, 2)),
            "wire": draw_text("Net")}

    def close(self):
        for process in [*self.processes, self.server.process]:
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(60)


def dump_of_postgres(server):
    words = server.psql_words()
    names = subprocess.run([*words, "-c", "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate"],
                           capture_output=True, text=True, check=True).stdout.split()
    out = b""
    for name in names:
        out += subprocess.run(["pg_dump", "-h", words[2], "-U", "postgres", name], check=True,
                              capture_output=True).stdout
    return out + b"\n" + of_hex(out)


def plant_in_postgres(world):
    """A text that is kept packed, and bytes that were packed before they came."""
    said = ("x" * 50 + world.planted["table"].value.hex(":")) * 200
    packed = subprocess.run(["zstd", "-q", "-c"], capture_output=True, check=True,
                            input=world.planted["packed"].value * 50 + bytes(5000)).stdout
    world.server.sql(f"CREATE TABLE public.{PLANTS} (said text, packed bytea)")
    world.server.sql(f"INSERT INTO public.{PLANTS} VALUES ('{said}', '\\x{packed.hex()}')")


def run(world, findings):
    """Everything that is to be looked at: bytes, by where they are; and all that is to be sought."""
    devices = [Device(sort, number) for sort in SORTS for number in range(EACH)]
    world.opted_out, world.later = Device("wifi global", EACH), Device("ble public", EACH)
    world.later.address = draw_address((3, 0))  # Others look as if they were made up, and are refused.
    things = {name: thing for device in [*devices, world.opted_out, world.later] for name, thing in device.things()}
    findings.expect("answer to an opt-out", opt_out(world, world.opted_out), 201)
    sensors, salts = [], set()
    for mode in ("standard", "strict"):
        findings.expect("the company's mode", change_mode(world, mode), mode)
        for door, doors in (("MQTT", ("mqtt_url", "https_url")), ("HTTPS", ("https_url",))):
            sensors.append(Sensor(world, f"{mode}-{door}", doors))
            findings.expect(f"{sensors[-1].code}: mode", sensors[-1].identity["salt_mode"], mode)
            salts |= said_once(world, sensors[-1], devices, findings)
            reports = sensors[-1].lines.get("mqtt_url")
            findings.expect(f"{sensors[-1].code}: goes by", "MQTT" if reports and b"/reports" in
                            reports.within.bytes() else "HTTPS", door)
    opted_out_while_it_runs(world, sensors[-1], world.later, devices, len(sensors), findings)
    findings.expect("answer to who joined before and asks a strict company for its salt",
                    sensors[0].ask_for_salt(world.server.https), (403, "strict_mode"))
    things |= {f"salt {number}": Salt(salt) for number, salt in enumerate(sorted(salts))}
    findings.at_least("salts: the company's, and one of each sensor that is strict", len(salts), 3)
    visits = wait_for(lambda: world.api.ask(f"reports/overview?{period()}")[1]["current"]["visits"])
    findings.at_least("visits that were measured", visits, len(devices))
    ask_everything(world, findings)
    told = subprocess.run([world.server.program, "backup", "--to", str(world.folder / "backup"), "--keys-sealed-by",
                           str(world.folder / "backup.key"), "--data", str(world.server.data)],
                          capture_output=True, env=world.server.environment)
    findings.expect("exit of the backup", told.returncode, 0)
    plant_in_postgres(world)
    ask(world, f"/{PLANTS}?{world.planted['wire'].token.decode()}")
    piles = {"tables of PostgreSQL": dump_of_postgres(world.server), "what backup told": told.stdout + told.stderr}
    world.server.sql(f"DROP TABLE public.{PLANTS}")
    world.server.stop()
    for sensor in sensors:
        sensor.hear(devices)  # Nobody takes it: it waits on disk.
        piles[f"what {sensor.code} says of itself"] = subprocess.run(
            [world.sensor, "status", "--state", sensor.state], capture_output=True, env=sensor.environment).stdout
        findings.expect(f"{sensor.code}: ends with", sensor.stop(), 0)
    return devices, sensors, things, salts, piles


def gather(world, sensors, salts, piles, findings):
    """Besides what is in `piles`: every file, and every byte of the wire."""
    (world.server.data / PLANTS).write_bytes(world.planted["file"].value)
    with open(world.server.log.name, "ab") as log:
        log.write(b'{"salt":"' + world.planted["log"].value.hex().encode() + b'"}\n')
    (sensors[0].state / "spool" / PLANTS).write_bytes(world.planted["spool"].value)
    backup = world.folder / "backup"
    dump = subprocess.run(["pg_restore", "-f", "-", backup / "database.dump"], check=True,
                          capture_output=True).stdout
    piles["tables of the backup"] = dump + b"\n" + of_hex(dump)
    piles |= tables_of_duckdb(world, world.server.data / "store.duckdb", "store")
    piles |= tables_of_duckdb(world, backup / "store.duckdb", "store of the backup")
    for sensor in sensors:
        for name, line in sensor.lines.items():
            door = name.split("_")[0]
            begins = {bytes(kept[:2]) for kept in line.before.heard + line.behind.heard if kept}
            findings.expect(f"{sensor.code}, {door}: connections that do not begin as TLS does",
                            begins - {b"\x16\x03"}, set())
            piles[f"wire of {sensor.code}, {door}"] = line.outer()
            # Where the company's salt is handed out, and nowhere else, it may be.
            piles[f"within TLS of {sensor.code}, {door}"] = SALT_ANSWER.sub(b"", line.within.bytes())
    piles["wire of the dashboard"] = world.dashboard.bytes()
    files, known = 0, set()
    ours = [world.server.data, backup, world.folder / "tmp", *(sensor.state for sensor in sensors)]
    for path in sorted(path for top in ours for path in top.rglob("*")) + sorted(world.folder.glob("*.log")) + \
            sorted(world.folder.glob("*.out")):
        if not path.is_file() or path.is_symlink():
            continue
        files += 1
        data = path.read_bytes()
        digest = hashlib.sha256(data).digest()
        if digest not in known:  # PostgreSQL has its templates three times.
            known.add(digest)
            piles[str(path.relative_to(world.folder))] = data
    findings.at_least("files that were read", files, 500)
    return piles


def where(sought, piles):
    """Names of what was found, by where."""
    out = {}
    for place, data in piles.items():
        for name in sought.found(data):
            out.setdefault(name, set()).add(place)
    return out


def judge(world, devices, sensors, things, salts, piles, findings):
    for sensor in sensors:
        piles[f"spool of {sensor.code}"] = b"".join(
            data for place, data in piles.items() if place.startswith(f"{sensor.code}/spool/"))
    for place in ("tables of PostgreSQL", "tables of the backup", *(f"spool of {each.code}" for each in sensors)):
        findings.expect(f"{place}: whether every device is in it, by a pseudonym",
                        tells(piles[place], devices, salts), True)
        findings.expect(f"{place}: whether who opted out is in it", tells(piles[place], [world.opted_out], salts),
                        False)
    for store in ("store", "store of the backup"):
        findings.at_least(f"visits in the {store}", piles[f"{store}: main.visit"].count(b"\n") - 2, len(devices))
    print(f"   {len(piles)} places, {sum(map(len, piles.values())) >> 20} MiB, {len(things)} things", flush=True)
    captured = b"".join(path.read_bytes() for path in world.folder.glob("*.pcap"))
    live = {name for device in (world.opted_out, world.later) for name, _ in device.things()}
    findings.expect("what was said on the air, and is not found in captures of it", sorted(
        {name for name in things if not name.startswith("salt")} - live - Sought(things).found(captured)), [])
    found = where(Sought(things | {f"planted {name}": thing for name, thing in world.planted.items()}), piles)
    planted = {name.removeprefix("planted "): places for name, places in found.items()
               if name.startswith("planted ")}
    at = {"file": f"data/{PLANTS}", "log": "server.log", "spool": f"{sensors[0].code}/spool/{PLANTS}",
          "table": "tables of PostgreSQL", "packed": "tables of PostgreSQL", "store": f"store: main.{PLANTS}",
          "wire": "wire of the dashboard"}
    findings.expect("planted things that were not found", sorted(
        name for name, place in at.items() if place not in planted.get(name, ())), [])
    for kind in ("address", "text", "salt"):
        findings.expect(f"places of what no byte may hold: {kind}", {
            name: sorted(places) for name, places in found.items()
            if not name.startswith("planted ") and things[name].kind == kind}, {})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    build = parser.parse_args().build.resolve()
    findings = Findings()
    missed, forms = forms_not_found({
        "global": draw_address((3, 0)), "local": draw_address((3, 2)), "ble": draw_address((0xC0, 0x40)),
        "network": draw_text("Café"), "salt": Salt(os.urandom(32))})
    findings.expect(f"of {forms} forms, those that a search does not find", missed, [])
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mobilytics_secrecy_"))
    os.chmod(folder, 0o755)  # PostgreSQL is not root.
    world = World(build, folder)
    try:
        world.start()
        devices, sensors, things, salts, piles = run(world, findings)
        piles = gather(world, sensors, salts, piles, findings)
        judge(world, devices, sensors, things, salts, piles, findings)
    finally:
        world.close()
        if findings.failures and os.environ.get("KEEP_FOLDER"):
            print(f"kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return findings.close()


if __name__ == "__main__":
    sys.exit(main())
