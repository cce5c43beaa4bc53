"""Writes the TypeScript of all contracts: a type for every schema, and a table of the operations that
a small client can call by name."""

import json

from api_contract import ROLES, Refused

HEAD = """// Made by tools/api_gen.py from the contracts (openapi.yaml). Change those instead.

/** Of a customer's people viewer, analyst, admin and owner, each of whom may do what those before may,
 *  and operator, for the fleet; of our staff the others. */
export type Role = {roles};
/** "asset_0190..." */
export type Id = string;
/** "2026-08-21T09:30:00.000000Z" */
export type Instant = string;
/** Whole units of the currency's smallest coin. */
export interface Money {{
    minor: number;
    currency: string;
}}
/** What went wrong, as RFC 9457 has it. */
export interface Problem {{
    status: number;
    /** For programs; never changes. */
    code: string;
    /** For people; may change. */
    detail: string;
    /** All that is wrong with what was sent. */
    errors?: {{pointer: string; detail: string}}[];
}}
"""
SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean",
           "id": "Id", "instant": "Instant", "money": "Money"}


def type_of(of):
    if of.kind == "array":
        inner = type_of(of.item)
        said = f"({inner})[]" if " " in inner else f"{inner}[]"
        ends = (of.limits.get("minItems"), of.limits.get("maxItems"))
        if ends[0] is not None and ends[0] == ends[1] and ends[0] <= 4:
            said = f"[{', '.join([inner] * ends[0])}]"  # [lower, upper]
    else:
        said = of.name or SCALARS[of.kind]
    return f"{said} | null" if of.nullable else said


def schema(of):
    said = f"/** {of.description} */\n" if of.description else ""
    if of.words is not None:
        return f"{said}export type {of.name} = {' | '.join(json.dumps(word) for word in of.words)};\n"
    fields = [f"    {name}{'' if required else '?'}: {type_of(its)};"
              for name, (its, required) in of.fields.items()]
    return "\n".join([f"{said}export interface {of.name} {{", *fields, "}", ""])


def record(fields):
    return f"{{{'; '.join(fields)}}}" if fields else "Record<string, never>"


def operation(op):
    params = record([f"{param.name}: string" for param in op.params])
    query = [f"{param.name}{'' if param.required else '?'}: {type_of(param.type)}" for param in op.query]
    query += ["cursor?: string", "limit?: number"] if op.paged else []
    nothing = "Response" if op.bytes or not op.mounted else "undefined"
    return (f"    {op.name}: {{params: {params}; query: {record(query)}; "
            f"body: {op.body or ('BodyInit | undefined' if op.bytes else 'undefined')}; "
            f"reply: {op.reply or nothing}}};")


def is_ours(name, of):
    """Whether HEAD has it already: a contract may name the roles too, and nothing else of it."""
    if name == "Role" and of.words == ROLES:
        return True
    if f" {name} " in HEAD:
        raise Refused(f"{name}: the client has another type of this name")
    return False


def generate(contracts):
    schemas, operations = {}, {}
    for contract in contracts:
        for name, of in contract.schemas.items():
            if is_ours(name, of):
                continue
            text = schema(of)
            if schemas.setdefault(name, text) != text:
                raise Refused(f"{name}: two contracts have a schema of this name, and not the same")
        for op in contract.operations:
            if op.name in operations:
                raise Refused(f"{op.name}: two contracts have an operation of this name")
            operations[op.name] = op
    table = [f'    {op.name}: {{method: "{op.method.upper()}", path: "{op.path}", '
             f'roles: {json.dumps(op.roles)}, permission: "{op.permission}"}},'
             for op in operations.values()]
    roles = " | ".join(json.dumps(role) for role in ROLES)
    return "\n".join([
        HEAD.format(roles=roles), *[schemas[name] for name in sorted(schemas)],
        "/** What each operation is given and gives back. */", "export interface Operations {",
        *[operation(op) for op in operations.values()], "}", "",
        "/** Where each is, who may call it, and what of a key's scopes it needs. */", "export const operations = {",
        *table, "} as const satisfies Record<",
        "    keyof Operations,",
        '    {method: string; path: string; roles: readonly (Role | "person" | "open" | "device")[]; '
        "permission: string}",
        ">;", ""])
