// A thin client of the API: an operation of the contract, what it needs, what it gives back.
// Problems become ApiError.

import { operations } from './generated';
import type { Operations } from './generated';
import { ApiError, problemOf } from './problem';
import { repeatable } from './repeatable';
import type { ReportQuery } from './types';

export type Name = Exclude<keyof Operations, 'live_events' | 'enrol'>;
export type Reply<N extends Name> = Operations[N]['reply'];

/** Operations that answer with a page of items. */
export type ListName = {
    [N in Name]: Reply<N> extends { items: unknown[] } ? N : never;
}[Name];
export type Item<N extends ListName> = Reply<N> extends { items: (infer Row)[] } ? Row : never;

export interface Given<N extends Name> {
    params?: Operations[N]['params'];
    query?: Operations[N]['query'];
    body?: Operations[N]['body'];
    signal?: AbortSignal | undefined;
    /** Given as Idempotency-Key: the same again is carried out once. See `repeatable`. */
    key?: string;
}

export interface ClientOptions {
    /** Where the server is; its own address when left out. */
    origin?: string;
    fetch?: typeof fetch;
}

type Value = string | number | boolean | undefined | readonly string[];

export function queryText(query: Record<string, Value>): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
        if (value === undefined || value === '') continue;
        if (typeof value === 'object') {
            if (value.length > 0) search.set(name, value.join(','));
        } else {
            search.set(name, String(value));
        }
    }
    const text = search.toString();
    return text ? `?${text}` : '';
}

export function pathOf(name: Name, params: Record<string, string> = {}): string {
    return operations[name].path.replace(/\{(\w+)\}/g, (_, key: string) =>
        encodeURIComponent(params[key] ?? ''),
    );
}

const kPagesMax = 100;
const kPageSize = 200;

export function createClient({ origin = '', fetch: fetcher = fetch }: ClientOptions = {}) {
    async function call<N extends Name>(name: N, sent: Given<N> = {}): Promise<Reply<N>> {
        const { method } = operations[name];
        const headers: Record<string, string> = { Accept: 'application/json' };
        if (method !== 'GET') headers['X-Mobilytics'] = '1';
        if (sent.key) headers['Idempotency-Key'] = `"${sent.key}"`;
        const body: unknown = sent.body;
        const bytes = body instanceof Blob ? body : undefined;
        if (body !== undefined) headers['Content-Type'] = bytes?.type ?? 'application/json';
        const path = pathOf(name, sent.params) + queryText((sent.query ?? {}) as never);
        let reply: Response;
        try {
            reply = await fetcher(origin + path, {
                method,
                headers,
                ...(body === undefined ? {} : { body: bytes ?? JSON.stringify(body) }),
                credentials: 'same-origin',
                signal: sent.signal ?? null,
            });
        } catch (cause) {
            if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
            throw new ApiError(0, 'unreachable', 'The server cannot be reached.');
        }
        if (!reply.ok) throw await problemOf(reply);
        return (reply.status === 204 ? undefined : await reply.json()) as Reply<N>;
    }

    /** One page, as a table asks for it: `ask` is sent as the query. */
    const page =
        <N extends ListName>(name: N, params?: Operations[N]['params']) =>
        async (ask: Record<string, unknown>, signal?: AbortSignal) =>
            (await call(name, { params, query: ask, signal } as Given<N>)) as {
                items: Item<N>[];
                next_cursor?: string;
            };

    /** All pages of what is short enough to be held whole. */
    async function all<N extends ListName>(
        name: N,
        signal?: AbortSignal,
        params?: Operations[N]['params'],
    ) {
        const items: Item<N>[] = [];
        let cursor: string | undefined;
        for (let turn = 0; turn < kPagesMax; ++turn) {
            const query = { limit: kPageSize, ...(cursor ? { cursor } : {}) };
            const reply = await page(name, params)(query, signal);
            items.push(...reply.items);
            cursor = reply.next_cursor;
            if (!cursor) return items;
        }
        throw new ApiError(0, 'too_many_pages', `More than ${kPagesMax} pages of ${name}.`);
    }

    /** A choice of everything is left out, as the contract's default. */
    const asked = ({ source, asset_id, ...rest }: ReportQuery) => ({
        ...rest,
        ...(asset_id.length > 0 ? { asset_id } : {}),
        ...(source === 'all' ? {} : { source }),
    });

    return {
        call,
        page,
        all,
        repeatable: () => repeatable(call),
        assets: (signal?: AbortSignal) => all('list_assets', signal),
        devices: (signal?: AbortSignal) => all('list_devices', signal),
        asked,
    };
}

export type Client = ReturnType<typeof createClient>;

/** Of the server that the page came from. */
export const client = createClient();
