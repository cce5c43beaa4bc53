#!/usr/bin/env python3
"""From the air to the API's answer, with a thousand live simulated sensors: each has its own identity,
spool and connections and goes over MQTT with its certificate to a server of its own (broker, PostgreSQL,
measure, store, all on this machine). A sighting counts from the moment at which it was on the air until an
answer of the API has come whose facts reach beyond it (last_observation_at, /api/v1/reports/freshness).

    live_bench.py BUILD_FOLDER [--sensors N] [--seconds N] [--warm-up N] [--json]

A line a figure: name,value,unit[,bar,met].
"""

import argparse
import bisect
import concurrent.futures
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "scenarios"))
from product import Api, Server, environment  # noqa: E402

BAR_S = 10
ASK_EVERY_S = 0.25
ENROLMENTS_AT_ONCE = 4
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def micros(text):
    return (datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) - EPOCH) // datetime.timedelta(
        microseconds=1)


def patiently(ask):
    """Enrolments and claims have a rate; who is told to wait does."""
    while True:
        try:
            return ask()
        except urllib.error.HTTPError as refused:
            if refused.code not in (429, 503):
                raise
            time.sleep(float(refused.headers.get("Retry-After", 1)))


def enrol(build, server, api, states, count):
    """Gives the asset of each folder."""
    def one(number):
        code, folder = f"SIM-{number:04}", states / f"{number:04}"
        moving = number % 20 < 12  # As the city has them.
        wanted = {"code": code, "name": f"{code} (synthetic)",
                  "kind": "vehicle" if moving else "billboard"}
        if not moving:
            wanted |= {"latitude": 41.88, "longitude": -87.63}
        asset = patiently(lambda: api.ask("assets", wanted)[1]["id"])
        claim = patiently(lambda: api.ask("claims", {"name": code, "asset_id": asset})[1]["code"])
        command = [build / "mobilytics-sensor", "enroll", "--state", folder, "--server", server.url,
                   "--claim", claim]
        while subprocess.run(command, capture_output=True, env=environment()).returncode != 0:
            time.sleep(1)
        return folder.name, asset
    with concurrent.futures.ThreadPoolExecutor(ENROLMENTS_AT_ONCE) as pool:
        return dict(pool.map(one, range(count)))


class Witness:
    """Asks the API again and again up to when each asset's facts reach."""

    def __init__(self, api):
        self.api, self.stopped = api, threading.Event()
        self.seen = {}  # Of an asset: up to when, and when that was answered, microseconds; ascending.
        self.answers_s = []
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.stopped.wait(ASK_EVERY_S):
            began = time.monotonic()
            items = self.api.ask("reports/freshness")[1]["items"]
            now = int(time.time() * 1e6)
            self.answers_s.append(time.monotonic() - began)
            for item in items:
                if "last_observation_at" in item:
                    until = micros(item["last_observation_at"])
                    of_asset = self.seen.setdefault(item["asset_id"], ([], []))
                    if not of_asset[0] or of_asset[0][-1] < until:
                        of_asset[0].append(until)
                        of_asset[1].append(now)

    def stop(self):
        self.stopped.set()
        self.thread.join()

    def answered(self, asset, at_us):
        """The moment at which an answer had come whose facts reach beyond `at_us`."""
        untils, answers = self.seen.get(asset, ([], []))
        place = bisect.bisect_right(untils, at_us)
        return answers[place] if place < len(answers) else None


def share(sorted_values, part):
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * part))]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--sensors", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--warm-up", type=int, default=60)
    parser.add_argument("--full", action="store_true", help="as other benchmarks have it: changes nothing")
    parser.add_argument("--json", action="store_true", help="the same")
    args = parser.parse_args()
    build = args.build.resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mobilytics_live_"))
    os.chmod(folder, 0o755)
    states, heard = folder / "states", folder / "heard.csv"
    states.mkdir()
    server = Server(build, folder)
    # Each sensor makes its own salts: a thousand of one address, who all ask for the company's, would be
    # more than the server lets in of one.
    server.environment |= environment(COMPANY_PRIVACY_MODE="strict")
    try:
        server.start()
        server.wait_until_ready()
        api = Api(server)
        assets = enrol(build, server, api, states, args.sensors)
        witness = Witness(api)
        played = subprocess.run(
            [build / "tests/load/live_sensors", "--states", states, "--out", heard, "--seconds",
             str(args.seconds), "--warm-up", str(args.warm_up)],
            stdout=subprocess.PIPE, stderr=open(folder / "sensors.log", "ab"), text=True)
        time.sleep(5)  # For the last commit, and an answer after it.
        witness.stop()
        if played.returncode != 0:
            raise RuntimeError(f"the sensors did not come to their end: {played.stdout}")
        counts = json.loads(played.stdout)
        taken = server.metric("mobilytics_ingest_observations_total")
        if taken != counts["recorded"]:
            raise RuntimeError(f"{counts['recorded']} sightings were recorded, {taken} came")
        waits, missing = [], 0
        for line in heard.read_text().splitlines():
            name, at = line.split(",")
            answered = witness.answered(assets[name], int(at))
            if answered is None:
                missing += 1
            else:
                waits.append((answered - int(at)) / 1e6)
        if missing or not waits:
            raise RuntimeError(f"{missing} of {missing + len(waits)} sightings were in no answer")
        waits.sort()
        server.stop()
    except BaseException:
        print(f"kept in {folder}", file=sys.stderr)
        if server.process is not None and server.process.poll() is None:
            server.process.kill()
        raise
    shutil.rmtree(folder, ignore_errors=True)
    p95 = share(waits, 0.95)
    print(f"live/air to the answer of the api p95,{p95:.3f},s,{BAR_S},{'met' if p95 < BAR_S else 'missed'}")
    print(f"live/air to the answer of the api p50,{share(waits, 0.5):.3f},s")
    print(f"live/air to the answer of the api p99,{share(waits, 0.99):.3f},s")
    print(f"live/air to the answer of the api worst,{waits[-1]:.3f},s")
    print(f"live/sensors,{args.sensors},sensors")
    print(f"live/sightings a second of all sensors,{len(waits) / args.seconds:.0f},sightings/s")
    print(f"live/the answer itself p95,{share(sorted(witness.answers_s), 0.95):.3f},s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
