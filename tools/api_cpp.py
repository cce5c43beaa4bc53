"""Writes the C++ of a contract: codecs, and mount()."""

from api_contract import LIMITS, NOBODY, snake

KEYWORDS = {"operator", "export"}


def limits(of):
    given = [f".{LIMITS[key]} = {of.limits[key]}" for key in LIMITS if key in of.limits]
    return f"{{{', '.join(given)}}}" if given else ""


def how(of):
    """How a Reader reads it; empty for as it comes."""
    if of.kind == "object":
        return f"json::ObjectOf{{read_{snake(of.name)}}}"
    if of.kind == "array":
        return f"json::ListOf{{json::Limits{limits(of)}, {how(of.item) or 'json::Limits{}'}}}"
    return f"json::Limits{limits(of)}" if of.limits else ""


def decoder(schema):
    lines = []
    for field, (of, required) in schema.fields.items():
        kind = "nullable" if of.nullable else "required" if required else "optional"
        more = how(of).removeprefix("json::Limits")
        lines.append(f'    in.{kind}(out.{field}, "{field}"{more and ", " + more});')
    return [f"void read_{snake(schema.name)}(json::Reader& in, {schema.cpp}& out) {{", *lines, "}", ""]


def body_decoder(schema):
    return [f"Result<{schema.cpp}> decode_{snake(schema.name)}(const json::value& body) {{",
            f"    {schema.cpp} out{{}};", "    json::Reader in(body);",
            f"    read_{snake(schema.name)}(in, out);", "    CHECK(in.finish());", "    return out;",
            "}", ""]


def encoding(of):
    """What makes JSON of it; empty for json::kEncode."""
    if of.kind == "object":
        return f"encode_{snake(of.name)}"
    if of.kind != "array":
        return ""
    item = encoding(of.item) or "json::kEncode"
    if of.item.nullable:
        item = f"json::or_null({item})"
    return f"[](const auto& items) {{ return json::encode_list(items, {item}); }}"


def encoder(schema):
    lines = []
    for field, (of, required) in schema.fields.items():
        kind = "optional" if not required else "nullable" if of.nullable else "field"
        made = encoding(of)
        lines.append(f'    out.{kind}("{field}", from.{field}{made and ", " + made});')
    return [f"json::value encode_{snake(schema.name)}(const {schema.cpp}& from) {{",
            "    json::Writer out;", *lines, "    return out.finish();", "}", ""]


def text(default):
    return f'"{str(default).lower() if isinstance(default, bool) else default}"'


def query_decoder(op):
    lines = []
    for param in op.query:
        of, name = param.type, param.name
        more = limits(of) and f", {limits(of)}"
        if of.kind == "array":
            item = limits(of.item) and f", {limits(of.item)}"
            lines.append(f'    in.list(out.{name}, "{name}"{more}{item});')
        elif of.default is not None:
            lines.append(f'    in.defaulted(out.{name}, "{name}", {text(of.default)}{more});')
        else:
            kind = "required" if param.required else "optional"
            lines.append(f'    in.{kind}(out.{name}, "{name}"{more});')
    page = [", PageRequest& page", "    in.page(page);"] if op.paged else ["", None]
    return [f"Result<{op.query_struct}> query_of_{op.name}(const http::Query& query{page[0]}) {{",
            f"    {op.query_struct} out{{}};", "    http::QueryReader in(query);", *lines,
            *([page[1]] if op.paged else []), "    CHECK(in.finish());", "    return out;", "}", ""]


def glue(op, service):
    reads = [f'    TRY(const auto {p.name}, {p.cpp}::parse(call.path.at("{p.name}")));'
             for p in op.params]
    args = ["call"] if op.raw else ["call.caller"] if op.caller else []
    args += [p.name for p in op.params]
    if op.query and op.paged:
        reads += ["    PageRequest page;", f"    TRY(auto query, query_of_{op.name}(call.query, page));"]
    elif op.query:
        reads.append(f"    TRY(auto query, query_of_{op.name}(call.query));")
    elif op.paged:
        reads.append("    TRY(const auto page, http::page_request(call.query));")
    else:
        reads.append("    CHECK(http::QueryReader(call.query).finish());")
    args += ["page"] * op.paged + ["std::move(query)"] * bool(op.query)
    if op.body:
        schema = f"decode_{snake(op.body)}"
        reads.append(f"    TRY(auto body, {schema}(call.body));")
        args.append("std::move(body)")
    asked = f"service.{f'{op.part}.' if op.part else ''}{op.name}({', '.join(args)})"
    if op.raw:
        ends = [f"    return {asked};"]
    elif op.reply:
        ends = [f"    TRY(const auto reply, {asked});",
                f"    return http::Reply{{{op.status}, encode_{snake(op.reply)}(reply)}};"]
    else:
        ends = [f"    CHECK({asked});", f"    return http::Reply{{.status = {op.status}}};"]
    unused = [] if "call" in " ".join([*reads, *ends]) else ["    static_cast<void>(call);"]
    return [f"Result<http::Reply> {op.name}({service}& service, const http::Call& call) {{",
            *unused, *reads, *ends, "}", ""]


def access_of(op):
    """What the route is mounted with."""
    if op.roles[0] in NOBODY:
        return {"open": "http::kOpen", "device": "http::kDevice"}[op.roles[0]]
    if op.roles == ["person"]:
        finished = {"": "", "enrolling": ", http::Finished::may_enrol",
                    "unfinished": ", http::Finished::need_not_be"}[op.session]
        return f'http::Access(http::kPerson, "{op.permission}"{finished})'
    roles = ", ".join(f"Role::{role}{'_' if role in KEYWORDS else ''}" for role in op.roles)
    return f'http::Access(Roles{{{roles}}}, "{op.permission}")'


def limits_of(op):
    if not op.rate and not op.repeatable:
        return ""
    rate = "{}"
    if op.rate:
        requests, seconds = op.rate
        rate = f"http::Rate{{{requests}, std::chrono::seconds({seconds})}}"
    by = "address" if op.rate else "identity"
    repeatable = ", .repeatable = true" if op.repeatable else ""
    return (f",\n              {{.body_bytes_max = {{}}, .rate = {rate}, "
            f".rate_by = http::RateBy::{by}{repeatable}}}")


def words(schema):
    said = ", ".join(f'"{word}"' for word in schema.words)
    return [f"static_assert(json::words_are<{schema.cpp}>(",
            f"    std::array<std::string_view, {len(schema.words)}>{{{said}}}));"]


def codecs(contract, mounted):
    def used(roots):
        names = [name for root in roots for name in contract.within(root)]
        return [contract.schemas[name] for name in dict.fromkeys(names)]

    taken = used(op.body for op in mounted)
    given = used(op.reply for op in mounted if not op.raw)
    asked = [contract.schemas[(p.type.item or p.type).name] for op in mounted for p in op.query
             if (p.type.item or p.type).name]
    enums = {schema.name: schema for schema in [*taken, *given, *asked] if schema.words is not None}
    bodies = {op.body for op in mounted if op.body}
    out = [line for name in sorted(enums) for line in words(enums[name])]
    out += [""] if enums else []
    for schema in taken:
        if schema.words is None:
            out += decoder(schema)
            out += body_decoder(schema) if schema.name in bodies else []
    for schema in given:
        out += encoder(schema) if schema.words is None else []
    for op in mounted:
        out += query_decoder(op) if op.query else []
    return out


def generate(contract):
    """The text of <name>_api.h and of <name>_api.cpp."""
    name, module, service = contract.name, contract.module, contract.service
    mounted = [op for op in contract.operations if op.mounted]
    banner = f"// Made by tools/api_gen.py from {name}/openapi.yaml. Change that instead."
    mounts = [line for op in mounted for line in (
        f'    router.on(http::verb::{"delete_" if op.method == "delete" else op.method}, '
        f'"{op.path}", {access_of(op)},',
        f"              [&service](const http::Call& call) {{ return {op.name}(service, call); }}{limits_of(op)});")]
    header = [banner, "#pragma once", "", f'#include "{module}/{name}.h"',
              '#include "platform/http/router.h"', "", f"namespace mobilytics::{name} {{", "",
              "/// `service` must outlive `router`. What the contract mounts by hand is not in this.",
              f"void mount(http::Router& router, {service}& service);", "",
              f"}}  // namespace mobilytics::{name}", ""]
    source = [banner, f'#include "{module}/{name}_api.h"', "", "#include <array>",
              "#include <string_view>", "#include <utility>", "", '#include "foundation/json.h"',
              '#include "platform/http/query.h"', "", f"namespace mobilytics::{name} {{", "",
              "namespace {", "", *codecs(contract, mounted),
              *[line for op in mounted for line in glue(op, service)], "}  // namespace", "",
              f"void mount(http::Router& router, {service}& service) {{", *mounts, "}", "",
              f"}}  // namespace mobilytics::{name}", ""]
    return "\n".join(header), "\n".join(source)
