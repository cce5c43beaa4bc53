#!/usr/bin/env python3
"""From devices to people on the real server: a drawn room, in which it is known at each moment how many people
there are, some of whom carry a phone that a real sensor hears. For some hours of three days they are counted by
hand through the API (taps of two doors, sent twice and in pieces; totals), a factor is fitted, compared and
published; then the overview's people of hours that nobody counted must cover the truth.

    calibration_test.py BUILD_FOLDER [--seed N]
"""

import argparse
import datetime
import json
import os
import pathlib
import random
import shutil
import struct
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from product import Api, Findings, Server, environment

RADIOTAP = 127
NO_LONGER = 180  # Seconds that something which must happen may take on a slow machine.
DAYS, HOURS, COUNTED_HOURS = 3, 5, 3  # The last hours of a day nobody counts.
CARRIES = 0.7  # Of people, with a phone that is heard.
QUARTER = 900
MODELS = 12


class Visit:
    """Somebody who is there from `begin` until `end`, through one of the doors."""

    def __init__(self, dice, begin, end):
        self.begin, self.end, self.door = begin, end, dice.choice(("north", "south"))
        self.carries = dice.random() < CARRIES
        self.address = bytes([dice.randrange(256) & 0xFC | 2]) + dice.randbytes(5)
        self.model, self.rssi = dice.randrange(MODELS), dice.randrange(-64, -44)
        self.sequence = dice.randrange(4096)

    def frames(self, dice):
        at = self.begin + dice.uniform(0, 10)
        while self.carries and at < self.end:
            for burst in range(2):
                self.sequence = (self.sequence + 1) % 4096
                yield at + burst * 0.03, self.probe_request(dice)
            at += dice.uniform(15, 40)

    def probe_request(self, dice):
        rates = bytes([1, 4 + self.model % 4, *range(2, 6 + self.model % 4)])
        vendor = bytes([0xDD, 5, 0, 0x50, 0xF2, 8, self.model])
        return (struct.pack("<BBHIHHb", 0, 0, 13, 0x28, 2437, 0xA0, self.rssi + dice.randrange(-2, 3)) +
                b"\x40\0\0\0" + b"\xff" * 6 + self.address + b"\xff" * 6 +
                struct.pack("<H", self.sequence << 4) + b"\0\0" + rates + vendor)


def drawn_day(dice, begin):
    """Who comes in a day: more towards its middle. Some are there when it begins."""
    end = begin + HOURS * 3600
    visits = [Visit(dice, begin, begin + dice.uniform(600, 3600)) for _ in range(12)]
    at = begin
    while at < end:
        at += dice.expovariate(1 / 75)
        if at < end:
            visits.append(Visit(dice, at, min(end, at + dice.uniform(900, 4500))))
    return visits


def present(visits, begin, end):
    """People there on average."""
    return sum(max(0, min(v.end, end) - max(v.begin, begin)) for v in visits) / (end - begin)


def write_capture(path, frames):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, RADIOTAP))
        for at, frame in sorted(frames):
            out.write(struct.pack("<IIII", int(at), int(at % 1 * 1e6), len(frame), len(frame)) + frame)


def iso(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat().replace("+00:00", "Z")


def ask(api, path, body=None, method=None):
    """The answer, whatever the verb; a refusal is raised with what it says."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{api.url}/api/v1/{path}", data=data, method=method or ("GET" if data is None else "POST"),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {api.token}"})
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.load(reply)
    except urllib.error.HTTPError as refusal:
        raise RuntimeError(f"{path}: {refusal.code} {refusal.read().decode()}") from refusal


def wait_for(true):
    end = time.monotonic() + NO_LONGER
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True


def count_by_taps(api, asset, visits, begin, end, findings):
    there = sum(v.begin <= begin < v.end for v in visits)
    count = ask(api, "calibration/counts", {
        "asset_id": asset, "way": "taps", "client_id": f"phone-{int(begin)}", "begun_at": iso(begin),
        "start_occupancy": there})["id"]
    moves = [(at, kind, v.door) for v in visits for at, kind in ((v.begin, "in"), (v.end, "out"))
             if begin < at < end]
    batches = [(door, {"id": f"tap-{door}-{index:05}", "kind": kind, "at": iso(at)})
               for index, (at, kind, door) in enumerate(sorted(moves))]
    for door in ("south", "north"):
        taps = [tap for its, tap in batches if its == door]
        for part in (taps[len(taps) // 2:], taps[:len(taps) // 2], taps):  # The later ones first, then all again.
            if part:
                ask(api, f"calibration/counts/{count}/taps", {"counter": door, "taps": part[:500]})
    found = ask(api, f"calibration/counts/{count}/ending", {"ended_at": iso(end)})
    findings.expect("taps, each once", found["taps"], len(batches))
    findings.expect("people at the end", found["people"], sum(v.begin < end <= v.end for v in visits))


def count_by_totals(api, asset, visits, begin, end):
    count = ask(api, "calibration/counts", {"asset_id": asset, "way": "totals"})["id"]
    totals = [{"from": iso(at), "to": iso(at + QUARTER), "people": present(visits, at, at + QUARTER)}
              for at in range(int(begin), int(end), QUARTER)]
    ask(api, f"calibration/counts/{count}/totals", {"totals": totals}, "PUT")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    build, dice = args.build.resolve(), random.Random(args.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mobilytics_calibration_"))
    os.chmod(folder, 0o755)
    findings, server = Findings(), Server(build, folder)
    today = int(time.time()) // 86400 * 86400
    begins = [today - (DAYS - day) * 86400 + 15 * 3600 for day in range(DAYS)]
    days = [drawn_day(dice, begin) for begin in begins]
    try:
        server.start()
        server.wait_until_ready()
        api = Api(server)
        asset = api.ask("assets", {"code": "R-1", "name": "The room", "kind": "screen", "latitude": 41.88,
                                   "longitude": -87.63})[1]["id"]
        sensor, state = str(build / "mobilytics-sensor"), folder / "sensor"
        claim = api.ask("claims", {"name": "sensor", "asset_id": asset})[1]["code"]
        subprocess.run([sensor, "enroll", "--state", state, "--server", server.url, "--claim", claim],
                       check=True, capture_output=True, env=environment())
        capture = folder / "room.pcap"
        write_capture(capture, [frame for visits in days for v in visits for frame in v.frames(dice)])
        played = subprocess.run([sensor, "replay", "--state", state, "--quiet", "--keep-time",
                                 "--wait", str(NO_LONGER), "--pcap", capture], capture_output=True, env=environment())
        findings.expect("the sensor ends with", played.returncode, 0)
        last = begins[-1] + HOURS * 3600
        whole = f"from={iso(begins[0])}&to={iso(last + 3600)}&asset_id={asset}"
        at_the_end = f"from={iso(last - QUARTER)}&to={iso(last)}&asset_id={asset}"
        findings.expect("all is measured", wait_for(lambda: (ask(api, f"reports/overview?{at_the_end}")[
            "completeness"] or 0) > 0.9), True)

        for begin, visits in zip(begins, days):
            middle, end = begin + COUNTED_HOURS * 1800, begin + COUNTED_HOURS * 3600
            count_by_taps(api, asset, visits, begin, middle, findings)
            count_by_totals(api, asset, visits, middle, end)
        before = ask(api, f"reports/overview?{whole}")
        findings.expect("basis before", before["calibration"]["basis"], "devices")
        findings.expect("people before", before["current"].get("people"), None)

        model = ask(api, "calibration/models", {"scope": "asset", "asset_id": asset})
        print(f"factor {model['factor']:.2f} ({model['factor_low']:.2f} to {model['factor_high']:.2f}), "
              f"input {model['input']}, gate {model['gate_dbm']} dBm, error {model['error']:.3f}, "
              f"{model['quarters']} quarters on {model['days']} days, {model['unheard']} unheard")
        findings.expect("days", model["days"], DAYS)
        findings.expect("quarters and those unheard", model["quarters"] + model["unheard"],
                        DAYS * COUNTED_HOURS * 4)
        findings.expect("a draft changes nothing", ask(api, f"reports/overview?{whole}")["calibration"]["basis"],
                        "devices")
        compared = ask(api, f"calibration/models/{model['id']}/comparison?from={iso(begins[0])}&to={iso(last)}")
        findings.expect("beside the published", compared.get("published"), None)
        ask(api, f"calibration/models/{model['id']}/publication", {"reason": "the first"})
        findings.expect("it reaches the answers", wait_for(lambda: ask(api, f"reports/overview?{whole}")[
            "calibration"]["basis"] == "people"), True)

        for begin, visits in zip(begins, days):  # Hours that nobody counted.
            first, end = begin + COUNTED_HOURS * 3600, begin + HOURS * 3600
            truth = present(visits, first, end)
            reply = ask(api, f"reports/overview?from={iso(first)}&to={iso(end)}&asset_id={asset}")
            people = reply["current"]["people"]
            print(f"truth {truth:.1f}, people {people['mean']} ({people['low']} to {people['high']}), "
                  f"devices {reply['current']['devices']}")
            findings.hold("people cover the truth", people["low"] <= truth <= people["high"], people, truth)
            findings.below("people off the truth, of it", abs(people["mean"] / truth - 1), 0.35)
            used = reply["calibration"]["models"][0]
            findings.expect("by the model", used["model_id"], model["id"])
            findings.expect("all of it", reply["calibration"]["share"], 1)
        series = ask(api, f"reports/exposure?from={iso(begins[0])}&to={iso(last)}&asset_id={asset}&grain=hour")
        findings.at_least("hours with people", sum("people" in item for item in series["items"]), DAYS * HOURS - 1)
        trail = ask(api, "audit?action=calibration.model_published")["items"]
        findings.expect("published, in the trail", len(trail), 1)
    finally:
        if server.process is not None and server.process.poll() is None:
            server.stop()
        if findings.failures and os.environ.get("KEEP_FOLDER"):
            print(f"kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return findings.close()


if __name__ == "__main__":
    raise SystemExit(main())
