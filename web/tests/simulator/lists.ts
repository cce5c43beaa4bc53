// Lists as the server pages them: a cursor that is good for the same question only.

import { Refusal } from './refusal';

interface ListRules<Row> {
    /** What the search of the contract finds by. */
    finds?: (row: Row) => (string | undefined)[];
    sorts?: Record<string, (row: Row) => string | number | undefined>;
    filters?: Record<string, (row: Row, value: string) => boolean>;
    /** When it is not asked for. */
    sorted?: string;
}

export interface ListPage<Row> {
    items: Row[];
    next_cursor?: string;
}

const kLimitMax = 200;

export function paged<Row>(
    rows: readonly Row[],
    query: URLSearchParams,
    rules: ListRules<Row> = {},
): ListPage<Row> {
    const known = new Set(['cursor', 'limit', ...Object.keys(rules.filters ?? {})]);
    if (rules.finds) known.add('q');
    if (rules.sorts) known.add('sort');
    for (const name of query.keys()) {
        if (!known.has(name)) {
            throw new Refusal(422, 'invalid_query', `${name} is not asked here`, {}, [
                { pointer: `/${name}`, detail: 'is not asked here' },
            ]);
        }
    }
    let found = [...rows];
    const q = query.get('q')?.toLowerCase();
    if (q && rules.finds) {
        found = found.filter(row =>
            rules.finds!(row).some(text => text?.toLowerCase().includes(q)),
        );
    }
    for (const [name, fits] of Object.entries(rules.filters ?? {})) {
        const value = query.get(name);
        if (value !== null) found = found.filter(row => fits(row, value));
    }
    const sort = query.get('sort') ?? rules.sorted;
    if (sort) {
        const key = rules.sorts?.[sort.replace(/^-/, '')];
        if (!key) throw new Refusal(422, 'invalid_sort', `it cannot be sorted by ${sort}`);
        const way = sort.startsWith('-') ? -1 : 1;
        found.sort((a, b) => {
            const [one, other] = [key(a) ?? '', key(b) ?? ''];
            return way * (one < other ? -1 : one > other ? 1 : 0);
        });
    }
    const limit = Math.min(kLimitMax, Number(query.get('limit') ?? 50));
    const question = [...query].filter(([name]) => !['cursor', 'limit'].includes(name)).join('&');
    let from = 0;
    const cursor = query.get('cursor');
    if (cursor) {
        const [asked, at] = Buffer.from(cursor, 'base64url').toString().split('\n');
        if (asked !== question || !/^\d+$/.test(at ?? '')) {
            throw new Refusal(422, 'invalid_cursor', 'the cursor is of another question');
        }
        from = Number(at);
    }
    const items = found.slice(from, from + limit);
    const page: ListPage<Row> = { items };
    if (from + limit < found.length) {
        page.next_cursor = Buffer.from(`${question}\n${from + limit}`).toString('base64url');
    }
    return page;
}

export function found<Row extends { id: string }>(
    rows: readonly Row[],
    wanted: string,
    what: string,
): Row {
    const row = rows.find(each => each.id === wanted);
    if (!row) throw new Refusal(404, `no_such_${what}`, wanted);
    return row;
}

let serial = 0;

/** An id as the server writes it, of a UUID of version 7. */
export function id(prefix: string, number = ++serial + 5000): string {
    return `${prefix}_0190c000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

export const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
