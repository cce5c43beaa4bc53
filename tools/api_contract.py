"""Reads a contract: an openapi.yaml in our dialect of OpenAPI 3.1. Whatever the dialect does not have
is refused here, never guessed at later. What comes out is plain: operations, and types by name."""

import dataclasses
import pathlib
import re

SAYS = {  # What each part of a contract may say.
    "contract": "openapi info paths components x-service",
    "components": "parameters schemas",
    "operation": "operationId summary description tags x-role x-permission x-session x-part x-caller x-reply x-mounted "
                 "x-query x-rate "
                 "parameters requestBody responses",
    "path": "parameters get post put patch delete",
    "path parameter": "name in required x-cpp-type description schema",
    "query parameter": "name in required description schema style explode",
    "request body": "required description content",
    "object": "type description required properties additionalProperties x-cpp-type examples",
    "enum": "type description enum x-cpp-type",
    "string": "type description minLength maxLength examples default",
    "integer": "type description minimum maximum examples default",
    "number": "type description minimum maximum examples default",
    "boolean": "type description examples default",
    "array": "type description items minItems maxItems",
    "reference": "$ref description properties default",
    "one or null": "anyOf description",
}
LIMITS = {"minLength": "min", "minimum": "min", "maxLength": "max", "maximum": "max",
          "minItems": "min", "maxItems": "max"}
LADDER = ["viewer", "analyst", "admin", "owner"]  # Each may do what those before it may.
STAFF = ["support", "fulfillment", "finance", "engineer", "superuser"]  # superuser: what any other may.
ROLES = [*LADDER, "operator", *STAFF]
NOBODY = ["open", "device"]  # Of whom nobody asks who they are.
VERBS = ["read", "write", "export"]
SESSIONS = ["unfinished", "enrolling"]
SHARED = "../../foundation/foundation.yaml#/"
FOUNDATION = {"Id": "id", "Instant": "instant", "Money": "money"}
PAGING = [{"$ref": f"{SHARED}parameters/cursor"}, {"$ref": f"{SHARED}parameters/limit"}]
IDEMPOTENCY_KEY = {"$ref": f"{SHARED}parameters/idempotency_key"}
PROBLEM = {"$ref": f"{SHARED}responses/Problem"}
SCALARS = ("string", "integer", "number", "boolean", "id", "instant", "enum")


class Refused(Exception):
    """The contract says what this dialect has not."""


@dataclasses.dataclass
class Type:
    """kind: a scalar, money, object or array. name: of an enum or object."""
    kind: str
    name: str = ""
    limits: dict = dataclasses.field(default_factory=dict)
    nullable: bool = False
    item: "Type | None" = None
    default: object = None


@dataclasses.dataclass
class Schema:
    name: str
    cpp: str
    words: list  # Of an enum; None of an object.
    fields: dict  # Of an object: name -> (Type, whether it must be there).
    strict: bool = False
    description: str = ""


@dataclasses.dataclass
class Parameter:
    name: str
    required: bool
    type: Type | None = None  # Of the query.
    cpp: str = ""  # Of the path.


@dataclasses.dataclass
class Operation:
    name: str
    method: str
    path: str
    roles: list  # Those who may, each by name; or one of: person, open, device.
    permission: str = ""  # "assets:read"; of open and device none.
    part: str = ""  # The service's member whose method it is; empty for the service's own.
    session: str = ""  # "unfinished", "enrolling": a session may call it that lacks something.
    mounted: bool = True
    raw: bool = False
    caller: bool = True
    params: list = dataclasses.field(default_factory=list)
    paged: bool = False
    query: list = dataclasses.field(default_factory=list)
    query_struct: str = ""
    status: int = 0
    body: str = ""  # The names of schemas; empty for none.
    reply: str = ""
    bytes: bool = False  # What it takes or gives is not all JSON.
    summary: str = ""
    rate: tuple = ()  # Requests, seconds: of one address.
    repeatable: bool = False  # Takes an Idempotency-Key.


def known(part, where, given):
    if not isinstance(given, dict):
        raise Refused(f"{where}: is not {part}")
    if strange := set(given) - set(SAYS[part].split()):
        raise Refused(f"{where}: {', '.join(sorted(strange))}: not in this dialect, of {part}")
    return given


def camel(name):
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


class Contract:
    """`module` is the folder below src: "domains/assets"."""

    def __init__(self, spec, module):
        known("contract", module, spec)
        self.module = module
        self.name = module.rsplit("/", 1)[-1]
        self.service = spec.get("x-service", camel(self.name))
        self.components = known("components", "components", spec.get("components", {}))
        given = self.components.get("schemas", {})
        self.names = {name: "enum" if "enum" in of else of.get("type") for name, of in given.items()}
        self.aliases = {name: of for name, of in given.items()
                        if self.names[name] not in ("enum", "object")}
        self.schemas = {name: self._schema(name, of) for name, of in given.items()
                        if name not in self.aliases}
        for name, of in self.aliases.items():
            self.type_of(name, of)
        self.operations = [self._operation(path, item.get("parameters", []), method, says)
                           for path, item in spec["paths"].items()
                           for method, says in known("path", path, item).items()
                           if method != "parameters"]
        names = [op.name for op in self.operations]
        for name in names:
            if names.count(name) > 1:
                raise Refused(f"{name}: two operations of this name")
        for op in self.operations:
            for name in self.within(op.body):
                if op.mounted:
                    self._check_request(name)
            self.within(op.reply)

    # Schemas.

    def _schema(self, name, of):
        cpp, says = of.get("x-cpp-type", name), of.get("description", "")
        if "enum" in of:
            known("enum", name, of)
            return Schema(name, cpp, [str(word) for word in of["enum"]], {}, description=says)
        known("object", name, of)
        required = of.get("required", [])
        if strange := set(required) - set(of.get("properties", {})):
            raise Refused(f"{name}: requires {', '.join(sorted(strange))}, which it does not have")
        fields = {field: (self.type_of(f"{name}.{field}", its), field in required)
                  for field, its in of.get("properties", {}).items()}
        return Schema(name, cpp, None, fields, of.get("additionalProperties") is False, says)

    def type_of(self, where, of):
        if "anyOf" in of:
            known("one or null", where, of)
            some = [one for one in of["anyOf"] if one != {"type": "null"}]
            if len(of["anyOf"]) != 2 or len(some) != 1:
                raise Refused(f"{where}: anyOf is something or null in this dialect")
            return dataclasses.replace(self.type_of(where, some[0]), nullable=True)
        if "$ref" in of:
            return self._reference(where, known("reference", where, of))
        kind, nullable = of.get("type"), False
        if isinstance(kind, list):
            if len(kind) != 2 or kind[1] != "null":
                raise Refused(f"{where}: {kind}: a type, or [it, 'null'] in this dialect")
            kind, nullable = kind[0], True
        if "enum" in of:
            raise Refused(f"{where}: an enum has a name: make it a schema")
        if kind == "object":
            raise Refused(f"{where}: an object has a name: make it a schema")
        if kind not in SAYS or kind not in ("string", "integer", "number", "boolean", "array"):
            raise Refused(f"{where}: {kind}: not a type of this dialect")
        known(kind, where, of)
        limits = {key: of[key] for key in LIMITS if key in of}
        if any(not isinstance(limit, int) for limit in limits.values()):
            raise Refused(f"{where}: a limit is a whole number in this dialect")
        item = self.type_of(f"{where}[]", of["items"]) if kind == "array" else None
        return Type(kind, limits=limits, nullable=nullable, item=item, default=of.get("default"))

    def _reference(self, where, of):
        ref, name = of["$ref"], of["$ref"].rsplit("/", 1)[-1]
        if ref == f"{SHARED}schemas/{name}" and name in FOUNDATION:
            minor = of.get("properties", {}).get("minor", {})
            return Type(FOUNDATION[name], limits={k: minor[k] for k in LIMITS if k in minor})
        if ref != f"#/components/schemas/{name}" or name not in self.names:
            raise Refused(f"{where}: {ref}: there is no such schema")
        if name in self.aliases:  # A name for a scalar or a list: it is as if it stood here.
            if "$ref" in self.aliases[name]:
                raise Refused(f"{name}: names what has a name already")
            return self.type_of(where, self.aliases[name])
        return Type(self.names[name], name, default=of.get("default"))

    def within(self, name, above=()):
        """The objects and enums of a schema, itself last; before each what it is made of."""
        if not name:
            return []
        if name in above:
            raise Refused(f"{name}: is within itself")
        out = []
        for of, _ in self.schemas[name].fields.values():
            while of.kind == "array":
                of = of.item
            if of.name:
                out += self.within(of.name, (*above, name))
        return list(dict.fromkeys([*out, name]))

    def _check_request(self, name):
        schema = self.schemas[name]
        if schema.words is None and not schema.strict:
            raise Refused(f"{name}: a request says additionalProperties: false")
        for field, (of, _) in schema.fields.items():
            self.check_sent(f"{name}.{field}", of)

    def check_sent(self, where, of):
        if of.kind == "string" and "maxLength" not in of.limits:
            raise Refused(f"{where}: text that is sent to us has a maxLength")
        if of.kind == "array":
            if "maxItems" not in of.limits:
                raise Refused(f"{where}: a list that is sent to us has maxItems")
            if of.item.nullable:
                raise Refused(f"{where}: a list that is sent to us has no nulls")
            self.check_sent(f"{where}[]", of.item)

    # Operations.

    def _operation(self, path, path_params, method, says):
        where = f"{method} {path}"
        known("operation", where, says)
        if "operationId" not in says:
            raise Refused(f"{where}: says no operationId")
        name = says["operationId"]
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise Refused(f"{name}: an operationId is words_like_this")
        op = Operation(name, method, path, self._roles(name, says), summary=says.get("summary", ""))
        op.permission = self._permission(op, says)
        op.session = says.get("x-session", "")
        if "x-session" in says and (op.session not in SESSIONS or op.roles != ["person"]):
            raise Refused(f"{name}: x-session is {' or '.join(SESSIONS)}, of what a person may call, or is not said")
        op.part = says.get("x-part", "")
        if "x-part" in says and not re.fullmatch(r"[a-z][a-z_]*", op.part):
            raise Refused(f"{name}: x-part names a member of the service")
        self._kind(op, says)
        if "x-rate" in says:
            found = re.fullmatch(r"([1-9]\d*) in ([1-9]\d*) s", str(says["x-rate"]))
            if not found or not op.mounted:
                raise Refused(f"{name}: x-rate is like '10 in 60 s', of what is mounted here")
            op.rate = tuple(int(number) for number in found.groups())
        self._parameters(op, path_params, says.get("parameters", []))
        op.query_struct = says.get("x-query", camel(name) + "Query") if op.query else ""
        if "x-query" in says and not op.query:
            raise Refused(f"{name}: says x-query, but has no such parameters")
        if "requestBody" in says:
            body = known("request body", f"{name}: requestBody", says["requestBody"])
            op.body = self._content(op, body.get("content", {}))
            if not op.body and op.mounted:
                raise Refused(f"{name}: what it takes is not JSON: say x-mounted: by-hand")
        self._responses(op, says.get("responses", {}))
        return op

    def _roles(self, name, says):
        """x-role, spelled out: a role of the ladder brings those above it, and viewer the operator."""
        if "x-role" not in says:
            raise Refused(f"{name}: says no x-role; none is open by forgetting")
        said = [word.strip() for word in str(says["x-role"]).split(",")]
        if said[0] in ("person", *NOBODY) and len(said) == 1:
            return said
        roles = set()
        for word in said:
            if word not in ROLES:
                raise Refused(f"{name}: {word}: no such role")
            if word in roles:
                raise Refused(f"{name}: {word}: is said already by another of its roles")
            roles |= {word} if word not in LADDER else set(LADDER[LADDER.index(word):])
            roles |= {"operator"} if word == "viewer" else set()
            roles |= {"superuser"} if word in STAFF else set()
        return [role for role in ROLES if role in roles]

    def _permission(self, op, says):
        said = says.get("x-permission", "")
        if op.roles[0] in NOBODY:
            if said:
                raise Refused(f"{op.name}: nobody asks who calls it, so it has no x-permission")
            return ""
        if not said:
            raise Refused(f"{op.name}: says no x-permission, like assets:read")
        if not re.fullmatch(rf"[a-z_]+:({'|'.join(VERBS)})", said):
            raise Refused(f"{op.name}: {said}: a permission is a resource and read, write or export")
        if op.method == "get" and said.endswith(":write"):
            raise Refused(f"{op.name}: a GET writes nothing: say read or export")
        if op.method != "get" and said.endswith(":read") and op.roles != ["person"]:
            raise Refused(f"{op.name}: {op.method} is no reading: say write or export")
        return said

    def _kind(self, op, says):
        for key, only in (("x-mounted", "by-hand"), ("x-reply", "raw"), ("x-caller", "none")):
            if says.get(key, only) != only:
                raise Refused(f"{op.name}: {key} is {only}, or is not said")
        op.mounted, op.raw, op.caller = "x-mounted" not in says, "x-reply" in says, "x-caller" not in says
        if not op.mounted and (op.raw or not op.caller):
            raise Refused(f"{op.name}: what is mounted by hand has neither x-reply nor x-caller")
        if op.raw and not op.caller:
            raise Refused(f"{op.name}: x-reply: raw is given the call, so no x-caller")
        if op.mounted and op.caller and not op.raw and op.roles[0] in NOBODY:
            raise Refused(f"{op.name}: {op.roles[0]} knows no caller: say x-caller: none")

    def _parameters(self, op, of_path, of_operation):
        for given in [*of_path, *of_operation]:
            if given in PAGING:
                op.paged = True
                continue
            if given == IDEMPOTENCY_KEY:
                if op.method != "post" or op.roles[0] in NOBODY or op.raw or not op.mounted:
                    raise Refused(f"{op.name}: an Idempotency-Key is for what a caller posts, in JSON")
                op.repeatable = True
                continue
            if "$ref" in given:
                name = given["$ref"].rsplit("/", 1)[-1]
                given = self.components.get("parameters", {}).get(name)
                if given is None:
                    raise Refused(f"{op.name}: there is no parameter {name}")
            if given.get("in") == "path":
                known("path parameter", f"{op.path} {given.get('name')}", given)
                if "x-cpp-type" not in given and op.mounted:
                    raise Refused(f"{op.name}: {given['name']} has no x-cpp-type")
                op.params.append(Parameter(given["name"], True, cpp=given.get("x-cpp-type", "")))
            else:
                op.query.append(self._query_parameter(op, given))
        named = re.findall(r"\{(\w+)\}", op.path)
        if named != [param.name for param in op.params]:
            raise Refused(f"{op.name}: its path names {named}, its parameters do not, in this order")
        if op.paged and not all(given in of_operation for given in PAGING):
            raise Refused(f"{op.name}: a list has a cursor and a limit, both")

    def _query_parameter(self, op, given):
        where = f"{op.name}: {given.get('name')}"
        known("query parameter", where, given)
        if given.get("in") != "query":
            raise Refused(f"{where}: is in: path or in: query")
        of = self.type_of(where, given["schema"])
        if of.kind not in (*SCALARS, "array") or of.nullable:
            raise Refused(f"{where}: {of.kind}: cannot be in a query")
        if of.kind == "array" and (of.item.kind not in SCALARS or of.item.nullable):
            raise Refused(f"{where}: a list in a query is one of scalars")
        self.check_sent(where, of)
        required = given.get("required", False)
        if of.kind == "array" and (required or of.default is not None):
            raise Refused(f"{where}: a list that must be there says minItems, and has no default")
        if required and of.default is not None:
            raise Refused(f"{where}: is required, so its default says nothing")
        if of.kind == "enum" and of.default is not None:
            if of.default not in self.schemas[of.name].words:
                raise Refused(f"{where}: its default is none of its words")
        return Parameter(given["name"], required, of)

    def _responses(self, op, responses):
        if responses.get("default") != PROBLEM:
            raise Refused(f"{op.name}: its default response is foundation's Problem")
        good = {int(status): of for status, of in responses.items() if status != "default"}
        if not good or any(not 200 <= status < 400 for status in good):
            raise Refused(f"{op.name}: says what it answers when all is well, and only that")
        if len(good) > 1 and op.mounted and not op.raw:
            raise Refused(f"{op.name}: answers in one way; or says x-reply: raw")
        for status, of in good.items():
            op.status = op.status or status
            content = of.get("content", {})
            op.reply = op.reply or self._content(op, content)
            if op.mounted and not op.raw and bool(content) == (status == 204):
                raise Refused(f"{op.name}: 204 has no content, and every other has")
        if op.mounted and not op.raw and not op.reply and op.status != 204:
            raise Refused(f"{op.name}: what it gives is not JSON: say x-reply: raw")

    def _content(self, op, content):
        """The name of the JSON's schema; empty when it is not JSON."""
        if set(content) - {"application/json"}:
            op.bytes = True
        schema = content.get("application/json", {}).get("schema")
        if schema is None:
            return ""
        of = self.type_of(f"{op.name}: its JSON", schema)
        if of.kind != "object" or of.nullable:
            raise Refused(f"{op.name}: its JSON is a schema with a name")
        return of.name


def module_of(path):
    """src/domains/assets/openapi.yaml -> domains/assets."""
    parts = pathlib.PurePath(path).parts
    return "/".join(parts[len(parts) - 1 - parts[::-1].index("src") + 1:-1])
