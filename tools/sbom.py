#!/usr/bin/env python3
"""Lists what an installation is made of that is not ours, as CycloneDX 1.5: Debian's packages that the
programs are linked with and that they start, and npm's that the web apps and DuckDB come of.

    sbom.py BUILD_FOLDER > sbom.json
"""

import json
import pathlib
import re
import subprocess
import sys

PROGRAMS = ["mobilytics", "mobilytics-sensor"]
STARTED = ["postgresql-15", "mosquitto"]  # By the server, where it has no others.
LOCKS = ["web/package-lock.json", "tools/duckdb/package-lock.json"]


class Refused(Exception):
    pass


def output(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def npm_components(lock):
    """What a lock file pins that goes into what is built: none without the digest of its content."""
    for path, package in lock["packages"].items():
        ours = "node_modules/" not in path or package.get("link")
        if ours or package.get("dev"):
            continue
        name = path.rpartition("node_modules/")[2]
        if not package.get("integrity", "").startswith("sha512-"):
            raise Refused(f"{name}: the lock file has no digest of it")
        yield {"type": "library", "name": name, "version": package["version"],
               "purl": f"pkg:npm/{name.replace('@', '%40')}@{package['version']}",
               "properties": [{"name": "npm:integrity", "value": package["integrity"]}]}


def linked_packages(program):
    """Of Debian, by the files that the loader finds. What no package has comes from npm: DuckDB."""
    files = re.findall(r"=> (/\S+)", output("ldd", str(program)))
    for file in sorted({str(pathlib.Path(file).resolve()) for file in files}):
        for path in (file, file.removeprefix("/usr")):  # As it was named before /lib was /usr/lib.
            found = subprocess.run(["dpkg-query", "-S", path], capture_output=True, text=True, check=False)
            if found.returncode == 0:
                yield found.stdout.split(":")[0]
                break
        else:
            if "node_modules" not in file:
                raise Refused(f"{file}: no package has it")


def deb_components(packages):
    for package in sorted(set(packages)):
        lines = output("dpkg-query", "-W", "-f=${Version} ${Architecture}\n", package).splitlines()
        version, architecture = lines[0].split()
        yield {"type": "library", "name": package, "version": version,
               "purl": f"pkg:deb/debian/{package}@{version}?arch={architecture}"}


def document(build):
    programs = [file for name in PROGRAMS for file in sorted(build.rglob(name)) if file.is_file()]
    if not programs:
        raise Refused(f"{build}: there is no {' or '.join(PROGRAMS)}")
    packages = [package for program in programs for package in linked_packages(program)]
    components = [*deb_components(packages + STARTED)]
    for lock in LOCKS:
        components += npm_components(json.loads(pathlib.Path(lock).read_text()))
    version = re.search(r"project\(mobilytics VERSION (\S+)", pathlib.Path("CMakeLists.txt").read_text())
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
            "metadata": {"component": {"type": "application", "name": "mobilytics", "version": version[1]}},
            "components": components}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        print(json.dumps(document(pathlib.Path(sys.argv[1])), indent=2))
    except Refused as why:
        sys.exit(f"sbom: {why}")


if __name__ == "__main__":
    main()
