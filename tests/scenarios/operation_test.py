#!/usr/bin/env python3
"""A server as those see it who run it: what it says while it starts, its probes, its metrics (each that an
alert rests on is there, and documented), its log, its headers on every kind of answer, its certificate that is
replaced while people are connected, and its end: behind whoever obeys /readyz no request fails.

    operation_test.py BUILD_FOLDER
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

import yaml

from product import Api, Findings, Server

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = ROOT / "packaging/prometheus/mobilytics.yaml"
DOCS = ROOT / "docs/operation.md"
NO_LONGER = 60
DRAIN_DELAY_MS = 3000
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
ON_ALL = {  # Header and what it says, of every answer of ours.
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=()"}


def ask(url, method="GET", headers=(), body=None, context=None):
    """Status, headers and body, whatever the status."""
    request = urllib.request.Request(url, method=method, headers=dict(headers), data=body)
    try:
        with urllib.request.urlopen(request, timeout=NO_LONGER, context=context) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as reply:
        return reply.code, reply.headers, reply.read()


def wait_for(what, wanted=True):
    end = time.monotonic() + NO_LONGER
    found = what()
    while found != wanted and time.monotonic() < end:
        time.sleep(0.1)
        found = what()
    return found


def while_it_starts(server, findings):
    """From the first moment on it says what it does."""
    seen = []

    def look(path):
        try:
            return ask(server.url + path)[0]
        except OSError:
            return 0
    server.start()
    end = time.monotonic() + NO_LONGER * 2
    while time.monotonic() < end:
        now = tuple(look(path) for path in ("/livez", "/startupz", "/readyz"))
        if not seen or seen[-1] != now:
            seen.append(now)
        if now == (200, 200, 200):
            break
        if now[1] == 503 and (200, 503, 503) in seen and len(seen) < 3:
            status, headers, body = ask(server.url + "/api/v1/enrolment", "POST", body=b"{}")
            if status == 503:
                seen.append(("POST", status, headers["Retry-After"], json.loads(body)["code"]))
        time.sleep(0.05)
    findings.hold("what it says while it starts", (200, 503, 503) in seen and seen[-1] == (200, 200, 200),
                  seen, "alive, not started; then all")
    findings.expect("what is said to who asks for more meanwhile", ("POST", 503, "1", "starting") in seen, True)


def names_in(text):
    """Names of metrics in a text in which other words are no metrics."""
    found = re.findall(r"\b((?:mobilytics|http|db|process|system)_[a-z0-9_]+)\b(?!\.yaml)", text)
    return {re.sub(r"_(?:bucket|count|sum)$", "", name)
            if re.search(r"_seconds_(?:bucket|count|sum)$|_reports_(?:bucket|count|sum)$", name) else name
            for name in found}


def built(name):
    """Whether the part that counts this is in the source; what is nobody's in particular is."""
    part = name.split("_")[1]
    of_parts = ("jobs", "audit", "mail", "webhooks")
    return part not in of_parts or any((ROOT / "src").glob(f"*/{part}"))


def appears_later(name):
    """Whether it is told of only once there is something to tell, by what the source says."""
    return name in ("mobilytics_jobs_depth", "mobilytics_jobs_oldest_seconds") and built(name)


def metrics(server, api, findings):
    for path, headers in (("/api/v1/assets", {"Authorization": f"Bearer {api.token}"}),
                          ("/api/v1/assets", {}), ("/api/v1/nothing", {}), ("/", {})):
        ask(server.url + path, headers=headers)
    with socket.create_connection(("127.0.0.1", server.http), NO_LONGER) as way:
        way.sendall(b"\x16 is no HTTP")
        way.recv(4096)
    text = ask(server.url + "/metrics")[2].decode()
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    labels = {"db_client_connection_pool_name", "db_client_connection_state", "system_filesystem_state",
              "http_response_status_code", "http_route", "http_request_method"}
    rules = yaml.safe_load(RULES.read_text())
    expressions = " ".join(rule["expr"] for group in rules["groups"] for rule in group["rules"])
    of_rules = names_in(re.sub(r"mobilytics:\S+", "", expressions)) - labels
    findings.hold("metrics that alerts rest on", len(of_rules) > 15, len(of_rules), "more than 15")
    missing = {name for name in of_rules - set(kinds) if built(name) and not appears_later(name)}
    findings.expect("of them not on /metrics", sorted(missing), [])
    documented = names_in(DOCS.read_text().split("\n## Metrics\n")[1].split("\n## ")[0])
    findings.expect("metrics on /metrics that docs/operation.md lacks", sorted(set(kinds) - documented), [])
    findings.expect("metrics of the docs that are not on /metrics", sorted(
        name for name in documented - set(kinds) - labels if built(name) and not appears_later(name)), [])
    ours = {name for name in kinds if not name.startswith("mobilytics_")}
    findings.expect("metrics whose name has neither our prefix nor OpenTelemetry's", sorted(
        name for name in ours if not re.match(r"(?:http_server|db_client|process|system)_", name)), [])
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
    # OpenTelemetry's own names end so.
    told = [line for line in (checked.stdout + checked.stderr).splitlines()
            if line.strip() and not re.match(r'(?:db_client|process)_\w+ .*"_count" suffix', line)]
    findings.expect("what promtool finds wrong with /metrics", told, [])
    bounds = sorted({float(le) for le in re.findall(
        r'^http_server_request_duration_seconds_bucket\{[^}]*le="([0-9.e-]+)"', text, re.MULTILINE)})
    findings.expect("the bounds of request durations", bounds,
                    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10])
    findings.expect("devices, companies or ids among labels", re.findall(
        r"(?:device|company|asset|person)_[0-9a-f]{32}", text), [])
    alerts = {rule["alert"] for group in rules["groups"] for rule in group["rules"] if "alert" in rule}
    findings.expect("alerts that docs/operation.md lacks", sorted(
        alert for alert in alerts if alert not in DOCS.read_text()), [])


def traces(server, findings):
    parent = f"00-{TRACE}-00f067aa0ba902b7-01"
    status, headers, body = ask(server.url + "/api/v1/assets", headers={
        "traceparent": parent, "X-Request-Id": "of-this-test"})
    problem = json.loads(body)
    findings.expect("ids in a problem", (status, problem["trace_id"], problem["request_id"]),
                    (401, TRACE, "of-this-test"))
    findings.expect("the trace in the answer", headers["traceresponse"][:36], f"00-{TRACE}-")
    _, headers, body = ask(server.url + "/api/v1/assets", headers={"traceparent": "00-zz"})
    findings.expect("a trace of our own where none was said", bool(
        re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", headers["traceresponse"])), True)

    def logged():
        # Of one event so many lines a second are written: asked again, it comes in another one.
        ask(server.url + "/api/v1/assets", headers={"traceparent": parent, "X-Request-Id": "of-this-test"})
        return [json.loads(line)["trace_id"] for line in log_lines(server)
                if '"of-this-test"' in line and '"event":"request"' in line][:1]

    findings.expect("the trace in the line of that request", wait_for(logged, [TRACE]), [TRACE])


def log_lines(server):
    return pathlib.Path(server.log.name).read_text(errors="replace").splitlines()


def logs(server, api, findings):
    nasty = 'x\\r\\n{"level":"error","event":"forged"}\\u2028'.encode().decode("unicode_escape")
    ask(server.url + "/api/v1/session", "POST", {"Content-Type": "application/json", "X-Request-Id": "a b"},
        json.dumps({"password": nasty, nasty: nasty}).encode())
    ask(server.url + "/api/v1/" + "%0a%7b%22event%22:%22forged%22%7d" + "x" * 9000)
    said = wait_for(lambda: bool(api.ask("assets")) and any(
        '"company"' in line and '"event":"request"' in line for line in log_lines(server)))
    findings.expect("a request that says whose it was", said, True)
    lines, bad = log_lines(server), []
    for line in lines:
        try:
            fields = json.loads(line)
            good = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", fields["at"]) and \
                fields["level"] in ("info", "warning", "error") and fields["event"] != "forged"
        except (ValueError, KeyError, TypeError):
            good = False
        if not good or len(line) > 8192:
            bad.append(line[:200])
    findings.hold("lines of the log", len(lines) > 10, len(lines), "some")
    findings.expect("of them no JSON, undated, forged or too long", bad, [])
    of_person = [json.loads(line) for line in lines if '"event":"request"' in line and '"person"' in line]
    findings.hold("requests that say who asked", bool(of_person) and of_person[-1]["company"].startswith(
        "company_") and of_person[-1]["person"].startswith("person_"), len(of_person), "some")


def headers_of(server, api, findings):
    """Of every kind of answer: JSON, a problem, text, a page, a file, nothing, events, what was no HTTP."""
    token = {"Authorization": f"Bearer {api.token}"}
    asset = re.search(r'src="(/[^"]+\.js)"', ask(server.url + "/")[2].decode())
    kinds = {
        "JSON": ("GET", "/api/v1/assets", token), "a problem": ("GET", "/api/v1/assets", {}),
        "no such operation": ("GET", "/api/v1/nothing", {}), "no such method": ("PUT", "/livez", {}),
        "text": ("GET", "/metrics", {}), "a probe": ("GET", "/readyz?verbose", {}),
        "the page": ("GET", "/", {}), "a file": ("GET", asset.group(1) if asset else "/mark.svg", {}),
        "a page of the router": ("GET", "/assets/new", {}), "HEAD": ("HEAD", "/", {}),
        "nothing": ("OPTIONS", "/livez", {})}
    wrong = {}
    for kind, (method, path, more) in kinds.items():
        status, headers, _ = ask(server.url + path, method, more)
        lacks = [name for name, value in ON_ALL.items() if headers.get_all(name) != [value]]
        policy = headers.get_all("Content-Security-Policy") or []
        if len(policy) != 1 or "frame-ancestors 'none'" not in policy[0]:
            lacks.append("Content-Security-Policy")
        if headers.get("Referrer-Policy") not in ("no-referrer", "same-origin"):
            lacks.append("Referrer-Policy")
        if not headers.get("Cache-Control"):
            lacks.append("Cache-Control")
        if headers.get("Strict-Transport-Security"):
            lacks.append("HSTS without TLS")
        if headers.get("Server") or headers.get("X-Powered-By"):
            lacks.append("says what it is")
        if lacks:
            wrong[kind] = (status, lacks)
    findings.expect("kinds of answers whose headers are not as they should be", wrong, {})
    for kind, sent in (("events", f"GET /api/v1/live/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                                  f"{api.token}\r\n\r\n"), ("what was no HTTP", "\x16\x03\r\n\r\n")):
        with socket.create_connection(("127.0.0.1", server.http), NO_LONGER) as way:
            way.sendall(sent.encode())
            said = b""
            while b"\r\n\r\n" not in said:
                said += way.recv(4096)
        head = said.split(b"\r\n\r\n")[0].decode()
        findings.expect(f"headers that the answer to {kind} lacks", [
            name for name, value in ON_ALL.items() if f"{name}: {value}" not in head], [])


def insiders(server, folder, api, findings):
    """Metrics, and what is wrong, for this machine and for who shows the token; by whoever forwards it, not."""
    from_elsewhere = {"X-Forwarded-For": "198.51.100.7"}
    token = "a token of the one who collects them"

    def answers(**headers):
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return ask(server.url + "/metrics", headers=given)[0], \
            json.loads(ask(server.url + "/readyz?verbose", headers=given)[2]).keys() == {"ready", "checks"}
    findings.expect("the inside, told on this machine", answers(), (200, True))
    findings.expect("told to whom a proxy forwards", answers(**from_elsewhere), (401, False))
    findings.expect("told to who shows a session of an owner", answers(
        Authorization=f"Bearer {api.token}", **from_elsewhere), (401, False))
    findings.expect("what is open to all nevertheless", [
        ask(server.url + path, headers=from_elsewhere)[0] for path in ("/livez", "/startupz", "/readyz")], [200] * 3)
    server.stop()
    file = folder / "metrics.token"
    file.write_text(token + "\n")
    server.environment |= {"MOBILYTICS_METRICS_TOKEN_FILE": str(file),
                           "MOBILYTICS_HTTP_PUBLIC_URL": "https://ads.example.com"}
    server.start()
    server.wait_until_ready()
    # A proxy stands before us that nobody named: this machine is nobody's in particular.
    findings.expect("told then on this machine", answers(), (401, False))
    findings.expect("told then to who shows the token", answers(
        Authorization=f"Bearer {token}", **from_elsewhere), (200, True))
    findings.expect("told then to who shows another", answers(
        Authorization=f"Bearer {token}x", **from_elsewhere), (401, False))
    findings.expect("what doctor, who has the token, finds of it", {
        name: verdict for name, verdict in doctor(server)[1].items() if name in ("server", "metrics")},
        {"server": "well", "metrics": "well"})
    server.stop()
    for name in ("MOBILYTICS_METRICS_TOKEN_FILE", "MOBILYTICS_HTTP_PUBLIC_URL"):
        del server.environment[name]
    server.start()
    server.wait_until_ready()


def other_sites(server, api, findings):
    """What a page of another site can have a browser send begins no session; a program's does."""
    body = json.dumps({"email": "owner@localhost", "password": "rivers run slowly in august"}).encode()
    as_json = {"Content-Type": "application/json"}
    origin = server.url
    sent = {"no browser": as_json, "our page": as_json | {"Sec-Fetch-Site": "same-origin", "Origin": origin},
            "our page, without Fetch Metadata": as_json | {"Origin": origin},
            "another site": as_json | {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
            "a host beside ours": as_json | {"Sec-Fetch-Site": "same-site", "Origin": origin},
            "another site, without Fetch Metadata": as_json | {"Origin": "https://evil.example"},
            "a form": {"Content-Type": "application/x-www-form-urlencoded"},
            "text": {"Content-Type": "text/plain"}}
    findings.expect("what becomes of a sign-in from", {
        who: ask(server.url + "/api/v1/session", "POST", headers, body)[0] for who, headers in sent.items()}, {
        "no browser": 201, "our page": 201, "our page, without Fetch Metadata": 201, "another site": 403,
        "a host beside ours": 403, "another site, without Fetch Metadata": 403, "a form": 415, "text": 415})
    with socket.create_connection(("127.0.0.1", server.http), NO_LONGER) as way:
        way.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    b"Content-Length: %d\r\n\r\n" % len(body) + body)
        findings.expect("what becomes of one that does not say what it is", way.recv(12), b"HTTP/1.1 415")
    findings.expect("what becomes of an export that another site asks for", ask(
        server.url + "/api/v1/audit/export", headers={
            "Cookie": f"mobilytics_session={api.token}", "Sec-Fetch-Site": "cross-site"})[0], 403)


def refuse_some(server, api):
    for _ in range(5):
        ask(server.url + "/api/v1/backoffice/jobs", headers={"Authorization": f"Bearer {api.token}"})


def refused_before(api, findings):
    """What was refused before the last stop is in the trail, counted."""
    found = [item for item in api.ask("audit?action=access.refused")[1]["items"]
             if [target["id"] for target in item["targets"]] == ["GET /api/v1/backoffice/jobs"]]
    told = {change["field"]: json.loads(change["after"]) for change in found[0]["changes"]} if found else {}
    findings.expect("refusals in the audit trail", (
        len(found), told.get("status"), told.get("code"), told.get("count")), (1, 403, "role_not_enough", 5))


def doctor(server, data=None):
    """Its exit status, and each check's verdict."""
    done = subprocess.run([server.program, "doctor", "--json", "--data", str(data or server.data)], text=True,
                          capture_output=True, env=server.environment)
    told = json.loads(done.stdout)
    lacking = [check["check"] for check in told["checks"] if check["verdict"] != "well" and not check["remedy"]]
    if lacking:
        raise RuntimeError(f"no remedy for {lacking}")
    return done.returncode, {check["check"]: check["verdict"] for check in told["checks"]}


def doctored(server, findings):
    """A live server is well, save what this machine lacks; what is planted is found, and only that."""
    code, before = doctor(server)
    findings.hold("doctor's exit of what is well", code in (0, 3), code, "0 or 3")
    findings.expect("what it finds wrong then", [
        name for name, verdict in before.items() if verdict == "fault"], [])
    findings.expect("whose the ports are", [before[name] for name in ("port_http", "port_https", "port_mqtt",
                                                                       "server")], ["well"] * 4)
    key = server.data / "pki/authority.key"
    for check, plant, mend in (
            ("keys_closed", lambda: key.chmod(0o640), lambda: key.chmod(0o600)),
            ("postgres_synchronous_commit", lambda: server.sql("ALTER ROLE postgres SET synchronous_commit = off"),
             lambda: server.sql("ALTER ROLE postgres RESET synchronous_commit")),
            ("postgres_roles", lambda: server.sql("ALTER ROLE mobilytics_app BYPASSRLS"),
             lambda: server.sql("ALTER ROLE mobilytics_app NOBYPASSRLS")),
            ("postgres_walls", lambda: server.sql("ALTER TABLE assets.asset NO FORCE ROW LEVEL SECURITY"),
             lambda: server.sql("ALTER TABLE assets.asset FORCE ROW LEVEL SECURITY")),
            ("postgres_migrations", lambda: server.sql(
                "INSERT INTO app.migration (module, file) VALUES ('domains/assets', '9999_add_wings.sql')"),
             lambda: server.sql("DELETE FROM app.migration WHERE file = '9999_add_wings.sql'"))):
        plant()
        code, now = doctor(server)
        findings.expect(f"{check}, planted", (code, [
            name for name in now if now[name] != before[name]]), (1, [check]))
        mend()
    findings.expect("once all of it is mended", doctor(server)[1], before)


def certificate(folder, name, serial):
    pair = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-days", "30", "-subj", f"/CN={name}", "-set_serial", str(serial), "-addext",
                    "subjectAltName=IP:127.0.0.1", "-out", pair[0], "-keyout", pair[1]],
                   check=True, capture_output=True)
    return pair


def serial_of(port):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), NO_LONGER) as plain, \
            context.wrap_socket(plain) as way:
        shown = ssl.DER_cert_to_PEM_cert(way.getpeercert(True))
    told = subprocess.run(["openssl", "x509", "-noout", "-serial"], input=shown, text=True,
                          capture_output=True, check=True).stdout
    return int(told.strip().split("=")[1], 16)


def by_tls(server, folder, findings):
    pair = certificate(folder, "first", 1001)
    second = certificate(folder, "second", 1002)
    server.environment |= {"MOBILYTICS_HTTP_CERTIFICATE_FILE": str(folder / "used.pem"),
                           "MOBILYTICS_HTTP_KEY_FILE": str(folder / "used.key")}

    def use(certificate_file, key_file):
        for source, name in ((certificate_file, "used.pem"), (key_file, "used.key")):
            shutil.copy(source, folder / "new")
            os.replace(folder / "new", folder / name)
    use(*pair)
    server.start()
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    url = server.url.replace("http:", "https:")

    def ready():
        try:
            return ask(url + "/readyz", context=context)[0] == 200
        except OSError:
            return False
    wait_for(ready)
    findings.expect("HSTS where TLS is spoken", ask(url + "/livez", context=context)[1].get_all(
        "Strict-Transport-Security"), ["max-age=31536000; includeSubDomains"])
    findings.expect("the certificate", serial_of(server.http), 1001)
    kept = http.client.HTTPSConnection("127.0.0.1", server.http, context=context, timeout=NO_LONGER)

    def alive():
        kept.request("GET", "/livez")
        reply = kept.getresponse()
        reply.read()
        return reply.status, kept.sock is not None
    alive()
    way = kept.sock

    def rejected():
        return sum("certificate_not_reloaded" in line for line in log_lines(server))
    for what, broken in (("a key of another", (pair[0], second[1])), ("no certificate", (RULES, pair[1]))):
        before = rejected()
        use(*broken)
        findings.hold(f"with {what}, the log says so", wait_for(lambda: rejected() > before), rejected(),
                      f"more than {before}")
        findings.expect(f"with {what}, the certificate", serial_of(server.http), 1001)
    use(*second)
    findings.expect("the certificate once it was replaced", wait_for(lambda: serial_of(server.http), 1002),
                    1002)
    findings.expect("a connection from before, meanwhile", (alive(), kept.sock is way), ((200, True), True))
    kept.close()
    server.stop()
    for name in ("MOBILYTICS_HTTP_CERTIFICATE_FILE", "MOBILYTICS_HTTP_KEY_FILE"):
        del server.environment[name]


class Balancer:
    """Asks as a balancer does that obeys /readyz: who is not ready gets no more."""

    def __init__(self, server):
        self.server, self.ready, self.ended = server, True, False
        self.answers, self.failures = [], []
        self.threads = [threading.Thread(target=self.look)] + [
            threading.Thread(target=self.send, args=(kept,)) for kept in (True, False) * 4]
        for thread in self.threads:
            thread.start()

    def look(self):
        while not self.ended:
            try:
                self.ready = ask(self.server.url + "/readyz")[0] == 200
            except OSError:
                self.ready = False
            time.sleep(0.2)

    def send(self, kept):
        way = None
        while not self.ended:
            if not self.ready:
                time.sleep(0.01)
                continue
            try:
                way = way or http.client.HTTPConnection("127.0.0.1", self.server.http, timeout=NO_LONGER)
                way.request("GET", "/api/v1/nothing")
                reply = way.getresponse()
                reply.read()
                self.answers.append(reply.status)
                if not kept or reply.getheader("Connection") == "close":
                    way.close()
                    way = None
            except OSError as failure:
                self.failures.append(repr(failure))
                way = None
            except http.client.HTTPException as failure:
                self.failures.append(repr(failure))
                way = None

    def end(self):
        self.ended = True
        for thread in self.threads:
            thread.join()


def drained(server, api, findings):
    server.environment["MOBILYTICS_HTTP_DRAIN_DELAY"] = str(DRAIN_DELAY_MS)
    server.start()
    server.wait_until_ready()
    refused_before(api, findings)
    balancer = Balancer(server)
    time.sleep(1)  # Of work like any other.
    # Who has begun is answered, though the rest of what it says comes when no more are let in.
    slow = socket.create_connection(("127.0.0.1", server.http), NO_LONGER)
    slow.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                 b"Content-Length: 20\r\n\r\n{\"pass")
    server.process.send_signal(signal.SIGTERM)
    findings.expect("not ready when told to stop", wait_for(
        lambda: ask(server.url + "/readyz")[0], 503), 503)
    status, headers, body = ask(server.url + "/readyz?verbose")
    findings.expect("what it says of that", (status, json.loads(body)["checks"]["draining"]), (503, True))
    findings.expect("who comes nevertheless is served, and told to come by another way", (
        ask(server.url + "/livez")[0], ask(server.url + "/livez")[1]["Connection"]), (200, "close"))

    def refused():
        try:
            socket.create_connection(("127.0.0.1", server.http), 1).close()
            return False
        except OSError:
            return True
    findings.expect("after that nobody is let in", wait_for(refused), True)
    slow.sendall(b"word\": \"xxxxx")
    slow.sendall(b"\"}")
    said = slow.recv(4096)
    findings.hold("the answer to who had begun", said.startswith(b"HTTP/1.1 4"), said[:20], "an answer")
    findings.expect("its end", server.process.wait(NO_LONGER), 0)
    balancer.end()
    findings.hold("requests that were answered", len(balancer.answers) > 100, len(balancer.answers), "many")
    findings.expect("requests that failed", balancer.failures, [])
    findings.expect("answers that were no answers", sorted(set(balancer.answers)), [404])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    build = parser.parse_args().build.resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mobilytics_operation_"))
    os.chmod(folder, 0o755)
    findings, server = Findings(), Server(build, folder)
    try:
        while_it_starts(server, findings)
        server.wait_until_ready()
        api = Api(server)
        status, _, body = ask(server.url + "/readyz?verbose")
        findings.expect("readiness in words", (status, json.loads(body)["checks"]), (
            200, {"draining": False, "postgres": "ok", "broker": "ok", "store": "ok"}))
        metrics(server, api, findings)
        traces(server, findings)
        logs(server, api, findings)
        headers_of(server, api, findings)
        doctored(server, findings)
        other_sites(server, api, findings)
        insiders(server, folder, api, findings)
        refuse_some(server, api)
        server.stop()
        code, checks = doctor(server)
        findings.expect("of a server that is down, what is wrong", [
            name for name, verdict in checks.items() if verdict == "fault"], [])
        findings.expect("what it says of ports that are free", [
            checks[name] for name in ("port_http", "port_https", "port_mqtt", "server", "store")], ["well"] * 5)
        code, told = doctor(server, data=folder / "nothing")
        findings.expect("of what is no installation", (code, told["data_folder"]), (1, "fault"))
        by_tls(server, folder, findings)
        drained(server, api, findings)
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
