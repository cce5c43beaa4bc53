#!/usr/bin/env python3
"""Who may do what, of the whole product: every operation of every contract, as every role and as nobody,
about one's own company's things and about another's. What is refused changes no row of any table;
another company's id is answered as one that is not; and nothing of one company, each of whose texts has a
mark, is in an answer to another.

    authorization_test.py BUILD_FOLDER
"""

import json
import os
import pathlib
import re
import secrets
import shutil
import sys
import tempfile
import urllib.error
import urllib.request

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
from api_contract import Contract, module_of  # noqa: E402

from product import PASSWORD, Api, Findings, Server  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARK = "zqxmark"
NOTE = {"kind": "other", "text": MARK, "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z",
        "asset_ids": []}
FACE = {"name": MARK, "side": "front", "medium": "printed", "width_m": 6, "height_m": 3, "lit": "none"}
MARKET = {"name": MARK, "population": 1000, "source": MARK, "year": 2020}
SITES = {"name": MARK, "asset_ids": []}
STAFF = ["support", "fulfillment", "finance", "engineer"]
CUSTOMERS = ["admin", "analyst", "viewer", "operator"]
TABLES = """
    SELECT string_agg(format('%I.%I', n.nspname, c.relname), ', ' ORDER BY n.nspname, c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""
# Of whole tables: with each hour there is a part more of some, which is empty.
HASHES = """
    SELECT string_agg(n.nspname || '.' || c.relname || ' ' || (xpath('/row/h/text()', query_to_xml(format(
        'SELECT md5(coalesce(string_agg(x::text, chr(10) ORDER BY x::text), '''')) AS h FROM %I.%I x',
        n.nspname, c.relname), false, true, '')))[1]::text, chr(10) ORDER BY 1)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'audit')
"""
# What the machinery writes by itself meanwhile, whoever asks: places in streams, leases, schedules, retention,
# and when a session was seen. That no refusal writes even there, Frozen shows.
MACHINERY = {"events.subscriber", "jobs.worker", "jobs.vendor", "jobs.schedule", "jobs.job", "gdpr.retention",
             "accounts.session", "mail.outbox", "events.outbox", "events.event", "gdpr.export",
             "webhooks.endpoint", "webhooks.message", "webhooks.attempt", "notices.taken", "notices.recent"}
LOCK_WAIT_MS = 500


class Frozen:
    """While it is entered no row of any table can be written, by whomever: who tries waits LOCK_WAIT_MS in vain
    and answers 5xx. So a request that is answered as it should be wrote nothing, and tried to write nothing."""

    def __init__(self, server):
        self.tables, self.psql = server.sql(TABLES), server.psql()

    def say(self, statement):
        self.psql.stdin.write(statement + ";\n\\echo done\n")
        self.psql.stdin.flush()
        for told in self.psql.stdout:
            if told.strip() == "done":
                return
        raise RuntimeError("psql has ended: " + self.psql.stderr.read())

    def __enter__(self):
        self.say("BEGIN")
        self.say(f"LOCK TABLE {self.tables} IN EXCLUSIVE MODE")

    def __exit__(self, *_):
        self.say("ROLLBACK")

    def close(self):
        self.psql.stdin.close()
        self.psql.wait(10)


def operations():
    for file in sorted((ROOT / "src").rglob("openapi.yaml")):
        yield from Contract(yaml.safe_load(file.read_text()), module_of(file.relative_to(ROOT))).operations


class Asker:
    def __init__(self, server):
        self.url, self.count = server.url, 0

    def ask(self, method, path, token="", body=None):
        """Status, JSON or nothing, and all of the answer as text."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        # An event stream would go on: it is left once its head is there.
        request = urllib.request.Request(self.url + path, method=method, headers=headers,
                                         data=None if body is None else json.dumps(body).encode())
        self.count += 1
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                stream = reply.headers.get_content_type() == "text/event-stream"
                text, status, head = "" if stream else reply.read().decode(), reply.status, reply.headers
        except urllib.error.HTTPError as error:
            text, status, head = error.read().decode(), error.code, error.headers
        try:
            said = json.loads(text)
        except ValueError:
            said = None
        return status, said, text + str(head)

    def must(self, method, path, token="", body=None):
        status, said, text = self.ask(method, "/api/v1/" + path, token, body)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {text[:300]}")
        return said, text

    def sign_in(self, email, password=PASSWORD):
        _, text = self.must("POST", "session", body={"email": email, "password": password})
        return token_of(text)


def token_of(text):
    return re.search(r"mobilytics_session=([^;\s]+)", text).group(1)


def add_person(server, asker, company, email, role):
    """In the database, with the password of whoever is there: to be invited takes a mail."""
    person = secrets.token_hex(16)
    server.sql(f"""
        INSERT INTO accounts.person (id, email, name, added_at) VALUES ('{person}', '{email}', '{email}', now());
        INSERT INTO accounts.credential (person_id, password_hash)
        SELECT '{person}', password_hash FROM accounts.credential WHERE password_hash IS NOT NULL LIMIT 1;
        INSERT INTO accounts.membership (company_id, person_id, role, joined_at)
        VALUES ('{company}', '{person}', '{role}', now())""")
    return asker.sign_in(email)


def add_passkey(server, person):
    """In the database: one is made by an authenticator. Its owner calls it by the mark."""
    passkey = secrets.token_hex(16)
    server.sql(f"""
        INSERT INTO accounts.passkey (id, person_id, credential_id, public_key, sign_count, backup_eligible,
            backed_up, aaguid, transports, name, added_at)
        VALUES ('{passkey}', '{person.split("_")[1]}', '\\x{secrets.token_hex(32)}', '\\x00', 0, false,
            false, '', '{{}}', '{MARK}', now())""")
    return f"passkey_{passkey}"


def seed(server, asker, owner):
    """A session of each role, and what another company has, by the names that paths have for it."""
    said, _ = asker.must("GET", "session", owner)
    house = next(one["company_id"] for one in said["companies"] if one["kind"] == "house")
    tokens = {"owner": owner}
    for roles, company in ((CUSTOMERS, said["company"]["id"]), (STAFF, house)):
        for role in roles:
            tokens[role] = add_person(server, asker, company.split("_")[1], f"{role}@example.com", role)
    _, text = asker.must("PUT", "session/company", asker.sign_in("owner@localhost"), {"company_id": house})
    tokens["superuser"] = token_of(text)

    made, _ = asker.must("POST", "companies", owner, {
        "name": MARK, "kind": "advertiser", "time_zone": "Europe/Madrid", "currency": "EUR",
        "owner_email": f"{MARK}@example.com"})
    theirs = add_person(server, asker, made["id"].split("_")[1], f"{MARK}1@example.com", "owner")
    session, _ = asker.must("GET", "session", theirs)

    def add(path, body, of=lambda said: said):
        return of(asker.must("POST", path, theirs, body)[0])["id"]
    foreign = {
        "company_id": made["id"], "session_id": session["id"], "person_id": session["user"]["id"],
        "contact_id": add("contacts", {"name": MARK}),
        "invitation_id": add("invitations", {"email": f"{MARK}2@example.com", "role": "viewer"}),
        "api_key_id": add("api-keys", {"name": MARK, "role": "viewer", "scopes": ["*:read"]},
                          lambda said: said["key"]),
        "asset_id": add("assets", {"code": MARK, "name": MARK, "kind": "vehicle"}),
        "annotation_id": add("annotations", NOTE),
        "opt_out_id": add("privacy/opt-outs", {"address": "a4:83:e7:01:02:03"}),
        "endpoint_id": add("webhooks", {"url": f"https://example.com/{MARK}", "event_types": ["*"]},
                           lambda said: said.get("endpoint", said)),
        **{f"{name}_id": f"{name}_{secrets.token_hex(16)}" for name in
           ("device", "impersonation", "attempt", "export", "erasure", "model", "play_log")},
        "passkey_id": add_passkey(server, session["user"]["id"])}
    foreign["face_id"] = add(f"assets/{foreign['asset_id']}/faces", FACE)
    foreign["market_id"] = add("markets", MARKET)
    foreign["set_id"] = add("region-sets", {"name": MARK, "kind": "custom"})
    foreign["count_id"] = add("calibration/counts", {
        "asset_id": foreign["asset_id"], "way": "taps", "note": MARK})
    foreign["class_id"] = add("calibration/classes", SITES)
    add("claims", {"name": MARK})
    # What would be sent there would be tried again and again meanwhile.
    asker.must("PATCH", f"webhooks/{foreign['endpoint_id']}", theirs, {"enabled": False})
    return tokens, foreign


def target(path, ids):
    """With the period that reports of a face and comparisons cannot do without."""
    of_face = path.startswith("/api/v1/reports/faces/") and not path.endswith("/visibility")
    asks_period = of_face or path.endswith("/comparison")
    period = "?from=2026-08-21T00:00:00Z&to=2026-08-22T00:00:00Z" if asks_period else ""
    return re.sub(r"\{(\w+)\}", lambda found: ids.get(found.group(1), f"x_{'0' * 32}"), path) + period


def body_of(op):
    """Sound where a path names something that could be another's; else nothing, which is found wanting
    once it is clear who may."""
    if op.method == "get" or (op.method == "delete" and not op.body):
        return None
    sound = {"rename_passkey": {"name": "x"}, "remove_passkey": {"password": "not this"},
             "rotate_api_key": {"overlap_hours": 1}, "answer_impersonation": {"allowed": True},
             "attach_device": {"device_id": f"device_{'0' * 31}1"},
             "detach_device": {"device_id": f"device_{'0' * 31}1"},
             "replace_annotation": NOTE, "add_face": FACE, "change_face": FACE,
             "change_market": MARKET, "change_class": SITES,
             "put_zone": {"code": "z", "name": "z", "geojson": "{}"}, "remove_zone": {"code": "z"},
             "add_taps": {"counter": "x", "taps": [
                 {"id": "tap-0001", "kind": "in", "at": "2026-01-01T00:00:00Z"}]},
             "set_totals": {"totals": []}, "dismiss_count": {"reason": "x"},
             "restore_count": {"reason": "x"}, "retire_model": {"reason": "x"},
             "correct_count": {"at": "2026-01-01T00:00:00Z", "occupancy": 1, "reason": "x"},
             "move_asset": {"latitude": 41.0, "longitude": -87.0},
             "change_profile": {"name": secrets.token_hex(4)}}
    return sound.get(op.name, {})


def ends_ones_own(op):
    return op.method == "delete" and "{" not in op.path


def tried(frozen, asker, tokens, foreign, tries):
    """How many were refused; and what was answered otherwise than the contract says, what would have changed
    something though it was to be refused, and what was a fault of ours."""
    refused, wrong, changed, faults = 0, [], [], []
    for op in tries:
        if op.roles[0] in ("open", "device") or not op.path.startswith("/api/"):
            continue
        everybody = {"nobody": "", **tokens}
        may = {role for role in tokens if op.roles == ["person"] or role in op.roles}

        def ask(role):
            status, said, _ = asker.ask(op.method.upper(), target(op.path, foreign), everybody[role], body_of(op))
            code = (said or {}).get("code")
            return status, code, f"{op.name} as {role}: {status} {code}"
        with frozen:
            for role in sorted(everybody.keys() - may):
                refused += 1
                status, code, what = ask(role)
                if status >= 500:
                    changed.append(what)
                if (status, code) not in ((401, "no_session"), (403, "role_not_enough")):
                    wrong.append(what)
        for role in sorted(may):
            if ends_ones_own(op):
                continue
            status, code, what = ask(role)
            if status >= 500:
                faults.append(what)
            if status == 401 or (status, code) == (403, "role_not_enough"):
                wrong.append(what)
    return refused, wrong, changed, faults


def hashes(server):
    return dict(line.split() for line in server.sql(HASHES).splitlines())


def left(server, asker, tokens, foreign, findings):
    """What comes of refusals afterwards: that they are in the trail, and nothing else."""
    def entries():
        return int(server.sql("""
            SELECT coalesce(sum((details->'after'->>'count')::int), 0) FROM (
                SELECT action, details FROM audit.entry UNION ALL SELECT action, details FROM audit.sealed) x
            WHERE action IN ('access.refused', 'access.many_refused')"""))
    before, told = hashes(server), entries()
    refused = []
    for op in operations():
        if op.path.startswith("/api/") and op.roles[0] not in ("open", "device", "person"):
            refused += [asker.ask(op.method.upper(), target(op.path, foreign), tokens[role], body_of(op))[0]
                        for role in sorted(tokens.keys() - set(op.roles))]
    server.stop()  # What it still had in memory is written.
    server.start()
    server.wait_until_ready()
    after = hashes(server)
    findings.expect("answers to who may not", set(refused), {403})
    findings.expect("tables that refusals changed", sorted(
        {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} - MACHINERY), [])
    # Some of those that were made before were still in memory, too.
    findings.at_least("of them in the audit trail", entries() - told, len(refused))


def every_role(frozen, asker, tokens, foreign, findings):
    refused, wrong, changed, faults = tried(frozen, asker, tokens, foreign, operations())
    findings.at_least("refusals tried", refused, 400)
    findings.expect("answers that are not what the contract says", wrong, [])
    findings.expect("refusals that changed something", changed, [])
    findings.expect("faults of ours", faults, [])


def planted(frozen, asker, tokens, foreign, findings):
    """A contract that promises more than the server holds is found out."""
    breach = next(op for op in operations() if op.name == "change_profile")
    breach.roles = ["superuser"]
    _, wrong, changed, _ = tried(frozen, asker, tokens, foreign, [breach])
    findings.expect("wrong answers found of a breach that was planted", len(wrong), len(tokens) - 1)
    findings.expect("changes found of a breach that was planted", len(changed), len(tokens) - 1)


def anothers(asker, token, foreign, findings):
    missing = {name: f"{value.rsplit('_', 1)[0]}_{secrets.token_hex(16)}" for name, value in foreign.items()}
    told, leaked, answers = [], [], 0
    for op in operations():
        if not op.path.startswith("/api/") or ends_ones_own(op):
            continue
        replies = [asker.ask(op.method.upper(), target(op.path, ids), token, body_of(op))
                   for ids in (foreign, missing)]
        answers += len(replies)
        # Of those below, the company above is told what it calls them.
        if "/companies" in op.path and "backoffice" not in op.path:
            continue
        # What it did for them itself stands in its own history.
        leaked += [op.name for _, said, text in replies if MARK in (text if op.name != "list_audit" else json.dumps(
            [item for item in said["items"] if not item["action"].startswith("accounts.company_added")]))]
        # A token is not something that belongs to a company: what it answers, its own tests say.
        of_ones_own = "{" in op.path and "{token}" not in op.path and "backoffice" not in op.path
        if of_ones_own and [(status, said["code"]) for status, said, _ in replies] != [
                (404, replies[0][1]["code"])] * 2:
            told.append(f"{op.name}: {[(status, said) for status, said, _ in replies]}")
    for path in ("people", "contacts"):
        leaked += [path for _, _, text in [asker.ask("GET", f"/api/v1/{path}?q={MARK}", token)]
                   if MARK in text]
    findings.at_least("answers looked through", answers, 100)
    findings.expect("answers in which another company's marks are", leaked, [])
    findings.expect("ids of another company that are answered otherwise than ids of nothing", told, [])


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mobilytics_authorization_"))
    os.chmod(folder, 0o755)  # As root, the database runs as another user.
    server, findings = Server(pathlib.Path(sys.argv[1]).resolve(), folder), Findings()
    server.environment["MOBILYTICS_HTTP_IDENTITY_REQUESTS"] = "100000"
    server.environment["MOBILYTICS_HTTP_ADDRESS_REQUESTS"] = "100000"
    try:
        server.start()
        server.wait_until_ready()
        asker = Asker(server)
        # Who waits for a table hears so soon. These are settings of roles, for connections that are begun anew.
        for role in ("app", "system", "staff"):
            server.sql(f"ALTER ROLE mobilytics_{role} SET lock_timeout = {LOCK_WAIT_MS}")
        server.stop()
        server.start()
        server.wait_until_ready()
        tokens, foreign = seed(server, asker, Api(server).token)
        anothers(asker, tokens["owner"], foreign, findings)
        frozen = Frozen(server)
        every_role(frozen, asker, tokens, foreign, findings)
        planted(frozen, asker, tokens, foreign, findings)
        frozen.close()
        left(server, asker, tokens, foreign, findings)
        server.stop()
    finally:
        if server.process is not None and server.process.poll() is None:
            server.process.kill()
        shutil.rmtree(folder, ignore_errors=True)
    return findings.close()


if __name__ == "__main__":
    sys.exit(main())
