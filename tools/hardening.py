#!/usr/bin/env python3
"""Looks whether programs have what cmake/hardening.cmake gives those that are shipped, by readelf.

    hardening.py PROGRAM...
"""

import re
import subprocess
import sys


def readelf(program, *words):
    return subprocess.run(["readelf", "--wide", *words, program], check=True, capture_output=True, text=True).stdout


def entry_code(program):
    """The first bytes of main."""
    found = re.search(r"^\s*\d+: ([0-9a-f]+)\s+\d+ FUNC\s+\S+\s+\S+\s+(\d+) main$", readelf(program, "--symbols"),
                      re.MULTILINE)
    if not found:
        return None
    section = re.search(rf"^\s*\[\s*{found[2]}\] \S+\s+\S+\s+([0-9a-f]+) ([0-9a-f]+)", readelf(program, "--sections"),
                        re.MULTILINE)
    offset = int(found[1], 16) - int(section[1], 16) + int(section[2], 16)
    with open(program, "rb") as file:
        file.seek(offset)
        return file.read(4)


def lacking(program):
    """What it has not, each by its name."""
    header, dynamic = readelf(program, "--file-header"), readelf(program, "--dynamic")
    segments, symbols = readelf(program, "--program-headers"), readelf(program, "--dyn-syms")
    stack = re.search(r"^\s*GNU_STACK\s.* ([R ][W ][E ]) +\w+$", segments, re.MULTILINE)
    has = {
        "PIE": re.search(r"Type:\s+DYN", header) and re.search(r"FLAGS_1\S*\s.*\bPIE\b", dynamic),
        "RELRO": "GNU_RELRO" in segments,
        "BIND_NOW": re.search(r"BIND_NOW|FLAGS_1\S*\s.*\bNOW\b", dynamic),
        "a stack that is not run": stack and "E" not in stack[1],
        "stack protector": "__stack_chk_fail" in symbols,
        "FORTIFY": re.search(r"__(?:mem|str|v?sn?printf|read|recv|poll|fd)\w*_chk\b", symbols),
    }
    if "X86-64" in header:
        has["endbr64 where main begins"] = entry_code(program) in (b"\xf3\x0f\x1e\xfa", None)
    return [name for name, there in has.items() if not there]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    bad = 0
    for program in sys.argv[1:]:
        missing = lacking(program)
        bad += bool(missing)
        print(f"{program}: {'lacks ' + ', '.join(missing) if missing else 'hardened'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
