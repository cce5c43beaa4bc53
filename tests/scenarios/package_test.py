#!/usr/bin/env python3
"""The sensor's Debian package, as script/package-sensor makes it: what it says of itself, what is in it,
and whether systemd takes its unit. Installs nothing.

    package_test.py
"""

import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

CONTENTS = """
drwxr-xr-x ./
drwxr-xr-x ./etc/
drwxr-xr-x ./etc/mobilytics/
-rw-r--r-- ./etc/mobilytics/sensor.toml
drwxr-xr-x ./lib/
drwxr-xr-x ./lib/systemd/
drwxr-xr-x ./lib/systemd/system/
-rw-r--r-- ./lib/systemd/system/mobilytics-sensor.service
drwxr-xr-x ./usr/
drwxr-xr-x ./usr/bin/
-rwxr-xr-x ./usr/bin/mobilytics-sensor
drwxr-xr-x ./usr/share/
drwxr-xr-x ./usr/share/doc/
drwxr-xr-x ./usr/share/doc/mobilytics-sensor/
-rw-r--r-- ./usr/share/doc/mobilytics-sensor/copyright
-rw-r--r-- ./usr/share/doc/mobilytics-sensor/protocol.md
-rw-r--r-- ./usr/share/doc/mobilytics-sensor/sensor.md
"""
EXPOSURE_MAX = 30  # Tenths, as `systemd-analyze security` counts: 10 is a service without any limits.


def told(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        made = subprocess.run(["script/package-sensor"], capture_output=True, text=True)
        if made.returncode != 0:
            raise AssertionError(made.stdout[-2000:] + made.stderr[-2000:])
        cls.deb = re.search(r"build/packages/\S+\.deb", made.stdout).group()
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix="mobilytics_package_"))
        told("dpkg-deb", "-R", cls.deb, cls.root)
        cls.program = cls.root / "usr/bin/mobilytics-sensor"

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root, ignore_errors=True)

    def field(self, name):
        return told("dpkg-deb", "-f", self.deb, name).strip()

    def test_it_holds_what_it_should_and_belongs_to_root(self):
        found = [line.split() for line in told("dpkg-deb", "-c", self.deb).splitlines()]
        self.assertEqual([f"{line[0]} {line[5]}" for line in found], CONTENTS.split("\n")[1:-1])
        self.assertEqual({line[1] for line in found}, {"root/root"})
        checked = subprocess.run(["md5sum", "--strict", "--quiet", "-c", "DEBIAN/md5sums"],
                                 cwd=self.root, capture_output=True, text=True)
        self.assertEqual((checked.returncode, checked.stdout), (0, ""))

    def test_it_is_the_version_that_it_says(self):
        self.assertEqual(told(self.program, "--version").split()[-1], self.field("Version"))
        self.assertEqual(self.field("Architecture"), told("dpkg", "--print-architecture").strip())

    def test_it_depends_on_what_its_program_is_linked_with_and_nothing_else_of_ours(self):
        needed = re.findall(r"NEEDED\s+(\S+)", told("objdump", "-p", self.program))
        places = dict(re.findall(r"(\S+) => (\S+)", told("ldd", self.program)))
        owners = set()
        for library in needed:
            if library in places:  # Not the loader itself.
                place = str(pathlib.Path(places[library]).resolve())
                # /lib is /usr/lib, but packages still name the one or the other.
                owners.add(told("dpkg-query", "-S", f"*{place.removeprefix('/usr')}").split(":")[0])
        depends = {one.split()[0] for one in self.field("Depends").split(", ")}
        self.assertEqual(depends, owners | {"tzdata", "ca-certificates"})

    def test_its_settings_are_known_and_kept_in_an_upgrade(self):
        settings = "/etc/mobilytics/sensor.toml"
        self.assertEqual((self.root / "DEBIAN/conffiles").read_text().split(), [settings])
        told(self.program, "run", "--config", f"{self.root}{settings}", "--print-config")

    def test_its_scripts_are_read_by_a_shell(self):
        for name in ("postinst", "prerm", "postrm"):
            told("sh", "-n", self.root / "DEBIAN" / name)

    def test_systemd_takes_its_unit(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd-analyze is not installed")
        unit = self.root / "lib/systemd/system/mobilytics-sensor.service"
        text = unit.read_text()
        self.assertIn("ExecStart=/usr/bin/mobilytics-sensor ", text)
        here = self.root / "mobilytics-sensor.service"
        here.write_text(text.replace("ExecStart=/usr", f"ExecStart={self.root}/usr"))
        verified = subprocess.run(["systemd-analyze", "verify", "--man=no", here],
                                  capture_output=True, text=True)
        complaints = [line for line in verified.stderr.splitlines() if "mobilytics" in line]
        self.assertEqual((verified.returncode, complaints), (0, []))
        secure = subprocess.run(
            ["systemd-analyze", "security", "--no-pager", "--offline=true",
             f"--threshold={EXPOSURE_MAX}", here], capture_output=True, text=True)
        self.assertEqual(secure.returncode, 0, secure.stdout[-200:])


if __name__ == "__main__":
    unittest.main()
