#!/usr/bin/env python3
"""Measures. Runs the benchmarks of a release build one after the other and prints one table, or, with
--json, a line a figure: {name, value, unit, bar, met}. `bar` is null where the design names none.

    bench.py BUILD_FOLDER [--json] [--only REGEX] [-- ARGUMENTS OF THE BENCHMARKS]

A benchmark prints such lines of its own, or is Google Benchmark's: of those, time an iteration and
items a second are taken.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

# Bars of Google Benchmark's figures; the others know their own. Name, unit, at least or at most.
BARS = {
    "wire/decode_observations/compressed items": (1_000_000, "at least"),
}


def figure(name, value, unit, bar=None, sense="at most"):
    met = None if bar is None else (value <= bar if sense == "at most" else value >= bar)
    return {"name": name, "value": value, "unit": unit, "bar": bar, "met": met}


def figures_of(name, output):
    out = []
    for line in output.splitlines():
        if found := re.fullmatch(r"([a-z0-9_./ -]+),(-?[0-9.e+-]+),([^,]+)(?:,([0-9.e+-]+),(met|missed))?", line):
            called, value, unit, bar, met = found.groups()
            out.append({"name": called, "value": float(value), "unit": unit,
                        "bar": float(bar) if bar else None, "met": met == "met" if met else None})
        elif line.startswith("{") and '"value"' in line:
            try:
                found = json.loads(line)
            except json.JSONDecodeError:
                continue
            if {"name", "value", "unit"} <= found.keys():
                out.append({"name": found["name"], "value": found["value"], "unit": found["unit"],
                            "bar": found.get("bar"), "met": found.get("met")})
    if out:
        return out
    try:
        report = json.loads(output[output.index("{\n"):])
    except (ValueError, json.JSONDecodeError):
        return out
    for run in report.get("benchmarks", []):
        if run.get("run_type") == "aggregate":
            continue
        called = f"{name}/{run['name']}"
        out.append(figure(called, round(run["cpu_time"], 1), run["time_unit"] + " CPU"))
        if "items_per_second" in run:
            bar, sense = BARS.get(called + " items", (None, "at least"))
            out.append(figure(called + " items", round(run["items_per_second"]), "items/s", bar, sense))
    return out


def run(program, name, arguments, build):
    if program.suffix == ".py":  # One that drives the whole product: it takes the build's folder.
        command = [sys.executable, "-B", program, build, "--json", *arguments]
    elif b"libbenchmark" in program.read_bytes():  # Google Benchmark, which Debian shares.
        command = [program.resolve(), "--benchmark_format=json"]
    else:
        command = [program.resolve(), "--json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env=os.environ)
    found = figures_of(name, done.stdout)
    if done.returncode != 0 or not found:
        sys.stderr.write(f"{name} failed ({done.returncode})\n{done.stderr[-4000:]}\n")
        return None
    return found


def main():
    own, theirs = sys.argv[1:], []
    if "--" in own:
        at = own.index("--")
        own, theirs = own[:at], own[at + 1:]
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", default="")
    args = parser.parse_args(own)
    failed = False
    whole = sorted(pathlib.Path("tests/load").glob("*_bench.py"))
    for program in [*sorted(args.build.rglob("*_bench")), *whole]:
        name = re.sub(r"^(platform|pipeline|domains)_|_bench$", "", program.stem)
        if not program.is_file() or not re.search(args.only, name):
            continue
        found = run(program, name, theirs, args.build)
        failed = failed or found is None
        for line in found or []:
            if args.json:
                print(json.dumps(line), flush=True)
            else:
                bar = "" if line["bar"] is None else f"bar {line['bar']:g}"
                met = {True: "met", False: "MISSED", None: ""}[line["met"]]
                print(f"{line['name']:<64} {line['value']:>16,.6g} {line['unit']:<22} {bar:<14} {met}",
                      flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
