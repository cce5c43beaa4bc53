// Operations of the contract as the stand-in carries them out: found by method and path in the
// table that the contract was made into, so that none is answered that the contract has not.

import { readFileSync } from 'node:fs';
import { operations } from '../../packages/api/src/generated';
import { Refusal } from './refusal';

export interface Asked {
    params: Record<string, string>;
    query: URLSearchParams;
    body: unknown;
    /** Of the session that asks. */
    who: Who;
}

export interface Who {
    token: string;
    person: string;
    role: string;
}

export type Deed = (asked: Asked) => [number, unknown, Record<string, string>?];

interface Route {
    name: keyof typeof operations;
    method: string;
    pattern: RegExp;
    names: string[];
    fixed: number;
}

const kRoutes: Route[] = (Object.keys(operations) as (keyof typeof operations)[])
    .map(name => {
        const { method, path } = operations[name];
        const names = [...path.matchAll(/\{(\w+)\}/g)].map(found => found[1]!);
        return {
            name,
            method,
            pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`),
            names,
            fixed: path.split('/').filter(part => !part.startsWith('{')).length,
        };
    })
    // What is written out goes before what is only named: /jobs/redrive before /jobs/{job_id}.
    .sort((a, b) => b.fixed - a.fixed);

export function routed(method: string, path: string) {
    for (const { name, method: its, pattern, names } of kRoutes) {
        const found = its === method ? pattern.exec(path) : null;
        if (!found) continue;
        const params = Object.fromEntries(
            names.map((param, i) => [param, decodeURIComponent(found[i + 1]!)]),
        );
        const { roles, permission } = operations[name] as {
            roles: readonly string[];
            permission: string;
        };
        return { name, params, roles, permission };
    }
    return undefined;
}

/** By operation what may stand in its query. At run time the table has it no more: read as text. */
const kQueries = new Map(
    [
        ...readFileSync(
            new URL('../../packages/api/src/generated.ts', import.meta.url),
            'utf8',
        ).matchAll(/^ {4}(\w+): \{params: .*?; query: \{(.*?)\}; body: /gm),
    ].map(([, name, query]) => [
        name!,
        new Set([...query!.matchAll(/(\w+)\??:/g)].map(found => found[1]!)),
    ]),
);

/** What the contract has not is refused, as the server does. */
export function checkQuery(operation: string, query: URLSearchParams) {
    for (const name of query.keys()) {
        if (kQueries.get(operation)?.has(name)) continue;
        throw new Refusal(422, 'invalid_query', `${name} is not asked here`, {}, [
            { pointer: `/${name}`, detail: 'is not asked here' },
        ]);
    }
}
