#!/usr/bin/env python3
"""Backups, against the whole server: one is made while sensors report and people ask, each is restored into
an empty folder, every row of PostgreSQL and of the store is compared, the server starts on what was restored,
answers the same figures, and takes what the same sensors send next. What is damaged, newer, not whole, or
would overwrite something is refused with the remedy, and nothing is left behind.

    backup_test.py BUILD_FOLDER
"""

import argparse
import datetime
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from product import Api, Findings, Server, environment

FRIDAY = datetime.datetime(2026, 8, 21, 22, tzinfo=datetime.timezone.utc)  # Five in the afternoon in Chicago.
NO_LONGER = 90  # Seconds that something which must happen may take on a slow machine.
TABLES = """SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\\_%'
    AND n.nspname <> 'information_schema' ORDER BY 1"""


def iso(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def wait_for(ask, wanted, seconds=NO_LONGER):
    end = time.monotonic() + seconds
    found = ask()
    while found != wanted and time.monotonic() < end:
        time.sleep(0.2)
        found = ask()
    return found


class Sensor:
    """A billboard's, which replays what its radio heard."""

    def __init__(self, build, folder, api, server, name):
        self.program, self.state = str(build / "mobilytics-sensor"), folder / name
        self.asset = api.ask("assets", {"code": name, "name": name, "kind": "billboard", "latitude": 41.88,
                                        "longitude": -87.63})[1]["id"]
        claim = api.ask("claims", {"name": name, "asset_id": self.asset})[1]["code"]
        subprocess.run([self.program, "enroll", "--state", self.state, "--server", server.url,
                        "--claim", claim], check=True, capture_output=True, env=environment())

    def play(self, capture):
        return subprocess.run(
            [self.program, "replay", "--state", self.state, "--quiet", "--wait", str(NO_LONGER),
             "--pcap", capture], capture_output=True, env=environment()).returncode


def air(build, folder, name, begins=FRIDAY):
    """Six minutes of a simulated street. A sensor replays them as what it just heard, so that the clock may turn an hour
    in between: there are people enough for the hour before or the one after to be shown."""
    out = folder / name
    subprocess.run([build / "tests/simulation/simulate", "--out", out, "--hours", "0.1", "--from", iso(begins),
                    "--people", "400000", "--asset", "SIM-B01"], check=True, capture_output=True)
    return next(out.glob("*.wifi.pcap"))


def figures(api, sensor, period):
    """Answers of every kind of report, as they are shown. How complete an hour or a quarter of one is that was not over
    when the period ended is another thing each second; nothing else is left out."""
    asked = f"from={iso(period[0])}&to={iso(period[1])}&asset_id={sensor.asset}"
    out = {path: api.ask(f"reports/{path}{asked}")[1] for path in (
        "overview?", "exposure?grain=quarter&", "dwell?", "reach?")} | {
            path: api.ask(path)[1] for path in ("assets", "devices")}
    for part in (out["overview?"], *out["exposure?grain=quarter&"]["items"]):
        if part.get("to", part.get("end")) > iso(period[1]):
            del part.get("current", part)["completeness"]
    return out


def measured(server):
    """Reports accepted and not yet measured: the store has committed all when it is 0 twice."""
    return server.sql("SELECT count(*) FROM ingest.report"), server.metric(
        "mobilytics_measure_reports_total")


def quiet(server):
    """Waits until nothing changes any more."""
    before, since = None, time.monotonic()
    end = since + NO_LONGER
    while time.monotonic() < end:
        now = measured(server)
        if now != before:
            before, since = now, time.monotonic()
        elif time.monotonic() - since > 5:
            return
        time.sleep(0.3)


# Salts are in no backup; of the others a start itself says that it has begun.
WRITTEN_ANEW = {"fleet.salt", "gdpr.retention", "jobs.vendor", "jobs.worker"}


def rows(server):
    """Every row of every table, by a digest that is not the product's own."""
    out = {}
    for table in server.sql(TABLES).splitlines():
        text = server.sql(f"SELECT t::text FROM {table} t ORDER BY t::text")
        out[table] = hashlib.sha256(text.encode()).hexdigest()
    return out


def run(server, *words, data=None):
    """The exit status, and what was told."""
    done = subprocess.run([server.program, *words, "--data", str(data or server.data)], text=True,
                          capture_output=True, env=server.environment)
    return done.returncode, (done.stdout + done.stderr).strip()


def refusal(server, *words, data):
    """What is said to what is refused; and what is left of it."""
    code, told = run(server, *words, data=data)
    left = sorted(path.name for path in data.parent.iterdir() if path.name.startswith(data.name + "."))
    return code, told.splitlines()[-1] if code == 1 else told, left


def changed(backup, folder, name, change):
    """The same backup, with one file of it changed."""
    out = folder / name
    shutil.copytree(backup, out)
    change(out)
    return out


def edit_manifest(folder, **fields):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.json.sha256").write_text(f"{digest}  manifest.json\n")


def flip(path):
    with open(path, "r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))


def while_it_runs(server, api, sensor, captures, folder, findings):
    """A backup while reports come in and people ask; then one of what is quiet."""
    ended, answers = threading.Event(), []

    def keep_asking():
        while not ended.is_set():
            answers.append(api.ask("assets")[0]["Content-Type"])
            time.sleep(0.02)
    person = threading.Thread(target=keep_asking)
    played = []
    player = threading.Thread(target=lambda: played.append(sensor.play(captures[0])))
    person.start()
    player.start()
    code, told = run(server, "backup", "--to", str(folder / "busy.tar"))
    findings.expect("exit of a backup while reports come", (code, told if code else ""), (0, ""))
    player.join()
    ended.set()
    person.join()
    findings.expect("the sensor meanwhile ends with", played, [0])
    findings.expect("answers to a person meanwhile that are none", answers.count("application/json"),
                    len(answers))
    quiet(server)
    code, told = run(server, "backup", "--to", str(folder / "whole"), "--keys-sealed-by",
                     str(folder / "backup.key"))
    findings.expect("exit of a backup of what is quiet", (code, told if code else ""), (0, ""))
    findings.expect("what a backup leaves in the data folder", sorted(
        path.name for path in (server.data / "backup").iterdir()), ["last.json"])


def restored(server, backup, folder, api_before, findings):
    """The same server, on what was restored."""
    sensor, period, before, tables, hour, captures = api_before
    code, told = run(server, "restore", "--from", str(backup), "--keys-sealed-by", str(folder / "backup.key"),
                     data=folder / "restored")
    findings.expect("exit of the restore", (code, told if code else ""), (0, ""))
    moved = folder / "was"
    server.data.rename(moved)
    (folder / "restored").rename(server.data)
    server.start()
    server.wait_until_ready()
    quiet(server)
    again = rows(server)
    findings.expect("tables compared", len(again), len(tables))
    # Each full hour the audit trail's root is signed.
    turned = {"audit.root"} if time.time() // 3600 != hour else set()
    findings.expect("tables whose rows differ", sorted(
        {name for name in tables if tables[name] != again.get(name)} - WRITTEN_ANEW - turned), [])
    api = Api(server, first=False)
    findings.expect("figures that differ", {
        path: (before[path], answer) for path, answer in figures(api, sensor, period).items()
        if answer != before[path]}, {})
    findings.expect("the sensor, by its old certificate, ends with", sensor.play(captures[1]), 0)
    quiet(server)
    after = figures(api, sensor, (period[0], period[1] + datetime.timedelta(hours=1)))
    visits = [answer["overview?"]["current"]["visits"] for answer in (before, after)]
    findings.hold("visits once it has sent more", visits[1] > visits[0], visits, "more than before")
    server.stop()
    code, told = server.verify()
    findings.expect("facts that differ when all is measured again, by verify's exit", code, 0)
    if code != 0:
        print(told)


def refusals(server, backup, folder, findings):
    data = folder / "refused"
    key = ("--keys-sealed-by", str(folder / "backup.key"))

    def of(name, change, *words):
        copy = changed(backup, folder, name, change)
        found = refusal(server, "restore", "--from", str(copy), *(words or key), data=data)
        shutil.rmtree(copy)
        return found
    code, told, left = of("bad_dump", lambda at: flip(at / "database.dump"))
    findings.expect("a damaged dump", (code, told.strip(), left),
                    (1, "database.dump is damaged: its SHA-256 is another", []))
    code, told, left = of("bad_store", lambda at: flip(at / "store.duckdb"))
    findings.expect("a damaged store", (code, told.strip(), left),
                    (1, "store.duckdb is damaged: its SHA-256 is another", []))
    code, told, left = of("short", lambda at: os.truncate(at / "store.duckdb", 100))
    findings.hold("a store that is cut short", code == 1 and told.strip().startswith(
        "store.duckdb is damaged: it has 100 bytes") and not left, (code, told, left), "named")
    code, told, left = of("missing", lambda at: (at / "keys.sealed").unlink())
    findings.expect("a file that is missing", (code, told.strip(), left), (1, "keys.sealed is missing", []))
    code, told, left = of("more", lambda at: (at / "stray").write_text("x"))
    findings.expect("a file that is too many", (code, told.strip(), left),
                    (1, "stray was not in the backup", []))
    code, told, left = of("bad_manifest", lambda at: flip(at / "manifest.json"))
    findings.hold("a damaged manifest", code == 1 and "manifest.json is damaged" in told and not left,
                  (code, told, left), "named")
    code, told, left = of("format", lambda at: edit_manifest(at, format=2))
    findings.hold("a format that is newer", code == 1 and "restore it by the program that made it" in told
                  and not left, (code, told, left), "the remedy")
    migrations = json.loads((backup / "manifest.json").read_text())["migrations"]
    code, told, left = of("newer", lambda at: edit_manifest(at, migrations=[
        *migrations, {"module": "domains/assets", "file": "9999_add_wings.sql"}]))
    findings.hold("a backup of a newer program", code == 1 and "made by a newer program" in told
                  and "9999_add_wings.sql" in told and not left, (code, told, left), "the remedy")
    code, told, left = of("way_out", lambda at: edit_manifest(at, files=[
        {"name": "../x", "bytes": 0, "sha256": "0" * 64}]))
    findings.hold("a name that leads out of the backup", code == 1 and "no name within a backup" in told
                  and not left, (code, told, left), "refused")
    wrong = json.loads((backup / "manifest.json").read_text())["tables"]
    for table in wrong:
        if table["table"] == "assets.asset":
            table["digest"] = "1,1"
    code, told, left = of("rows", lambda at: edit_manifest(at, tables=wrong))
    findings.hold("rows that are not those that were backed up", code == 1
                  and told.strip().startswith("assets.asset: 1 rows were backed up, 1 are there, and not")
                  and not left, (code, told, left), "named")
    code, told, left = refusal(server, "restore", "--from", str(backup), data=data)
    findings.hold("sealed keys without the key", code == 1 and "--keys-sealed-by FILE, or --without-keys" in
                  told and not left, (code, told, left), "the remedy")
    (folder / "other.key").write_bytes(os.urandom(32))
    code, told, left = refusal(server, "restore", "--from", str(backup), "--keys-sealed-by",
                               str(folder / "other.key"), data=data)
    findings.hold("another key", code == 1 and "is not the key" in told and not left, (code, told, left),
                  "named")
    code, told, left = refusal(server, "restore", "--from", str(backup), *key, data=server.data)
    findings.hold("a data folder that is not empty", code == 1 and "is not empty" in told and not left,
                  (code, told, left), "the remedy")
    code, told, left = refusal(server, "backup", "--to", str(backup), data=server.data)
    findings.hold("a backup over another", code == 1 and "a backup replaces nothing" in told and not left,
                  (code, told, left), "refused")
    (folder / "no.tar").write_bytes(b"no archive" * 1000)
    code, told, left = refusal(server, "restore", "--from", str(folder / "no.tar"), *key, data=data)
    findings.hold("a file that is no archive", code == 1 and not left, (code, told, left), "refused")
    findings.expect("the data folder of what was refused", data.exists(), False)
    code, told, _ = refusal(server, "restore", data=data)
    findings.hold("a restore of nothing", code == 1 and "--from FOLDER" in told, (code, told), "the remedy")


def secrets(backup, server, findings):
    """What a backup may not hold: salts, and the keys where nobody sealed them."""
    manifest = json.loads((backup / "manifest.json").read_text())
    findings.expect("rows of salts in the backup", [
        table["rows"] for table in manifest["tables"] if table["table"] == "fleet.salt"], [0])
    salts = server.sql("SELECT sealed FROM fleet.salt WHERE sealed IS NOT NULL").splitlines()
    # One a day that was heard of, and about midnight the next day's.
    findings.hold("salts that the server has", len(salts) in (1, 2), len(salts), "one or two")
    dump = subprocess.run(["pg_restore", "-f", "-", backup / "database.dump"], check=True,
                          capture_output=True).stdout
    findings.expect("whether a sealed salt stands in the dump", any(
        salt.encode() in dump for salt in salts), False)
    keys = [(server.data / "pki" / name).read_bytes() for name in ("salt.key", "authority.key")]
    everything = dump + b"".join(path.read_bytes() for path in backup.rglob("*") if path.is_file())
    findings.expect("keys that stand in the backup as they are", [
        key in everything or key.hex().encode() in everything for key in keys], [False, False])
    findings.expect("who may read the backup's files", sorted({
        oct(path.stat().st_mode & 0o077) for path in (backup, backup / "database.dump", backup /
                                                     "store.duckdb", backup / "keys.sealed")}), ["0o0"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    build = parser.parse_args().build.resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mobilytics_backup_"))
    os.chmod(folder, 0o755)
    findings, server = Findings(), Server(build, folder)
    try:
        server.start()
        server.wait_until_ready()
        api = Api(server)
        # What runs by the clock would write rows between two looks at them.
        server.sql("UPDATE jobs.schedule SET paused = true")
        sensor = Sensor(build, folder, api, server, "SIM-B01")
        (server.data / "objects/exports").mkdir(parents=True)
        (server.data / "objects/exports/a.csv").write_text("a,b\n")
        begins = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=40)
        captures = [air(build, folder, f"air{i}", FRIDAY + datetime.timedelta(minutes=10 * i))
                    for i in range(2)]
        while_it_runs(server, api, sensor, captures, folder, findings)
        backup = folder / "whole"
        secrets(backup, server, findings)
        period = begins, datetime.datetime.now(datetime.timezone.utc)
        before = figures(api, sensor, period)
        findings.hold("visits before", before["overview?"]["current"]["visits"] > 0,
                      before["overview?"]["current"]["visits"], "some")
        server.stop()
        server.start()  # What was sent anew since the backup is gone from memory; no row is.
        server.wait_until_ready()
        tables, hour = rows(server), time.time() // 3600
        server.stop()
        code, told = run(server, "backup", "--to", str(folder / "stopped"))
        findings.expect("exit of a backup while the server is down", (code, told if code else ""), (0, ""))
        manifests = [json.loads((folder / name / "manifest.json").read_text()) for name in ("whole", "stopped")]
        findings.expect("tables of the store that differ between up and down", [
            was["table"] for was, now in zip(*(m["store_tables"] for m in manifests)) if was != now], [])
        for source in ("busy.tar", "stopped"):
            code, told = run(server, "restore", "--verify", "--from", str(folder / source))
            findings.expect(f"exit of a trial of {source}", (code, told if code else ""), (0, ""))
        findings.expect("what is remembered", sorted(path.name for path in (server.data / "backup").iterdir()),
                        ["last.json", "verified.json"])
        refusals(server, backup, folder, findings)
        restored(server, backup, folder, (sensor, period, before, tables, hour, captures), findings)
        findings.expect("a file that was kept", (server.data / "objects/exports/a.csv").read_text(), "a,b\n")
    finally:
        if server.process is not None and server.process.poll() is None:
            server.process.kill()
        if findings.failures and os.environ.get("KEEP_FOLDER"):
            print(f"kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return findings.close()


if __name__ == "__main__":
    sys.exit(main())
