#!/usr/bin/env python3
"""Runs every test and counts them singly: those that ctest knows (GoogleTest programs, kept corpora of
fuzzers, unittest), then the web's. Prints what failed, and last one plain line.

    run_tests.py BUILD_FOLDER [--only REGEX] [--without-whole] [--jobs N]
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

OUTPUT_BYTES_MAX = 4 << 20  # Of one program.
SECONDS_MAX = 1500  # For one program; a hang is a failure, not the end of the run.


class Outcome:
    def __init__(self, name, passed=0, failed=0, skipped=0, output="", seconds=0.0):
        self.name, self.passed, self.failed, self.skipped = name, passed, failed, skipped
        self.output, self.seconds = output, seconds


def count_of(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def counted(name, code, output, seconds):
    """What a program's output says of its tests. A program that fails has failed once at least."""
    passed = failed = skipped = 0
    if "[==========]" in output:  # GoogleTest.
        passed = count_of(r"\[  PASSED  \] (\d+) test", output)
        failed = count_of(r"\[  FAILED  \] (\d+) test", output)
        skipped = count_of(r"\[  SKIPPED \] (\d+) test", output)
    elif found := re.search(r"^Ran (\d+) tests? in", output, re.MULTILINE):  # unittest.
        failed = sum(int(n) for n in re.findall(r"(?:failures|errors)=(\d+)", output))
        skipped = count_of(r"skipped=(\d+)", output)
        passed = int(found.group(1)) - failed - skipped
    elif found := re.findall(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", output, re.MULTILINE):
        passed, failed, skipped = (int(n or 0) for n in found[-1])
    elif code == 0:
        passed = 1
    if code != 0 and failed == 0:
        failed = 1
    return Outcome(name, passed, failed, skipped, output, seconds)


def run(name, command, folder, environment=None):
    before = time.monotonic()
    with tempfile.TemporaryFile() as written:  # However much it is, memory holds its end only.
        process = subprocess.Popen(
            command, cwd=folder, stdout=written, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            start_new_session=True, env={**os.environ, **(environment or {})})
        try:
            code = process.wait(SECONDS_MAX)
            end = ""
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            code, end = 1, f"\nstopped after {SECONDS_MAX} s\n"
        size = written.seek(0, os.SEEK_END)
        head = min(size, OUTPUT_BYTES_MAX // 4)
        tail = min(size - head, OUTPUT_BYTES_MAX - head)
        written.seek(0)
        output = written.read(head)
        written.seek(size - tail)
        output = (output + written.read(tail)).decode(errors="replace") + end
    return counted(name, code, output, time.monotonic() - before)


def native_tests(build, only):
    shown = subprocess.run(["ctest", "--show-only=json-v1"], cwd=build, check=True,
                           capture_output=True, text=True).stdout
    for test in json.loads(shown)["tests"]:
        if re.search(only, test["name"]):
            alone = any(p["name"] == "RUN_SERIAL" and p["value"] for p in test["properties"])
            folder = next((p["value"] for p in test["properties"]
                           if p["name"] == "WORKING_DIRECTORY"), str(build))
            yield test["name"], test["command"], folder, alone


def report(outcome):
    verdict = "failed" if outcome.failed else "passed"
    skipped = f", {outcome.skipped} skipped" if outcome.skipped else ""
    print(f"{verdict} {outcome.name}: {outcome.passed} passed, {outcome.failed} failed{skipped}"
          f" ({outcome.seconds:.1f} s)", flush=True)
    if outcome.failed:
        print(outcome.output[-20_000:], flush=True)
    for line in sorted(set(re.findall(r"^.*(?:[Ss]kips?|Skipped)\b.*MOBILYTICS_REAL_DATA.*$",
                                      outcome.output, re.MULTILINE)))[:1]:
        print(f"    {line.strip()}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--without-whole", action="store_true",
                        help="neither the web's nor those that start the server")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    args = parser.parse_args()

    tests = list(native_tests(args.build, args.only))
    outcomes = []

    def done(outcome):
        report(outcome)
        outcomes.append(outcome)

    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        running = [pool.submit(run, *test[:3]) for test in tests if not test[3]]
        for future in concurrent.futures.as_completed(running):
            done(future.result())
    for test in tests:
        if test[3]:
            done(run(*test[:3]))
    if not args.without_whole:
        for name, script in (("web/unit", "test"), ("web/e2e", "e2e")):
            if re.search(args.only, name):
                done(run(name, ["npm", "run", "--silent", script], "web"))
        if re.search(args.only, "prometheus"):
            done(run("prometheus", ["promtool", "test", "rules", "packaging/prometheus/mobilytics_test.yaml"],
                     "."))
            done(run("prometheus/config", ["promtool", "check", "config", "--syntax-only",
                                           "packaging/prometheus/prometheus.yml"], "."))
        if re.search(args.only, "hardening"):
            done(run("hardening", [sys.executable, "-B", "tools/hardening.py", "build/release/mobilytics",
                                   "build/release/mobilytics-sensor"], "."))
        if re.search(args.only, "tests/package"):
            done(run("tests/package", [sys.executable, "-B", "tests/scenarios/package_test.py"], "."))
        for name in ("authorization", "agent", "backup", "calibration", "given_database", "fault", "hostile",
                     "operation", "secrecy"):
            if re.search(args.only, f"tests/{name}"):
                done(run(f"tests/{name}", [sys.executable, "-B", f"tests/scenarios/{name}_test.py",
                                           "build/release"], "."))
        if re.search(args.only, "tests/fuzz"):  # By Debian's Python, for which hypothesis is installed.
            done(run("tests/fuzz", ["/usr/bin/python3", "-B", "tests/scenarios/fuzz_test.py",
                                    "build/release"], "."))
        if re.search(args.only, "tests/e2e"):
            for name in ("demo_walk", "entry_walk"):
                done(run(f"tests/e2e/{name}", [sys.executable, "-B", f"tests/e2e/{name}.py",
                                               "build/release"], "."))

    failed = sum(outcome.failed for outcome in outcomes)
    passed = sum(outcome.passed for outcome in outcomes)
    skipped = sum(outcome.skipped for outcome in outcomes)
    for outcome in outcomes:
        if outcome.failed:
            print(f"failed: {outcome.name}")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
