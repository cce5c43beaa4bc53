#!/usr/bin/env python3
"""Nothing lost, nothing doubled: many simulated sensors play a city through the real protocol, while
sensors, broker, server and PostgreSQL are killed with -9 in a seeded random order. Afterwards

- every sensor has had every report acknowledged, and its spool is empty;
- every report that was made is stored once: seqs of each boot are 1..n without a gap, none is lost;
- the facts are those of an undisturbed run: `mobilytics verify` measures all again and compares.

    fault_test.py BUILD_FOLDER [--seed N] [--sensors N] [--rounds N]
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
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

SEGMENT_HOURS = 0.1  # Of the city's time, in one playing.


def free_ports(count):
    listeners = [socket.socket() for _ in range(count)]
    for listener in listeners:
        listener.bind(("127.0.0.1", 0))
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


class Server:
    def __init__(self, build, folder):
        self.program, self.data = str(build / "mobilytics"), folder / "data"
        http, https, mqtt = free_ports(3)
        self.url = f"http://127.0.0.1:{http}"
        others = {name: value for name, value in os.environ.items()
                  if not name.startswith("MOBILYTICS_")}
        self.environment = {**others, "MOBILYTICS_HTTP_PORT": str(http),
                            "MOBILYTICS_DEVICES_HTTPS_PORT": str(https),
                            "MOBILYTICS_DEVICES_MQTT_PORT": str(mqtt)}
        self.log = open(folder / "server.log", "ab")
        self.out = folder / "server.out"
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "up", "--data", str(self.data)], stdout=open(self.out, "ab"),
            stderr=self.log, env=self.environment, start_new_session=True)

    def wait_until_ready(self, seconds=120):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if urllib.request.urlopen(self.url + "/readyz", timeout=5).status == 200:
                    return
            except OSError:
                pass
            if self.process.poll() == 1:  # Its children had not yet let go of the folder.
                self.start()
            elif self.process.poll() is not None:
                break
            time.sleep(0.5)
        tail = pathlib.Path(self.log.name).read_text(errors="replace").splitlines()[-10:]
        raise RuntimeError("the server was not ready in time\n" + "\n".join(tail))

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.start()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(60) != 0:
            raise RuntimeError("the server did not stop cleanly")

    def child(self, name):
        """The process of a service of ours; none while there is none."""
        for stat in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                command = (stat / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if command[0].endswith(name.encode()) and any(str(self.data).encode() in word
                                                          for word in command[1:]):
                return int(stat.name)
        return None

    def verify(self):
        done = subprocess.run([self.program, "verify", "--data", str(self.data)],
                              capture_output=True, text=True, env=self.environment)
        return done.returncode, done.stdout or done.stderr[-2000:]

    def sql(self, statement):
        sockets = list((self.data / "postgres").rglob(".s.PGSQL.*[0-9]"))
        folder = str(sockets[0].parent) if sockets else str(self.data / "postgres")
        return subprocess.run(
            ["psql", "-h", folder, "-U", "postgres", "-d", "postgres", "-tAc", statement],
            capture_output=True, text=True, check=True).stdout.strip()


class Api:
    def __init__(self, server):
        self.url = server.url
        password = re.search(r"One-time password: (\S+)", server.out.read_text()).group(1)
        self.token = None
        reply = self.ask("session", {"password": password})
        self.token = re.search(r"mobilytics_session=([^;]+)", reply[0]["Set-Cookie"]).group(1)

    def ask(self, path, body=None):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", headers=headers,
                                         data=json.dumps(body).encode() if body else None)
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.headers, json.load(reply)


class Sensor:
    def __init__(self, build, folder, server, code, claim):
        self.program = str(build / "mobilytics-sensor")
        self.state, self.code = folder / f"sensor-{code}", code
        self.log = open(folder / f"{code}.log", "ab")
        self.join = ["--server", server.url, "--claim", claim]
        self.process = None

    def play(self, segment):
        wifi, ble = (segment / f"{self.code}-synthetic.{kind}.pcap" for kind in ("wifi", "ble"))
        nmea = segment / f"{self.code}-synthetic.nmea"
        command = [self.program, "replay", "--state", str(self.state), "--keep-time", "--quiet",
                   "--speed", "60", "--wait", "120", "--pcap", str(wifi), str(ble), *self.join]
        if nmea.exists():
            command += ["--gps", str(nmea)]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log,
                                        start_new_session=True)

    def kill(self):
        self.process.kill()
        self.process.wait()


def kill_something(random_source, server, sensors):
    """One of the four, by chance; says what."""
    what = random_source.choice(["sensor", "sensor", "broker", "server", "postgres"])
    if what == "sensor":
        alive = [sensor for sensor in sensors if sensor.process.poll() is None]
        if alive:
            random_source.choice(alive).kill()
    elif what == "server":
        server.kill()
    else:
        process = server.child("mosquitto" if what == "broker" else "bin/postgres")
        if process is not None:
            os.kill(process, signal.SIGKILL)
    return what


def make_segments(build, folder, count, seed, begin):
    def make(number):
        out = folder / f"segment-{number}"
        start = begin + datetime.timedelta(hours=number * SEGMENT_HOURS)
        subprocess.run(
            [build / "tests/simulation/simulate", "--out", out, "--hours", str(SEGMENT_HOURS),
             "--from", start.strftime("%Y-%m-%dT%H:%M:%SZ"), "--seed", str(seed)],
            check=True, capture_output=True)
        return out
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(make, range(count)))


def check(server, sensors, failures):
    def expect(what, found, wanted):
        verdict = "ok" if found == wanted else "FAILED"
        print(f"{verdict} {what}: {found}" + ("" if found == wanted else f", expected {wanted}"))
        if found != wanted:
            failures.append(what)

    for sensor in sensors:
        shown = subprocess.run([sensor.program, "status", "--state", str(sensor.state), "--json"],
                               capture_output=True, text=True, check=True).stdout
        status = json.loads(shown)
        if status["reports_waiting"] != 0 or status["losses_to_tell"] != 0:
            expect(f"what waits at {sensor.code}", shown, "nothing")
    stored = int(server.sql("SELECT count(*) FROM ingest.report"))
    print(f"{stored} reports of {server.sql('SELECT count(*) FROM ingest.boot')} boots are stored")
    expect("reports stored twice", server.sql(
        "SELECT count(*) - count(DISTINCT (device_id, boot_id, seq)) FROM ingest.report"), "0")
    expect("boots with a gap", server.sql(
        "SELECT count(*) FROM ingest.boot b WHERE highest_seq <> (SELECT count(*) FROM ingest.report"
        " r WHERE r.device_id = b.device_id AND r.boot_id = b.boot_id)"), "0")
    expect("reports refused", server.sql("SELECT count(*) FROM ingest.quarantine"), "0")
    expect("losses told", server.sql("SELECT count(*) FROM ingest.loss"), "0")
    expect("reports at all", stored > 100 * len(sensors), True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=20260821)
    parser.add_argument("--sensors", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    build = args.build.resolve()
    chance = random.Random(args.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mobilytics_fault_"))
    os.chmod(folder, 0o755)
    failures = []
    server = Server(build, folder)
    try:
        begin = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=6)).replace(
            minute=0, second=0, microsecond=0)
        segments = make_segments(build, folder, args.rounds, args.seed, begin)
        server.start()
        server.wait_until_ready()
        api = Api(server)
        sensors = []
        rows = (segments[0] / "synthetic-assets.csv").read_text().splitlines()
        columns = rows[0].split(",")
        for row in rows[1:args.sensors + 1]:
            of = dict(zip(columns, row.split(",")))
            moving = of["asset"].startswith("SIM-T")
            wanted = {"code": of["asset"], "name": of["name"],
                      "kind": "vehicle" if moving else "billboard"}
            if not moving:
                wanted |= {"latitude": float(of["latitude"]), "longitude": float(of["longitude"])}
            asset = api.ask("assets", wanted)[1]["id"]
            claim = api.ask("claims", {"name": of["asset"], "asset_id": asset})[1]["code"]
            sensors.append(Sensor(build, folder, server, of["asset"], claim))
        for number, segment in enumerate(segments):
            for sensor in sensors:
                sensor.play(segment)
            killed = []
            while any(sensor.process.poll() is None for sensor in sensors) and len(killed) < 8:
                time.sleep(chance.uniform(0.5, 2.5))  # How long between two blows is the scenario.
                if number + 1 < len(segments):  # In the last round all come to their end.
                    killed.append(kill_something(chance, server, sensors))
                elif len(killed) == 0:
                    killed.append("nothing")
                else:
                    break
            for sensor in sensors:
                code = sensor.process.wait(300)
                if number + 1 == len(segments) and code != 0:
                    failures.append(f"{sensor.code} ended with {code}")
            print(f"round {number + 1}: killed {', '.join(killed)}", flush=True)
            server.wait_until_ready()
        time.sleep(3)  # For the last commit of facts; verify() does not depend on it.
        check(server, sensors, failures)
        server.stop()
        code, told = server.verify()
        print(told.splitlines()[-1] if told.splitlines() else "verify said nothing")
        if code != 0:
            failures.append("facts differ from those of an undisturbed run")
            print(told)
    finally:
        for process in [server.process, *[sensor.process for sensor in locals().get("sensors", [])]]:
            if process is not None and process.poll() is None:
                process.kill()
        if failures and os.environ.get("KEEP_FOLDER"):
            print(f"kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    for failure in failures:
        print(f"failed: {failure}")
    print(f"{1 if not failures else 0} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
