// A thin client of the API: an operation of the contract, what it needs, what it gives back.
// Problems become ApiError.

import { operations } from './generated';
import type { Operations } from './generated';
import { ApiError, problemOf } from './problem';
import { repeatable } from './repeatable';
import type { ReportQuery } from './types';

export type Name = Exclude<keyof Operations, 'live_events' | 'enrol'>;
export type Reply<N extends Name> = Operations[N]['reply'];

export interface Sent<N extends Name> {
    params?: Operations[N]['params'];
    query?: Operations[N]['query'];
    body?: Operations[N]['body'];
    signal?: AbortSignal | undefined;
    /** Sent as Idempotency-Key: the same again is carried out once. See `repeatable`. */
    key?: string;
}

export interface ClientOptions {
    /** Where the server is; its own address when left out. */
    origin?: string;
    fetch?: typeof fetch;
}

type Value = string | number | undefined | readonly string[];

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
    async function call<N extends Name>(name: N, sent: Sent<N> = {}): Promise<Reply<N>> {
        const { method } = operations[name];
        const headers: Record<string, string> = { Accept: 'application/json' };
        if (method !== 'GET') headers['X-Mobilytics'] = '1';
        if (sent.key) headers['Idempotency-Key'] = `"${sent.key}"`;
        if (sent.body !== undefined) headers['Content-Type'] = 'application/json';
        const path = pathOf(name, sent.params) + queryText((sent.query ?? {}) as never);
        let reply: Response;
        try {
            reply = await fetcher(origin + path, {
                method,
                headers,
                ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
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

    async function all<N extends 'list_assets' | 'list_devices'>(name: N, signal?: AbortSignal) {
        const items: Reply<N>['items'][number][] = [];
        let cursor: string | undefined;
        for (let page = 0; page < kPagesMax; ++page) {
            const query = { limit: kPageSize, ...(cursor ? { cursor } : {}) };
            const reply: Reply<N> = await call(name, { query, signal } as Sent<N>);
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
        repeatable: () => repeatable(call),
        assets: (signal?: AbortSignal) => all('list_assets', signal),
        devices: (signal?: AbortSignal) => all('list_devices', signal),
        asked,
    };
}

export type Client = ReturnType<typeof createClient>;
