#!/usr/bin/env python3
"""A server on a PostgreSQL that is not its own (database.url), whose owner is no superuser: it starts nothing beside
it, is backed up by a role that sees all rows, and is restored into another PostgreSQL: one that numbers its
transactions too low, or has an installation already, is refused with the remedy; into one that is as the remedy says
it goes, every row of every table is compared, and the server answers there as before.

    given_database_test.py BUILD_FOLDER
"""

import argparse
import datetime
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import sys
import tempfile

from backup_test import WRITTEN_ANEW, Sensor, air, figures, quiet, rows, run
from product import Api, Findings, Server, free_ports

# What whoever runs that PostgreSQL gives us: one who may make roles and a database, and one who reads all rows.
GIVEN = """
    CREATE ROLE ours LOGIN CREATEROLE;
    CREATE ROLE keeper LOGIN BYPASSRLS IN ROLE pg_read_all_data;
    CREATE DATABASE mobilytics OWNER ours
"""


class Postgres:
    """Somebody's, of the least that it takes."""

    def __init__(self, folder, name):
        self.folder, self.port = folder / name, free_ports(1)[0]
        self.programs = pathlib.Path(subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True,
                                                    check=True).stdout.strip())
        self.folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self.run("initdb", "-U", "admin", "-A", "trust", "--data-checksums", "-E", "UTF8", "--locale=C.UTF-8")

    def run(self, program, *words):
        as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        done = subprocess.run([*as_postgres, self.programs / program, "-D", self.folder, *words], cwd="/",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stdout}")

    def start(self):
        self.run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o",
                 f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200",
                 "start")

    def stop(self):
        self.run("pg_ctl", "-w", "-m", "fast", "stop")

    def url(self, user="ours"):
        return f"postgresql://{user}@127.0.0.1:{self.port}/mobilytics"

    def begin(self):
        self.start()
        for statement in GIVEN.split(";"):
            subprocess.run(["psql", f"postgresql://admin@127.0.0.1:{self.port}/postgres", "-qc", statement], check=True)


class GivenServer(Server):
    """A server on a PostgreSQL that was given."""

    def use(self, postgres):
        self.postgres = postgres
        self.environment |= {"MOBILYTICS_DATABASE_URL": postgres.url(),
                             "MOBILYTICS_DATABASE_BACKUP_URL": postgres.url("keeper")}

    def psql_words(self):
        return ["psql", self.postgres.url("keeper"), "-qtA"]


def refused(server, backup, folder, postgres, findings):
    """What cannot take the rows is named with what would; then it is made so."""
    words = ("restore", "--from", str(backup), "--keys-sealed-by", str(folder / "backup.key"))
    code, told = run(server, *words, data=folder / "again")
    findings.hold("a restore into a database that is not empty", code == 1 and "name an empty one" in told,
                  (code, told), "refused")
    server.use(postgres)
    code, told = run(server, *words, data=folder / "again")
    findings.hold("a restore by who may not give to roles what is theirs", code == 1 and "takes a superuser" in told,
                  (code, told[-300:]), "the remedy")
    server.environment["MOBILYTICS_DATABASE_URL"] = postgres.url("admin")
    code, told = run(server, *words, data=folder / "again")
    epoch = re.search(r"pg_resetwal --epoch=(\d+)", told)
    findings.hold("a restore where transactions are numbered too low", code == 1 and epoch, (code, told[-300:]),
                  "the remedy")
    findings.expect("what those left", [(folder / name).exists() for name in ("again", "again.restoring")],
                    [False, False])
    postgres.stop()
    postgres.run("pg_resetwal", "--epoch=" + (epoch[1] if epoch else "1"))
    postgres.start()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    build = parser.parse_args().build.resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mobilytics_given_"))
    os.chmod(folder, 0o755)
    findings, server, started = Findings(), GivenServer(build, folder), []
    try:
        first, second = Postgres(folder, "first"), Postgres(folder, "second")
        for postgres in (first, second):
            postgres.begin()
            started.append(postgres)
        server.use(first)
        server.start()
        server.wait_until_ready()
        api = Api(server)
        sensor = Sensor(build, folder, api, server, "SIM-B01")
        begins = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=40)
        findings.expect("the sensor ends with", sensor.play(air(build, folder, "air")), 0)
        quiet(server)
        period = begins, datetime.datetime.now(datetime.timezone.utc)
        before = figures(api, sensor, period)
        findings.hold("visits", before["overview?"]["current"]["visits"] > 0,
                      before["overview?"]["current"]["visits"], "some")
        findings.expect("a PostgreSQL of its own", (server.data / "postgres").exists(), False)
        server.stop()
        server.start()  # What a start itself writes is written.
        server.wait_until_ready()
        server.stop()
        tables = rows(server)
        backup = folder / "backup"
        code, told = run(server, "backup", "--to", str(backup), "--keys-sealed-by", str(folder / "backup.key"))
        findings.expect("exit of the backup", (code, told if code else ""), (0, ""))
        code, told = run(server, "restore", "--verify", "--from", str(backup))
        findings.expect("exit of a trial, in a PostgreSQL of our own", (code, told if code else ""), (0, ""))

        refused(server, backup, folder, second, findings)
        code, told = run(server, "restore", "--from", str(backup), "--keys-sealed-by", str(folder / "backup.key"),
                         data=folder / "restored")
        findings.expect("exit of the restore", (code, told if code else ""), (0, ""))
        server.use(second)
        findings.expect("tables whose rows differ once restored", sorted(
            name for name, digest in rows(server).items() if digest != tables.get(name)), ["fleet.salt"])
        server.data.rename(folder / "was")
        (folder / "restored").rename(server.data)
        server.start()
        server.wait_until_ready()
        quiet(server)
        again = rows(server)
        findings.expect("tables compared", again.keys(), tables.keys())
        findings.expect("tables whose rows differ once it has started", sorted(
            name for name in tables if tables[name] != again[name] and name not in WRITTEN_ANEW), [])
        api = Api(server, first=False)
        findings.expect("figures that differ", {
            path: (before[path], answer) for path, answer in figures(api, sensor, period).items()
            if answer != before[path]}, {})
        server.stop()
    finally:
        if server.process is not None and server.process.poll() is None:
            server.process.kill()
            server.process.wait()
        for postgres in started:
            postgres.stop()
        if findings.failures and os.environ.get("KEEP_FOLDER"):
            print(f"kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return findings.close()


if __name__ == "__main__":
    sys.exit(main())
