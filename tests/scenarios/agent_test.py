#!/usr/bin/env python3
"""A live sensor, end to end: `mobilytics-sensor run` hears frames that are on the air now (a FIFO that
other programs write to, standard input, and where this machine allows it a network interface that is a
radio to libpcap), a gpsd that gpsfake feeds tells it where it is, and the dashboard's API shows both.

    agent_test.py BUILD_FOLDER
"""

import datetime
import fcntl
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

from product import Api, Server, free_ports

PHONES = 30
PCAP_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 127)
TUNSETIFF, TUNSETLINK, SIOCSIFFLAGS = 0x400454CA, 0x400454CD, 0x8914
IFF_TAP, IFF_NO_PI, IFF_UP, RADIOTAP = 2, 0x1000, 1, 803


def probe_request(phone, sequence):
    """As `phone` sends it, behind radiotap: channel 6, -50 dBm."""
    radiotap = struct.pack("<BBHIHHb", 0, 0, 13, 0x28, 2437, 0xA0, -50)
    address = bytes([0x02, 0, 0, 0, 0x10, phone])
    header = b"\x40\0\0\0" + b"\xff" * 6 + address + b"\xff" * 6 + struct.pack("<H", sequence << 4)
    return radiotap + header + b"\0\0" + b"\x01\x04\x02\x04\x0b\x16"


def record(frame, at):
    return struct.pack("<IIII", int(at), int(at % 1 * 1e6), len(frame), len(frame)) + frame


def wait_for(what, seconds=60):
    """What `what` answers, once it is anything."""
    end = time.monotonic() + seconds
    while True:
        found = what()
        if found or time.monotonic() > end:
            return found
        time.sleep(0.2)


def with_checksum(text):
    checksum = 0
    for byte in text.encode():
        checksum ^= byte
    return f"${text}*{checksum:02X}\r\n"


def gps_log(folder):
    """A receiver's NMEA, once a second from now on, and the corners of where it was: of a real one where
    there is one. A sensor whose clock nobody sets goes by its time."""
    epochs = [("GPRMC,,A,41{0:07.4f},N,08737.8000,W,18.00,0.00,,,,A".format(52.8 + second * 0.005),
               "GPGGA,,41{0:07.4f},N,08737.8000,W,1,08,1.0,180.0,M,0.0,M,,".format(52.8 + second * 0.005))
              for second in range(60)]
    box = (41.87, 41.89, -87.64, -87.62)
    if "MOBILYTICS_REAL_DATA" in os.environ:
        real = pathlib.Path(os.environ["MOBILYTICS_REAL_DATA"]) / "gps_nmea_gpsd/quectel-L70.log"
        found = re.findall(r"\$(GP(?:RMC|GGA),[^*\n]*)\*", real.read_text(errors="replace"))
        of = {kind: [text for text in found if text.startswith(kind)] for kind in ("GPRMC", "GPGGA")}
        epochs = list(zip(of["GPRMC"], of["GPGGA"]))
        box = (51.06, 51.08, -114.11, -114.09)
    begin = datetime.datetime.now(datetime.timezone.utc)
    path = folder / "drive.nmea"
    with open(path, "w", newline="") as log:
        for second in range(180):
            at = begin + datetime.timedelta(seconds=second)
            for sentence in epochs[second % len(epochs)]:
                fields = sentence.split(",")
                fields[1] = f"{at:%H%M%S}.000"
                if fields[0] == "GPRMC":
                    fields[9] = f"{at:%d%m%y}"
                log.write(with_checksum(",".join(fields)))
    return path, box


class Agent:
    """A sensor that has joined, running."""

    def __init__(self, world, code, *options, **popen):
        self.world, self.state = world, world.folder / code
        self.asset = world.api.ask("assets", {"code": code, "name": code, "kind": "vehicle"})[1]["id"]
        claim = world.api.ask("claims", {"name": code, "asset_id": self.asset})[1]["code"]
        subprocess.run([world.program, "enroll", "--state", self.state, "--server", world.server.url,
                        "--claim", claim], check=True, capture_output=True)
        self.log = world.folder / f"{code}.log"
        self.process = subprocess.Popen(
            [world.program, "run", "--state", self.state, *options], stderr=open(self.log, "wb"),
            env={name: value for name, value in os.environ.items()
                 if not name.startswith("MOBILYTICS_")}, **popen)
        world.processes.append(self.process)

    def status(self):
        shown = subprocess.run([self.world.program, "status", "--state", self.state, "--json"],
                               capture_output=True, text=True, check=True).stdout
        return json.loads(shown)

    def stored(self):
        """Sightings that the platform has of it."""
        device = self.status()["device"].removeprefix("device_")
        return int(self.world.server.sql("SELECT coalesce(sum(observations), 0) FROM ingest.report"
                                         f" WHERE device_id = '{device}'"))

    def live(self):
        items = self.world.api.ask("live/assets")[1]["items"]
        return next(item for item in items if item["asset_id"] == self.asset)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


class LiveSensor(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.build = BUILD.resolve()
        cls.program = str(cls.build / "mobilytics-sensor")
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="mobilytics_agent_"))
        os.chmod(cls.folder, 0o755)  # gpsd and PostgreSQL are not root.
        cls.processes = []
        cls.server = Server(cls.build, cls.folder)
        cls.server.start()
        cls.processes.append(cls.server.process)
        cls.server.wait_until_ready()
        cls.api = Api(cls.server)

    @classmethod
    def tearDownClass(cls):
        for process in reversed(cls.processes):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
            pathlib.Path(f"/tmp/gpsfake-{process.pid}.sock").unlink(missing_ok=True)
        shutil.rmtree(cls.folder, ignore_errors=True)

    def play(self, write, rounds, first=0):
        """Every phone is heard `rounds` times, every quarter of a second. How many frames those are."""
        for number in range(rounds):
            for phone in range(PHONES):
                write(probe_request(phone, first + number))
            time.sleep(0.25)  # The pace of what is on the air.
        return rounds * PHONES

    def start_gpsd(self):
        log, box = gps_log(self.folder)
        port = free_ports(1)[0]
        self.processes.append(subprocess.Popen(
            ["gpsfake", "-q", "-c", "0.5", "-P", str(port), log], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True))
        return f"gpsd:127.0.0.1:{port}", box

    def test_frames_of_a_fifo_and_positions_of_a_gpsd_reach_the_api(self):
        fifo = self.folder / "air"
        os.mkfifo(fifo)
        gpsd, (south, north, west, east) = self.start_gpsd()
        agent = Agent(self, "FIFO", "--pcap", str(fifo), "--positions", gpsd)
        sent = 0
        self.assertTrue(wait_for(lambda: "sensor_started" in agent.log.read_text()))
        for first in (0, 100):  # The program that hears is started a second time.
            with open(fifo, "wb", buffering=0) as air:
                air.write(PCAP_HEADER)
                sent += self.play(lambda frame: air.write(record(frame, time.time())), 8, first)
        self.assertTrue(wait_for(lambda: agent.stored() == sent), (agent.stored(), sent))
        live = wait_for(lambda: (live := agent.live()).get("latitude") and live)
        self.assertTrue(live, agent.live())
        self.assertEqual(live["state"], "live")
        self.assertTrue(south < live["latitude"] < north and west < live["longitude"] < east, live)
        now = datetime.datetime.now(datetime.timezone.utc)
        hour = datetime.timedelta(hours=1)
        period = "&".join(f"{name}={at:%Y-%m-%dT%H:%M:%SZ}"
                          for name, at in (("from", now - hour), ("to", now + hour)))
        overview = f"reports/overview?{period}&asset_id={agent.asset}"
        devices = wait_for(lambda: self.api.ask(overview)[1]["current"]["devices"], 90)
        self.assertAlmostEqual(devices, PHONES, delta=1)  # Of a sketch.
        self.assertEqual(agent.stop(), 0)
        self.assertEqual(agent.stored(), sent)
        self.assertNotIn("capture_broken", agent.log.read_text())

    def test_what_standard_input_brought_is_acknowledged_before_it_ends(self):
        agent = Agent(self, "STDIN", "--pcap", "-", stdin=subprocess.PIPE)
        air = agent.process.stdin
        self.assertTrue(wait_for(lambda: "sensor_started" in agent.log.read_text()))
        air.write(PCAP_HEADER)
        sent = self.play(
            lambda frame: (air.write(record(frame, time.time())), air.flush()), 4)
        air.write(record(probe_request(99, 1), time.time() - 3600))  # Nobody heard that now.
        air.close()
        self.assertEqual(agent.process.wait(90), 0, agent.log.read_text())
        self.assertEqual(agent.stored(), sent)
        self.assertEqual(agent.status()["reports_waiting"], 0)

    def test_a_capture_that_is_no_stream_is_refused(self):
        file = self.folder / "file.pcap"
        file.write_bytes(PCAP_HEADER)
        agent = Agent(self, "FILE", "--pcap", str(file))
        self.assertEqual(agent.process.wait(30), 6)
        self.assertIn("not_a_stream", agent.log.read_text())

    def test_an_interface_with_radiotap_is_listened_to(self):
        try:
            interface = os.open("/dev/net/tun", os.O_RDWR)
            made = fcntl.ioctl(interface, TUNSETIFF,
                               struct.pack("16sH", b"mobtest%d", IFF_TAP | IFF_NO_PI))
        except OSError as failure:
            self.skipTest(f"no tap interface can be made here: {failure}")
        self.addCleanup(os.close, interface)
        name = made[:16].rstrip(b"\0").decode()
        fcntl.ioctl(interface, TUNSETLINK, RADIOTAP)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH", name.encode(), IFF_UP))
        agent = Agent(self, "TAP", "--interface", name, "--channels", "")
        self.assertTrue(wait_for(lambda: "salt_received" in agent.log.read_text()))
        beacon = probe_request(1, 1).replace(b"\x40\0\0\0", b"\x80\0\0\0", 1)

        def on_air(frame):
            os.write(interface, frame)
            os.write(interface, beacon)  # The kernel's filter leaves these out.
        # Until it listens what is on the air is not heard.
        self.assertTrue(wait_for(lambda: self.play(on_air, 1) and agent.stored() > 0))
        self.assertEqual(agent.stop(), 0)
        self.assertEqual(agent.stored() % PHONES, 0)


if __name__ == "__main__":
    BUILD = pathlib.Path(sys.argv.pop(1))
    unittest.main()
