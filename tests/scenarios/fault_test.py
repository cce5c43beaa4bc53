#!/usr/bin/env python3
"""Nothing lost, nothing doubled: many simulated sensors play a city through the real protocol, while in a
seeded random order sensors, broker, server and PostgreSQL are killed with -9 and the network is cut, half
open or reset. Some sensors' disks fill while nobody can be reached; some are held back and send all at the
end; some send what was acknowledged once more, from a copy of their spool. Afterwards

- every sensor has had every report acknowledged, and its spool is empty;
- every report that was made is stored once, or lost as its sensor wrote down: seqs of each boot are 1..n;
- the ranges that are lost are those that the sensors wrote down, and no others;
- the facts are those of an undisturbed run: `mobilytics verify` measures all again and compares.

    fault_test.py BUILD_FOLDER [--seed N] [--sensors N] [--rounds N]

It mounts small disks, so it is run as root or with sudo.
"""

import argparse
import concurrent.futures
import datetime
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from product import Api, Findings, Server, environment
from relay import Network

SEGMENT_HOURS = 0.1  # Of the city's time, in one playing.
SMALL = LATE = TWICE = 3  # Sensors: on a small disk; held back to the end; that send a copy again.
SMALL_DISK, DISK = "256k", "8m"
BLOWS = ["sensor", "sensor", "broker", "server", "postgres", "cut", "half_open", "reset"]
DONE, NOT_ALL_ACKNOWLEDGED = 0, 5
AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]


class Disk:
    """A disk of its own under a folder, which can be full."""

    def __init__(self, folder):
        self.folder, self.ballast = folder, folder / "ballast"
        folder.mkdir()
        subprocess.run([*AS_ROOT, "mount", "-t", "tmpfs", "-o",
                        f"size={SMALL_DISK},mode=700,uid={os.geteuid()}", "tmpfs", folder], check=True)

    def fill(self):
        with open(self.ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass  # It is full.

    def is_written_since(self, moment):
        return any(file.stat().st_mtime > moment for file in self.folder.glob("segment-*"))

    def empty(self):
        self.ballast.unlink(missing_ok=True)

    def grow(self):
        subprocess.run([*AS_ROOT, "mount", "-o", f"remount,size={DISK}", self.folder], check=True)

    def unmount(self):
        subprocess.run([*AS_ROOT, "umount", "--lazy", self.folder], check=False)


class Sensor:
    def __init__(self, build, folder, server, network, code, claim):
        self.program = str(build / "mobilytics-sensor")
        self.state, self.code = folder / f"sensor-{code}", code
        self.spool = self.state / "spool"
        self.log = open(folder / f"{code}.log", "ab")
        self.environment = environment(UPLINK_ACK_WAIT=1000, UPLINK_PAUSE_MAX=2000)
        self.process, self.disk, self.speed = None, None, 60
        self.given_up = 0  # Reports, by what its runs said that came to their end.
        subprocess.run([self.program, "enroll", "--state", self.state, "--server", server.url,
                        "--claim", claim], check=True, capture_output=True)
        self.line = network.line(server.mqtt, server.https)
        self.line.lead(self.state)

    def live_on_small_disk(self):
        self.disk = Disk(self.spool)
        # Many small reports, so that the disk is full before all is played.
        self.speed = 20
        self.environment |= environment(
            SPOOL_SEGMENT_BYTES=64 << 10, WINDOWS_WINDOW=100, WINDOWS_QUIET_WINDOW=100)

    def play(self, segment, wait_s):
        wifi, ble = (segment / f"{self.code}-synthetic.{kind}.pcap" for kind in ("wifi", "ble"))
        nmea = segment / f"{self.code}-synthetic.nmea"
        command = [self.program, "replay", "--state", str(self.state), "--keep-time", "--quiet",
                   "--speed", str(self.speed), "--wait", str(wait_s), "--pcap", str(wifi), str(ble)]
        if nmea.exists():
            command += ["--gps", str(nmea)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True,
                                        env=self.environment, start_new_session=True)

    def running(self):
        return self.process.poll() is None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        """How it ended; negative where it was killed."""
        said = self.process.communicate(timeout=300)[0]
        for count in re.findall(r"^reports given up +(\d+)$", said, re.MULTILINE):
            self.given_up += int(count)
        return self.process.returncode

    def status(self):
        shown = subprocess.run([self.program, "status", "--state", self.state, "--json"],
                               capture_output=True, text=True, check=True, env=self.environment)
        return json.loads(shown.stdout)

    def losses(self):
        """What it wrote down: (boot, first, last, reason)."""
        state = json.loads((self.spool / "state").read_text().split(" ", 1)[1])
        return [(loss["boot"], loss["first"], loss["last"], loss["reason"])
                for loss in state["losses"]]


def city_of(build, folder, rounds, seed):
    begin = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=6)).replace(
        minute=0, second=0, microsecond=0)

    def make(number):
        out = folder / f"segment-{number}"
        start = begin + datetime.timedelta(hours=number * SEGMENT_HOURS)
        subprocess.run(
            [build / "tests/simulation/simulate", "--out", out, "--hours", str(SEGMENT_HOURS),
             "--from", start.strftime("%Y-%m-%dT%H:%M:%SZ"), "--seed", str(seed)],
            check=True, capture_output=True)
        return out
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(make, range(rounds)))


def enrol(build, folder, server, network, segment, count):
    api, sensors = Api(server), []
    rows = (segment / "synthetic-assets.csv").read_text().splitlines()
    columns = rows[0].split(",")
    for row in rows[1:count + 1]:
        of = dict(zip(columns, row.split(",")))
        moving = of["asset"].startswith("SIM-T")
        wanted = {"code": of["asset"], "name": of["name"], "kind": "vehicle" if moving else "billboard"}
        if not moving:
            wanted |= {"latitude": float(of["latitude"]), "longitude": float(of["longitude"])}
        asset = api.ask("assets", wanted)[1]["id"]
        claim = api.ask("claims", {"name": of["asset"], "asset_id": asset})[1]["code"]
        sensors.append(Sensor(build, folder, server, network, of["asset"], claim))
    return sensors


class Blows:
    """What happens to them in a round: each of BLOWS once, in an order and at moments of chance."""

    def __init__(self, chance, server, sensors):
        self.chance, self.server, self.sensors = chance, server, sensors
        self.out = []  # Lines that come back, and when.

    def strike(self, what):
        if what == "sensor":
            alive = [sensor for sensor in self.sensors if sensor.running()]
            if alive:
                self.chance.choice(alive).kill()
        elif what == "server":
            self.server.kill()
        elif what in ("broker", "postgres"):
            process = self.server.child("mosquitto" if what == "broker" else "bin/postgres")
            if process is not None:
                os.kill(process, signal.SIGKILL)
        else:
            for sensor in self.chance.sample(self.sensors, len(self.sensors) // 2):
                getattr(sensor.line, what)()
                if what != "reset":
                    self.out.append((time.monotonic() + self.chance.uniform(1, 4), sensor.line))

    def mend(self, all_of_them=False):
        for back in [one for one in self.out if all_of_them or one[0] <= time.monotonic()]:
            back[1].open()
            self.out.remove(back)

    def run(self):
        order = self.chance.sample(BLOWS, len(BLOWS))
        for what in order:
            time.sleep(self.chance.uniform(0.5, 2.0))  # How long between two is the scenario.
            self.strike(what)
            self.mend()
        self.mend(all_of_them=True)
        return order


def deny_room(small, chance, began):
    """While they record, nothing whatever can be written for a while."""
    end = time.monotonic() + 60
    while not all(sensor.disk.is_written_since(began) for sensor in small):
        if time.monotonic() > end:
            raise RuntimeError("the sensors with small disks do not record")
        time.sleep(0.1)
    for sensor in small:
        sensor.disk.fill()
    time.sleep(chance.uniform(2, 4))  # How long is the scenario.
    for sensor in small:
        sensor.disk.empty()


def merged(ranges):
    """Ranges that touch are one: what was told in pieces is what was lost."""
    out = []
    for boot, first, last, reason in sorted(ranges):
        if out and out[-1][0] == boot and out[-1][3] == reason and first <= out[-1][2] + 1:
            out[-1] = (boot, out[-1][1], max(last, out[-1][2]), reason)
        else:
            out.append((boot, first, last, reason))
    return out


def size(ranges):
    return sum(last - first + 1 for _, first, last, _ in ranges)


def losses_stored(server):
    rows = server.sql("SELECT replace(boot_id::text, '-', ''), first_seq, last_seq, reason"
                      " FROM ingest.loss").splitlines()
    return [(boot, int(first), int(last), reason)
            for boot, first, last, reason in (row.split("|") for row in rows)]


def check(server, sensors, findings):
    for sensor in sensors:
        status = sensor.status()
        waiting = (status["reports_waiting"], status["losses_to_tell"])
        if waiting != (0, 0):
            findings.expect(f"reports and losses that wait at {sensor.code}", waiting, (0, 0))
    stored = int(server.sql("SELECT count(*) FROM ingest.report"))
    print(f"{stored} reports of {server.sql('SELECT count(*) FROM ingest.boot')} boots are stored")
    findings.at_least("reports stored", stored, 100 * len(sensors))
    findings.expect("reports stored twice", server.sql(
        "SELECT count(*) - count(DISTINCT (device_id, boot_id, seq)) FROM ingest.report"), "0")
    findings.expect("boots with a gap that nobody declared", server.sql(
        "SELECT count(*) FROM ingest.boot"
        " WHERE taken + lost <> int8multirange(int8range(1, cumulative + 1))"), "0")
    findings.expect("boots with a report that is both stored and lost", server.sql(
        "SELECT count(*) FROM ingest.boot WHERE taken && lost"), "0")
    findings.expect("boots whose reports are not those that were settled", server.sql(
        "SELECT count(*) FROM ingest.boot b WHERE taken <>"
        " (SELECT coalesce(range_agg(int8range(seq, seq + 1)), '{}') FROM ingest.report r"
        "  WHERE r.device_id = b.device_id AND r.boot_id = b.boot_id)"), "0")
    findings.expect("reports refused", server.sql("SELECT count(*) FROM ingest.quarantine"), "0")


def play_rounds(args, chance, server, sensors, segments, findings):
    small, late, twice = (sensors[:SMALL], sensors[SMALL:SMALL + LATE],
                          sensors[SMALL + LATE:SMALL + LATE + TWICE])
    # What the copy takes the place of must have been acknowledged, so these are not killed.
    struck = sensors[SMALL + LATE + TWICE:]
    last = args.rounds - 1
    for sensor in small:
        sensor.live_on_small_disk()
    for sensor in small + late + twice:
        sensor.line.cut()
    held, copies, written = {}, {}, []
    for number, segment in enumerate(segments):
        away = late + small if number else late + small + twice
        if number == last:
            for sensor in small + late:
                sensor.line.open()
            for sensor in small:
                sensor.disk.grow()
            for sensor in twice:
                shutil.rmtree(sensor.spool)
                shutil.copytree(copies[sensor.code], sensor.spool)
            away, duplicates = [], server.metric("mobilytics_ingest_reports_total",
                                                 outcome="duplicate")
        elif number == 1:
            for sensor in twice:
                sensor.line.open()
        began = time.time()
        for sensor in sensors:
            sensor.play(segment, 1 if sensor in away else 120)
        blows = ["nothing"]
        if number != last:
            blows = Blows(chance, server, struck).run()
            server.wait_until_ready()  # A start that was struck as well is made again.
            if number == 1:
                deny_room(small, chance, began)
        ended = {sensor.code: sensor.end() for sensor in sensors}
        print(f"round {number + 1}: {', '.join(blows)}", flush=True)
        wanted = {sensor.code: NOT_ALL_ACKNOWLEDGED if sensor in away else DONE for sensor in sensors}
        killed = [code for code in ended if ended[code] == -signal.SIGKILL]
        findings.expect(f"sensors of round {number + 1} that ended as they should not", {
            code: how for code, how in ended.items() if how != wanted[code] and code not in killed}, {})
        if number == 0:
            for sensor in twice:
                copies[sensor.code] = sensor.state / "copy"
                shutil.copytree(sensor.spool, copies[sensor.code])
            for sensor in late + twice:
                status = sensor.status()
                held[sensor.code] = (status["boot"], status["reports_waiting"])
        if number < last:
            written = merged(loss for sensor in small for loss in sensor.losses())
            findings.at_least(f"reports given up by round {number + 1} for want of room",
                              size(written), 100)
            findings.expect(f"reports given up by round {number + 1}, as its runs said",
                            sum(sensor.given_up for sensor in small), size(written))
    # How many is chance: a sensor sends until it is told what is known, and it may be told at once.
    findings.at_least("reports that came once more", server.metric(
        "mobilytics_ingest_reports_total", outcome="duplicate") - duplicates, 1)
    for sensor in late + twice:
        boot, count = held[sensor.code]
        findings.expect(f"reports of {sensor.code} that waited, and are stored", int(server.sql(
            f"SELECT count(*) FROM ingest.report WHERE boot_id = '{boot}'")), count)
    told = merged(losses_stored(server))
    findings.expect("reports told as lost", size(told), size(written))
    findings.expect("losses that were told otherwise than they were written down",
                    sorted(set(told) ^ set(written)), [])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=20260821)
    parser.add_argument("--sensors", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    build = args.build.resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mobilytics_fault_"))
    os.chmod(folder, 0o755)
    findings, sensors = Findings(), []
    server = Server(build, folder)
    try:
        segments = city_of(build, folder, args.rounds, args.seed)
        server.start()
        server.wait_until_ready()
        sensors = enrol(build, folder, server, Network(), segments[0], args.sensors)
        play_rounds(args, random.Random(args.seed), server, sensors, segments, findings)
        check(server, sensors, findings)
        server.stop()
        code, told = server.verify()
        print(told.splitlines()[-1] if told.splitlines() else "verify said nothing")
        findings.expect("facts that differ from those of an undisturbed run, by verify's exit", code, 0)
        if code != 0:
            print(told)
    finally:
        for process in [server.process, *[sensor.process for sensor in sensors]]:
            if process is not None and process.poll() is None:
                process.kill()
        for sensor in sensors:
            if sensor.disk is not None:
                sensor.disk.unmount()
        if findings.failures and os.environ.get("KEEP_FOLDER"):
            print(f"kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return findings.close()


if __name__ == "__main__":
    sys.exit(main())
