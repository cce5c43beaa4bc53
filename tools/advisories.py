#!/usr/bin/env python3
"""Says which of the libraries and programs that are not ours have known security advisories: npm's, as the lock
files pin them, by npm's bulk endpoint for audits; Debian's, as they are installed here, by the security tracker.

    advisories.py BUILD_FOLDER [--offline]

What it was answered is kept in BUILD_FOLDER/advisories, with its time, and used where nobody can be asked
(--offline: nobody is). What is high, and neither on the list of those that were looked at (tools/advisories.toml:
why it does not concern us, and until when that holds) nor mended, fails.

Exit status: 0 nothing high; 1 something is; 2 the list has faults, or there is nothing to look at; 3 nobody could be asked, and nothing was kept.
"""

import argparse
import datetime
import json
import pathlib
import re
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from dataclasses import dataclass

import sbom

LIST = "tools/advisories.toml"
DEBIAN = "https://security-tracker.debian.org/tracker/data/json"
BULK = "/-/npm/v1/security/advisories/bulk"
OLD = datetime.timedelta(days=7)
PATIENCE_S = 60
OPERATORS = {"<": lambda c: c < 0, "<=": lambda c: c <= 0, ">": lambda c: c > 0, ">=": lambda c: c >= 0,
             "=": lambda c: c == 0}


class Unreachable(Exception):
    pass


@dataclass(frozen=True)
class Advisory:
    id: str
    package: str  # As it is installed: "npm:vite", "deb:openssl".
    version: str
    severity: str  # As the source has it.
    high: bool
    told: str


def now():
    return datetime.datetime.now(datetime.timezone.utc)


# npm: what is pinned, and which versions an advisory is about.

def pinned(root="."):
    """Every version that a lock file pins, whether of what is built or of what tests it, by name."""
    out = {}
    for lock in sorted(pathlib.Path(root).glob("**/package-lock.json")):
        if "node_modules" in lock.parts:
            continue
        for path, package in json.loads(lock.read_text())["packages"].items():
            if "node_modules/" in path and not package.get("link"):
                name = package.get("name", path.rpartition("node_modules/")[2])
                out.setdefault(name, set()).add(package["version"])
    return {name: sorted(versions) for name, versions in sorted(out.items())}


def order(a, b):
    """-1, 0, 1, by Semantic Versioning 2.0.0, 11; ValueError for what is none."""
    def parts(text):
        found = re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+\S*)?", text)
        if not found:
            raise ValueError(text)
        before = found[4].split(".") if found[4] else None
        rank = [(0, int(word), "") if word.isdigit() else (1, 0, word) for word in before or []]
        return [int(found[i]) for i in (1, 2, 3)], before is None, rank
    first, second = parts(a), parts(b)
    return (first > second) - (first < second)


def is_about(versions, version):
    """Whether a range such as ">=1.0.0 <1.4.2 || =2.0.0" has it. What cannot be read is about all."""
    try:
        return any(all(OPERATORS[operator or "="](order(version, bound)) for operator, bound in
                       re.findall(r"(<=|>=|<|>|=)?\s*([^\s<>=]+)", part) if bound != "*")
                   for part in versions.split("||"))
    except ValueError:
        return True


def of_npm(packages, answer):
    for name, found in answer.items():
        for advisory in found:
            for version in packages.get(name, []):
                if is_about(advisory["vulnerable_versions"], version):
                    severity = advisory["severity"]
                    yield Advisory(advisory["url"].rpartition("/")[2], f"npm:{name}", version, severity,
                                   severity in ("high", "critical"), advisory["title"])


# Debian: by source package, what its tracker says of this release.

def installed(build):
    """Source packages and their versions, of what the programs are linked with and what they start."""
    programs = [file for name in sbom.PROGRAMS for file in sorted(build.rglob(name)) if file.is_file()]
    if not programs:
        raise sbom.Refused(f"{build}: there is no {' or '.join(sbom.PROGRAMS)}")
    packages = {package for program in programs for package in sbom.linked_packages(program)}
    lines = sbom.output("dpkg-query", "-W", "-f=${source:Package} ${source:Version}\n",
                        *sorted(packages | set(sbom.STARTED)))
    return dict(sorted(line.split() for line in lines.splitlines()))


def is_older(version, than):
    return subprocess.run(["dpkg", "--compare-versions", version, "lt", than], check=False).returncode == 0


def of_debian(packages, answer, release):
    for source, version in packages.items():
        for name, issue in answer.get(source, {}).items():
            here = issue["releases"].get(release)
            if here is None or here["status"] == "undetermined" or here["urgency"] == "unimportant":
                continue
            fixed = here.get("fixed_version")
            if here["status"] == "resolved" and (fixed in (None, "0") or not is_older(version, fixed)):
                continue
            urgency = here["urgency"].strip("*")
            # The security team's own word: what gets no advisory of its own is minor; what has got one is not.
            mended = here["status"] == "resolved" and "nodsa" not in here and urgency != "low"
            told = f"mended in {fixed}: upgrade" if here["status"] == "resolved" else "not mended yet"
            yield Advisory(name, f"deb:{source}", version, urgency, urgency == "high" or mended, told)


def release_of(os_release="/etc/os-release"):
    return re.search(r"^VERSION_CODENAME=(\w+)$", pathlib.Path(os_release).read_text(), re.MULTILINE)[1]


# Asking, and keeping what was answered.

def fetched(url, body=None):
    """JSON. Unreachable, with why, where it is not to be had."""
    headers = {"User-Agent": "mobilytics-advisories", "Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    try:
        request = urllib.request.Request(url, data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as reply:
            return json.load(reply)
    except (OSError, ValueError) as why:
        raise Unreachable(f"{url}: {why}") from None


def asked(name, ask, kept, offline):
    """The answer, and when it was given: now, or when it was kept. None where there is neither."""
    file = kept / f"{name}.json"
    why = "--offline"
    if not offline:
        try:
            answer = {"at": now().isoformat(timespec="seconds"), "answer": ask()}
            kept.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(answer))
            print(f"{name}: asked at {answer['at']}")
            return answer["answer"]
        except Unreachable as failure:
            why = str(failure)
    if not file.is_file():
        print(f"{name}: NOT ASKED ({why}), and no answer was kept: nothing is known")
        return None
    answer = json.loads(file.read_text())
    age = now() - datetime.datetime.fromisoformat(answer["at"])
    print(f"{name}: not asked ({why}); as it was answered at {answer['at']}"
          + (f", {age.days} DAYS AGO" if age > OLD else ""))
    return answer["answer"]


# What was looked at.

def reviewed(text, today):
    """By advisory and package, what is on the list; and what is wrong with the list."""
    out, faults = {}, []
    for entry in tomllib.loads(text).get("reviewed", []):
        what = f"{entry.get('id', '?')} of {entry.get('package', '?')}"
        if set(entry) != {"id", "package", "reason", "until"} or not str(entry["reason"]).strip():
            faults.append(f"{what}: say id, package, reason and until")
        elif not isinstance(entry["until"], datetime.date):
            faults.append(f"{what}: until is a date, 2027-01-31")
        elif entry["until"] > today + datetime.timedelta(days=180):
            faults.append(f"{what}: until is further away than 180 days")
        else:
            out[entry["id"], entry["package"]] = entry
    return out, faults


def judged(advisories, known, today):
    """Lines to print, and how many of them fail."""
    lines, failures = [], 0
    for one in sorted(set(advisories), key=lambda one: (not one.high, one.package, one.id, one.version)):
        entry = known.get((one.id, one.package))
        if entry is not None and entry["until"] >= today:
            state = f"looked at, until {entry['until']}: {entry['reason']}"
        elif one.high:
            failures += 1
            state = "HIGH" if entry is None else f"HIGH, looked at until {entry['until']}, which is over"
        else:
            state = one.severity
        lines.append(f"{one.package} {one.version} {one.id} ({state}): {one.told}")
    found = {(one.id, one.package) for one in advisories}
    lines += [f"{identity} of {package}: is on {LIST} and was not found: take it off"
              for identity, package in sorted(known.keys() - found)]
    return lines, failures


def registry():
    """Of npm's own settings."""
    return sbom.output("npm", "config", "get", "registry").strip().rstrip("/")


def main(words=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--offline", action="store_true")
    parser.add_argument("--npm", help="in place of npm's own registry, for its endpoint of audits")
    parser.add_argument("--debian", default=DEBIAN)
    parser.add_argument("--list", type=pathlib.Path, default=pathlib.Path(LIST))
    args = parser.parse_args(words)
    today = now().date()
    known, faults = reviewed(args.list.read_text(), today)
    if faults:
        print("\n".join(f"{args.list}: {fault}" for fault in faults), file=sys.stderr)
        return 2
    packages, sources = pinned(), installed(args.build)
    kept = args.build / "advisories"

    def ask_npm():
        return fetched((args.npm or registry()) + BULK, json.dumps(packages).encode())

    def ask_debian():
        whole = fetched(args.debian)
        return {source: whole[source] for source in sources if source in whole}
    npm = asked("npm", ask_npm, kept, args.offline)
    debian = asked("debian", ask_debian, kept, args.offline)
    found = [*of_npm(packages, npm or {}), *of_debian(sources, debian or {}, release_of())]
    lines, failures = judged(found, known, today)
    print("\n".join(lines))
    print(f"{sum(map(len, packages.values()))} packages of npm, {len(sources)} of Debian; "
          f"{len(set(found))} advisories, {failures} to be dealt with")
    if failures:
        return 1
    return 3 if npm is None or debian is None else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (sbom.Refused, tomllib.TOMLDecodeError) as refused:
        print(f"advisories: {refused}", file=sys.stderr)
        sys.exit(2)
