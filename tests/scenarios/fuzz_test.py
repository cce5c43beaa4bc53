#!/usr/bin/env python3
"""Asks every operation of the contract for what it may and may not be asked, as everybody who may ask, and
holds the answers to the contract: no fault of ours (5xx) whatever comes, a status and a body that the contract
names, a problem with its code where it is refused, nobody signed in where nobody may be. Drawn by hypothesis
from the OpenAPI files, with a seed: the same each time.

    fuzz_test.py BUILD_FOLDER [--examples N] [--seed N]
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time
import urllib.parse

import hypothesis
import yaml
from hypothesis import configuration, strategies as draw

from product import Api, Findings, Server

ROOT = pathlib.Path(__file__).resolve().parents[2]
METHODS = ("get", "post", "put", "patch", "delete")
STREAMS = ("text/event-stream",)
# What would end the conversation, or the right to have it, of all that comes after.
LAST = ("delete /api/v1/session", "delete /api/v1/profile/sessions", "post /api/v1/session/password")

NASTY = ["", " ", "\u0000", "'", "\"", "\\", "%00", "../../etc/passwd", "<script>", "${7*7}", "{{7*7}}",
         "' OR 1=1 --", "\ud7ff\uffff", "\u202e", "a" * 10_000, "\U0001f4a9", "-1", "NaN", "null", "1e999",
         "2026-02-30T00:00:00Z", "9999-12-31T23:59:59.999999Z", "0000-00-00", "asset_" + "0" * 32]


def at_hour(hours):
    return time.strftime("%Y-%m-%dT%H:00:00Z", time.gmtime(time.time() + 3600 * hours))


class Contract:
    """All operations, with what they refer to in its place."""

    def __init__(self):
        self.files = {path: yaml.safe_load(path.read_text()) for path in
                      [ROOT / "src/foundation/foundation.yaml", *sorted((ROOT / "src").glob("*/*/openapi.yaml"))]}
        self.operations = []
        for path, told in self.files.items():
            for where, item in (told.get("paths") or {}).items():
                for method in METHODS:
                    if method in item:
                        self.operations.append(Operation(self, path, where, method, item))

    def at(self, path, node):
        """What `node` is, where it refers to something: with the file in which that stands."""
        while isinstance(node, dict) and "$ref" in node:
            file, _, pointer = node["$ref"].partition("#")
            if file:
                path = (path.parent / file).resolve()
                if path not in self.files:
                    path = ROOT / "src/foundation/foundation.yaml"
            node = self.files[path]
            for part in pointer.strip("/").split("/"):
                node = node[part]
        return path, node


class Operation:
    def __init__(self, contract, file, where, method, item):
        self.contract, self.file, self.where, self.method = contract, file, where, method
        self.told = item[method]
        self.name = f"{method} {where}"
        listed = [contract.at(file, one) for one in item.get("parameters", []) + self.told.get("parameters", [])]
        self.parameters = [(path, one) for path, one in listed]
        _, body = contract.at(file, self.told.get("requestBody"))
        self.content = (body or {}).get("content", {})
        self.role = str(self.told.get("x-role", ""))

    def streams(self):
        return any(kind in STREAMS for reply in self.told["responses"].values()
                   for kind in self.contract.at(self.file, reply)[1].get("content", {}))

    def statuses(self):
        return {int(status) for status in self.told["responses"] if str(status).isdigit()}

    def replies(self, status):
        _, reply = self.contract.at(self.file, self.told["responses"][str(status)])
        return reply.get("content", {})

    def schema_of_body(self):
        for kind, told in self.content.items():
            if kind == "application/json":
                return self.contract.at(self.file, told["schema"])
        return None


def text(schema):
    most = min(schema.get("maxLength", 40), 60)
    plain = draw.text(min_size=min(schema.get("minLength", 0), most), max_size=most)
    return draw.one_of(plain, draw.sampled_from(NASTY))


def values(contract, path, schema, depth=0):
    """What fits a schema, mostly; and what nearly does."""
    path, schema = contract.at(path, schema)
    kinds = schema.get("type", "object" if "properties" in schema else None)
    kind = kinds[0] if isinstance(kinds, list) else kinds
    wild = draw.one_of(draw.none(), draw.booleans(), draw.integers(), draw.sampled_from(NASTY),
                       draw.floats(allow_nan=False, allow_infinity=False), draw.just([]), draw.just({}),
                       draw.just([[[[{}]]]]))
    if "enum" in schema:
        good = draw.sampled_from(schema["enum"])
    elif schema.get("pattern", "").startswith("^[a-z]+_[0-9a-f]"):
        good = draw.from_regex(r"\A(asset|person|device|company|claim|x)_[0-9a-f]{32}\Z")
    elif schema.get("format") == "date-time":
        far = draw.datetimes().map(lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))
        near = draw.integers(-200, 20).map(at_hour)
        good = draw.one_of(near, near, near, far)
    elif kind == "string":
        good = text(schema)
    elif kind == "integer":
        good = draw.one_of(draw.integers(schema.get("minimum", -10), schema.get("maximum", 10**6)),
                           draw.sampled_from([2**31, 2**63 - 1, 2**63, -2**63 - 1, 10**30]))
    elif kind == "number":
        good = draw.floats(schema.get("minimum", -1000), schema.get("maximum", 1000))
    elif kind == "boolean":
        good = draw.booleans()
    elif kind == "array" and depth < 5:
        good = draw.lists(values(contract, path, schema.get("items", {}), depth + 1), max_size=4)
    elif kind == "object" and depth < 5:
        required = schema.get("required", [])
        fields = {name: values(contract, path, one, depth + 1)
                  for name, one in schema.get("properties", {}).items()}
        good = draw.fixed_dictionaries(
            {name: one for name, one in fields.items() if name in required},
            optional={name: one for name, one in fields.items() if name not in required})
        if depth == 0:
            lacking = draw.dictionaries(draw.sampled_from(sorted(fields) + ["more", "__proto__"]), wild,
                                        max_size=5) if fields else draw.just({"more": 1})
            good = draw.one_of(good, good, good, lacking)
    else:
        good = wild
    # One thing wrong in a request finds more than ten: the first that is refused hides the others.
    return draw.integers(0, 24).flatmap(lambda chance: wild if chance == 24 else good)


@draw.composite
def requests(make, operation, known):
    """Path, query, headers and body of one request."""
    contract, path, query, headers = operation.contract, operation.where, [], {}
    for file, one in operation.parameters:
        of_ids = [ident for ident in known if ident.split("_")[0] in one["name"]]
        drawn = values(contract, file, one.get("schema", {}))
        if of_ids:
            drawn = draw.one_of(*[draw.sampled_from(of_ids)] * 4, drawn)
        if one["name"] in ("from", "to"):  # Periods that are none are refused before all else.
            hours = draw.integers(-200, -100) if one["name"] == "from" else draw.integers(-99, 20)
            drawn = draw.one_of(*[hours.map(at_hour)] * 6, drawn)
        if one["in"] == "path":
            said = str(make(drawn))
            path = path.replace("{" + one["name"] + "}", urllib.parse.quote(said.encode(
                "utf-8", "surrogatepass") or b"-", safe=""))
        elif one.get("required") or make(draw.integers(0, 2)) == 0:
            said = make(drawn)
            if one["in"] == "query":
                several = said if isinstance(said, list) else [said]
                query += [(one["name"], item) for item in several]
                if make(draw.integers(0, 30)) == 0:
                    query.append((one["name"], "twice"))
            elif one["in"] == "header":
                line = str(said).encode("ascii", "ignore").decode()
                headers[one["name"]] = f'"{re.sub("[^ -~]", "", line)[:300]}"'
    if make(draw.integers(0, 40)) == 0:
        query.append(("no_such_parameter", "1"))
    body = None
    schema = operation.schema_of_body()
    if schema is not None:
        body = json.dumps(make(values(contract, *schema)))
        headers["Content-Type"] = "application/json"
        torn = make(draw.integers(0, 60))
        if torn == 0:
            body = body[:len(body) // 2]
        elif torn == 1:
            headers["Content-Type"] = "text/plain"
    elif operation.method in ("post", "put", "patch") and make(draw.booleans()):
        body = make(draw.sampled_from(["", "{}", "[", "null", "x" * 2000]))
        if operation.content:
            headers["Content-Type"] = next(iter(operation.content))
    more = "?" + urllib.parse.urlencode(query, errors="surrogatepass") if query else ""
    return path + more, headers, body


class Asker:
    """Somebody, or nobody."""

    def __init__(self, server, who, token):
        self.server, self.who, self.token, self.way = server, who, token, None

    def ask(self, method, target, headers, body):
        for fresh in (False, True):  # The server may have closed what was kept.
            if self.way is None or fresh:
                self.way = http.client.HTTPConnection("127.0.0.1", self.server.http, timeout=60)
            try:
                self.way.putrequest(method.upper(), target)
                for name, value in headers.items():
                    self.way.putheader(name, value)
                if self.token:
                    self.way.putheader("Authorization", f"Bearer {self.token}")
                data = body.encode("utf-8", "surrogatepass") if body is not None else b""
                if body is not None or method != "get":
                    self.way.putheader("Content-Length", str(len(data)))
                self.way.endheaders(data if data else None)
                reply = self.way.getresponse()
                said = reply.read()
                if reply.getheader("Connection") == "close":
                    self.way = None
                return reply.status, reply.headers, said
            except (http.client.HTTPException, OSError):
                if fresh:
                    raise
        return None


def conforms(contract, path, schema, value, where=""):
    """What of a value is not as its schema says; nothing when all is."""
    path, schema = contract.at(path, schema)
    kinds = schema.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds] if kinds else []
    is_of = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
    fits = not kinds or any(
        (kind in is_of and isinstance(value, is_of[kind])) or
        (kind in ("integer", "number") and isinstance(value, (int, float)) and not isinstance(value, bool))
        for kind in kinds)
    if not fits:
        yield f"{where or '/'} is no {'/'.join(kinds)}"
        return
    if "enum" in schema and value is not None and value not in schema["enum"]:
        yield f"{where} is {value!r}"
    if isinstance(value, dict) and "properties" in schema:
        for name in schema.get("required", []):
            if name not in value:
                yield f"{where}/{name} is missing"
        for name, one in value.items():
            if name in schema["properties"]:
                yield from conforms(contract, path, schema["properties"][name], one, f"{where}/{name}")
            else:
                yield f"{where}/{name} is not in the contract"
    if isinstance(value, list) and "items" in schema:
        for number, one in enumerate(value[:20]):
            yield from conforms(contract, path, schema["items"], one, f"{where}/{number}")


def wrong_with(operation, asker, status, headers, said):
    """What of an answer is not as it should be."""
    if status >= 500 and not (status == 503 and headers.get("Retry-After")):
        return f"a fault of ours: {status}"
    kind = (headers.get("Content-Type") or "").split(";")[0]
    # A header that is too large is not read, and so nothing of it is known.
    if status != 431 and not headers.get("X-Request-Id"):
        return "an answer without its id"
    if status >= 400:
        if kind != "application/problem+json":
            return f"{status} as {kind}"
        problem = json.loads(said)
        if problem["status"] != status or not re.fullmatch(r"[a-z_]+", problem["code"]):
            return f"a problem that is none: {said[:200]}"
        return None
    if asker.token is None and operation.role not in ("open", "device"):
        return f"{status} for nobody"
    if status not in operation.statuses():
        return f"{status}, which the contract does not name"
    content = operation.replies(status)
    if content and kind not in content:
        return f"{status} as {kind}"
    if kind == "application/json" and "schema" in content.get(kind, {}):
        told = list(conforms(operation.contract, operation.file, content[kind]["schema"], json.loads(said)))
        if told:
            return f"{status} that is not as the contract says: {told[0]}"
    return None


def is_served(operation, asker):
    """Whether anybody answers; what the contract promises and nobody mounts is no such operation."""
    target = re.sub(r"\{\w+\}", "x_" + "0" * 32, operation.where)
    status, _, said = asker.ask(operation.method, target, {}, None)
    return status not in (404, 405) or json.loads(said)["code"] not in ("no_such_operation", "no_such_method")


def ids_in(said):
    return set(re.findall(rb"\b[a-z_]+_[0-9a-f]{32}\b", said))


def fuzz(operation, askers, known, examples, seed):
    """What was found wrong, with what had been asked; and how many answers there were, by status."""
    wrong, statuses = {}, {}

    @hypothesis.seed(seed)
    @hypothesis.settings(max_examples=examples, deadline=None, database=None, phases=(hypothesis.Phase.generate,),
                         suppress_health_check=list(hypothesis.HealthCheck))
    @hypothesis.given(requests(operation, sorted(known)[:200]), draw.sampled_from(askers))
    def one(request, asker):
        target, headers, body = request
        status, its_headers, said = asker.ask(operation.method, target, headers, body)
        statuses[status] = statuses.get(status, 0) + 1
        fault = wrong_with(operation, asker, status, its_headers, said)
        if fault:
            wrong.setdefault(fault, (asker.who, target[:300], body and body[:300], said[:300]))
        known.update(ident.decode() for ident in ids_in(said))
    one()
    return wrong, statuses


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--examples", type=int, default=60, help="of each operation")
    parser.add_argument("--seed", type=int, default=3)
    args = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mobilytics_fuzz_"))
    os.chmod(folder, 0o755)
    configuration.set_hypothesis_home_dir(folder / "hypothesis")
    findings, server = Findings(), Server(args.build.resolve(), folder)
    try:
        server.start()
        server.wait_until_ready()
        api = Api(server)
        contract = Contract()
        known = set()
        api.ask("assets", {"code": "A1", "name": "One", "kind": "billboard", "latitude": 41.0, "longitude": -87.0})
        for path in ("assets", "devices"):
            known.update(re.findall(r"\b[a-z_]+_[0-9a-f]{32}\b", json.dumps(api.ask(path)[1])))
        askers = [*[Asker(server, "the owner", api.token) for _ in range(4)],
                  Asker(server, "nobody", None), Asker(server, "a stranger", "x" * 43)]
        total, wrong = {}, {}
        of_api = [one for one in contract.operations if one.where.startswith(("/api/", "/.well-known"))
                  and not one.streams()]
        of_api.sort(key=lambda one: (one.name in LAST, one.method != "get", one.name))
        findings.hold("operations", len(of_api) > 20, len(of_api), "more than 20")
        nobody = Asker(server, "nobody", None)
        findings.expect("operations of the contract that nobody serves", [
            one.name for one in of_api if not is_served(one, nobody)], [])
        for operation in of_api:
            # What would sign out who asks, or change their password, is asked by others only.
            who = [asker for asker in askers if asker.who != "the owner"] if operation.name in LAST else askers
            found, statuses = fuzz(operation, who, known, args.examples, args.seed)
            for status, count in statuses.items():
                total[status] = total.get(status, 0) + count
            if found:
                wrong[operation.name] = found
        findings.expect("answers that are not as they should be", wrong, {})
        print(f"answers by status: {dict(sorted(total.items()))}")
        findings.hold("answers that went well", total.get(200, 0) + total.get(201, 0) > 100, total, "some")
        # A 503 says that PostgreSQL or the like was away: it was not.
        findings.expect("answers that put somebody off", total.get(503, 0), 0)
        log = pathlib.Path(server.log.name).read_text(errors="replace")
        findings.expect("faults in the log", re.findall(r'.*"level":"error".*', log)[:3], [])
        findings.expect("the server is the one that was started", server.process.poll(), None)
        server.stop()
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
