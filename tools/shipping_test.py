#!/usr/bin/env python3
"""Tries what looks at a release before it is shipped: whether its programs are hardened (hardening.py), on programs
that each lack one thing; and which of its libraries have advisories (advisories.py), against a server on this machine
that answers as npm's bulk endpoint and Debian's security tracker do."""

import contextlib
import datetime
import http.server
import io
import json
import pathlib
import shutil
import tempfile
import threading
import unittest

import advisories
import hardening
import sbom
from advisories import Advisory

PROGRAM = """
#include <cstdio>
#include <cstring>
int main(int argc, char** argv) {
    char text[64];
    std::strcpy(text, argv[argc - 1]);
    return std::puts(text);
}
"""
PINNED = advisories.pinned  # As it is, where a test puts another in its place.
COMPILED = ["-O2", "-fPIE", "-fstack-protector-strong", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=3"]
LINKED = ["-pie", "-Wl,-z,relro", "-Wl,-z,now", "-Wl,-z,noexecstack"]


class Hardening(unittest.TestCase):
    def lacks(self, *more, without=()):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "program.cpp"
            source.write_text(PROGRAM)
            program = str(source.with_suffix(""))
            compiler = shutil.which("clang++-19") or "g++"
            sbom.output(compiler, *(word for word in COMPILED + LINKED if word not in without), *more, str(source),
                        "-o", program)
            return hardening.lacking(program)

    def test_a_program_that_has_all_of_it(self):
        self.assertEqual(self.lacks("-fcf-protection=full"), [])

    def test_each_thing_that_is_missing_is_named(self):
        full = "-fcf-protection=full"
        for missing, more, without in (
                ("PIE", [full, "-fno-pie", "-no-pie"], ["-fPIE", "-pie"]),
                ("RELRO", [full, "-Wl,-z,norelro"], ["-Wl,-z,relro"]),
                ("BIND_NOW", [full, "-Wl,-z,lazy"], ["-Wl,-z,now"]),
                ("a stack that is not run", [full, "-Wl,-z,execstack"], ["-Wl,-z,noexecstack"]),
                ("stack protector", [full, "-fno-stack-protector"], []),
                ("FORTIFY", [full, "-U_FORTIFY_SOURCE"], [])):
            self.assertEqual(self.lacks(*more, without=without), [missing])

    @unittest.skipUnless("x86-64" in sbom.output("uname", "-m").replace("_", "-"), "of amd64")
    def test_jumps_that_land_anywhere(self):
        self.assertEqual(self.lacks("-fcf-protection=none"), ["endbr64 where main begins"])


NPM = {
    "left-pad": [{"id": 1, "url": "https://github.com/advisories/GHSA-aaaa-bbbb-cccc", "title": "Pads too far",
                  "severity": "high", "vulnerable_versions": ">=1.0.0 <1.3.0 || =2.0.0", "cwe": ["CWE-400"],
                  "cvss": {"score": 7.5, "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}},
                 {"id": 2, "url": "https://github.com/advisories/GHSA-dddd-eeee-ffff", "title": "Pads oddly",
                  "severity": "moderate", "vulnerable_versions": "<9.0.0", "cwe": [], "cvss": {"score": 0}}]}


def issue(status, urgency="not yet assigned", **more):
    return {"description": "x", "scope": "remote", "releases": {
        "bookworm": {"status": status, "repositories": {"bookworm": "3.0.0-1"}, "urgency": urgency, **more},
        "sid": {"status": "open", "repositories": {"sid": "9"}, "urgency": "high"}}}


DEBIAN = {
    "openssl": {
        "CVE-2026-0001": issue("resolved", fixed_version="3.0.0-2"),
        "CVE-2026-0002": issue("resolved", fixed_version="3.0.0-1"),
        "CVE-2026-0003": issue("resolved", fixed_version="0"),
        "CVE-2026-0004": issue("open"),
        "CVE-2026-0005": issue("open", urgency="high**"),
        "CVE-2026-0006": issue("open", urgency="unimportant"),
        "CVE-2026-0007": issue("undetermined"),
        "CVE-2026-0008": issue("resolved", fixed_version="3.0.0-2", nodsa="Minor issue", nodsa_reason=""),
        "CVE-2026-0009": {"description": "elsewhere", "releases": {"sid": {"status": "open"}}}},
    "others": {"CVE-2026-0010": issue("open", urgency="high")}}


class Upstream(http.server.BaseHTTPRequestHandler):
    """Both, as they are there."""
    asked = []

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        packages = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Upstream.asked.append((self.path, self.headers["Content-Type"], packages))
        if self.path != "/-/npm/v1/security/advisories/bulk":
            return self.send_error(404)
        return self.answer({name: NPM[name] for name in packages if name in NPM})

    def do_GET(self):
        Upstream.asked.append((self.path, None, None))
        return self.answer(DEBIAN) if self.path == "/tracker/data/json" else self.send_error(404)

    def log_message(self, *_):
        pass


class Advisories(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.list = self.folder / "list.toml"
        self.list.write_text("")
        self.npm_packages, self.sources = {"left-pad": ["1.2.9", "1.3.0"]}, {"openssl": "3.0.0-1"}
        for name, value in (("pinned", lambda: self.npm_packages), ("installed", lambda _: self.sources),
                            ("release_of", lambda: "bookworm")):
            before = getattr(advisories, name)
            setattr(advisories, name, value)
            self.addCleanup(setattr, advisories, name, before)
        Upstream.asked = []

    @contextlib.contextmanager
    def upstream(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()

    def run_at(self, base, *more):
        """Exit status, and what it told."""
        told = io.StringIO()
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            status = advisories.main([str(self.folder), "--list", str(self.list), "--npm", base, "--debian",
                                      base + "/tracker/data/json", *more])
        return status, told.getvalue()

    def review(self, days=30, **more):
        entry = {"id": "GHSA-aaaa-bbbb-cccc", "package": "npm:left-pad", "reason": "we pad nothing",
                 "until": advisories.now().date() + datetime.timedelta(days=days)} | more
        with open(self.list, "a") as file:
            file.write("[[reviewed]]\n" + "".join(
                f"{key} = {value if isinstance(value, datetime.date) else json.dumps(value)}\n"
                for key, value in entry.items()))

    def test_what_is_known_of_what_is_pinned_and_installed(self):
        with self.upstream() as base:
            status, told = self.run_at(base)
        self.assertEqual(Upstream.asked, [
            ("/-/npm/v1/security/advisories/bulk", "application/json", {"left-pad": ["1.2.9", "1.3.0"]}),
            ("/tracker/data/json", None, None)])
        self.assertEqual(status, 1)
        self.assertEqual([line for line in told.splitlines() if line.startswith(("npm:l", "deb:o"))], [
            "deb:openssl 3.0.0-1 CVE-2026-0001 (HIGH): mended in 3.0.0-2: upgrade",
            "deb:openssl 3.0.0-1 CVE-2026-0005 (HIGH): not mended yet",
            "npm:left-pad 1.2.9 GHSA-aaaa-bbbb-cccc (HIGH): Pads too far",
            "deb:openssl 3.0.0-1 CVE-2026-0004 (not yet assigned): not mended yet",
            "deb:openssl 3.0.0-1 CVE-2026-0008 (not yet assigned): mended in 3.0.0-2: upgrade",
            "npm:left-pad 1.2.9 GHSA-dddd-eeee-ffff (moderate): Pads oddly",
            "npm:left-pad 1.3.0 GHSA-dddd-eeee-ffff (moderate): Pads oddly"])
        self.assertIn("2 packages of npm, 1 of Debian; 7 advisories, 3 to be dealt with", told)

    def test_what_was_looked_at_fails_no_release_until_its_day_is_over(self):
        self.sources = {}
        self.npm_packages = {"left-pad": ["1.2.9"]}
        self.review(days=0)
        with self.upstream() as base:
            status, told = self.run_at(base)
            self.assertEqual(status, 0)
            self.assertIn("we pad nothing", told)
            self.list.write_text("")
            self.review(days=-1)
            status, told = self.run_at(base)
            self.assertEqual(status, 1)
            self.assertIn("which is over", told)

    def test_a_list_with_faults_is_refused(self):
        for more, told_of in ((dict(reason=" "), "say id, package, reason and until"), (dict(days=181), "180 days"),
                              (dict(until="soon"), "until is a date"), (dict(by="me"), "say id, package")):
            self.list.write_text("")
            self.review(**more)
            status, told = self.run_at("http://127.0.0.1:1", "--offline")
            self.assertEqual(status, 2)
            self.assertIn(told_of, told)

    def test_what_is_on_the_list_and_no_more_there_is_told(self):
        self.review(package="npm:right-pad")
        with self.upstream() as base:
            _, told = self.run_at(base)
        self.assertIn("GHSA-aaaa-bbbb-cccc of npm:right-pad: is on tools/advisories.toml and was not found", told)

    def test_without_a_network_nothing_is_known_or_what_was_answered_before(self):
        nowhere = "http://127.0.0.1:1"
        status, told = self.run_at(nowhere)
        self.assertEqual(status, 3)
        self.assertEqual(told.count("NOT ASKED"), 2)
        self.assertIn("no answer was kept: nothing is known", told)
        with self.upstream() as base:
            self.run_at(base)
        status, told = self.run_at(nowhere)
        self.assertEqual(status, 1)  # As it was answered.
        self.assertIn("as it was answered at", told)
        kept = self.folder / "advisories/npm.json"
        answer = json.loads(kept.read_text())
        kept.write_text(json.dumps(answer | {"at": "2020-01-01T00:00:00+00:00"}))
        self.assertIn("DAYS AGO", self.run_at(nowhere, "--offline")[1])

    def test_ranges_are_npms(self):
        for versions, version, about in (
                ("<1.0.0", "0.9.9", True), ("<1.0.0", "1.0.0", False), ("<1.0.0", "1.0.0-rc.1", True),
                (">=1.0.0 <1.4.2 || =2.0.0", "1.4.1", True), (">=1.0.0 <1.4.2 || =2.0.0", "1.4.2", False),
                (">=1.0.0 <1.4.2 || =2.0.0", "2.0.0", True), (">= 1.0.0", "1.0.0+build", True), ("*", "7.0.0", True),
                ("<1.0.0-alpha.10", "1.0.0-alpha.2", True), ("~1.2", "9.9.9", True), ("2.0.0", "2.0.1", False)):
            self.assertEqual(advisories.is_about(versions, version), about, (versions, version))

    def test_what_is_pinned_is_read_from_every_lock_file(self):
        (self.folder / "a").mkdir()
        (self.folder / "a/package-lock.json").write_text(json.dumps({"packages": {
            "": {"version": "0"}, "apps/ours": {"version": "0"}, "node_modules/ours": {"link": True},
            "node_modules/@a/b": {"version": "1.0.0"}, "node_modules/c/node_modules/@a/b": {"version": "2.0.0"},
            "node_modules/alias": {"name": "d", "version": "3.0.0", "dev": True}}}))
        inside = self.folder / "node_modules/x"
        inside.mkdir(parents=True)
        (inside / "package-lock.json").write_text('{"packages": {"node_modules/no": {"version": "1.0.0"}}}')
        self.assertEqual(PINNED(self.folder), {"@a/b": ["1.0.0", "2.0.0"], "d": ["3.0.0"]})

    def test_an_advisory_is_one_whoever_needs_it(self):
        twice = [Advisory("CVE-1", "deb:x", "1", "high", True, "t")] * 2
        lines, failures = advisories.judged(twice, {}, advisories.now().date())
        self.assertEqual((len(lines), failures), (1, 1))


if __name__ == "__main__":
    unittest.main()
