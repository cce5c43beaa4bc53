// Operations of the contract as the stand-in carries them out: found by method and path in the
// table that the contract was made into, so that none is answered that the contract has not.

import { operations } from '../../packages/api/src/generated';

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
