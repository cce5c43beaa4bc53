// A thin client of /api/v1: one function an operation, Problems as ApiError.

import { ApiError, problemOf } from './problem';
import type * as T from './types';

type Value = string | number | undefined | readonly string[];
type Query = Record<string, Value>;

export interface ClientOptions {
    base?: string;
    fetch?: typeof fetch;
}

export function queryText(query: Query): string {
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

function reportQuery(query: T.ReportQuery): Query {
    return {
        from: query.from,
        to: query.to,
        time_zone: query.time_zone,
        asset_id: query.asset_id,
        source: query.source === 'all' ? undefined : query.source,
        motion: query.motion === 'all' ? undefined : query.motion,
    };
}

const kPagesMax = 100;

interface SendOptions {
    query?: Query;
    body?: unknown;
    signal?: AbortSignal;
    /** It creates: the same again, after a broken connection, shall not create twice. */
    once?: boolean;
}

/** crypto.randomUUID is missing where a page came by plain HTTP from another machine. */
function onceKey(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

export function createClient({ base = '/api/v1', fetch: fetcher = fetch }: ClientOptions = {}) {
    async function send<R>(
        method: string,
        path: string,
        { query = {}, body, signal, once }: SendOptions = {},
    ): Promise<R> {
        const headers: Record<string, string> = { Accept: 'application/json' };
        if (method !== 'GET') headers['X-Mobilytics'] = '1';
        if (once) headers['Idempotency-Key'] = onceKey();
        if (body !== undefined) headers['Content-Type'] = 'application/json';
        let reply: Response;
        try {
            reply = await fetcher(base + path + queryText(query), {
                method,
                headers,
                body: body === undefined ? undefined : JSON.stringify(body),
                credentials: 'same-origin',
                signal: signal ?? null,
            });
        } catch (cause) {
            if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
            throw new ApiError(0, 'unreachable', 'The server cannot be reached.');
        }
        if (!reply.ok) throw await problemOf(reply);
        return reply.status === 204 ? (undefined as R) : ((await reply.json()) as R);
    }

    async function all<R>(path: string, signal?: AbortSignal): Promise<R[]> {
        const items: R[] = [];
        let cursor: string | undefined;
        for (let page = 0; page < kPagesMax; ++page) {
            const reply: T.Page<R> = await send('GET', path, {
                query: { limit: 200, cursor },
                signal,
            });
            items.push(...reply.items);
            cursor = reply.next_cursor;
            if (!cursor) return items;
        }
        throw new ApiError(0, 'too_many_pages', `More than ${kPagesMax} pages of ${path}.`);
    }

    const report =
        <R>(name: string) =>
        (query: T.ReportQuery, extra: Query = {}, signal?: AbortSignal) =>
            send<R>('GET', `/reports/${name}`, {
                query: { ...reportQuery(query), ...extra },
                signal,
            });

    return {
        signIn: (password: string) => send<T.Session>('POST', '/session', { body: { password } }),
        session: (signal?: AbortSignal) => send<T.Session>('GET', '/session', { signal }),
        signOut: () => send<void>('DELETE', '/session'),
        changePassword: (current: string, next: string) =>
            send<void>('POST', '/session/password', { body: { current, next } }),

        assets: (signal?: AbortSignal) => all<T.Asset>('/assets', signal),
        createAsset: (asset: T.NewAsset) =>
            send<T.Asset>('POST', '/assets', { body: asset, once: true }),
        devices: (signal?: AbortSignal) => all<T.Device>('/devices', signal),
        createClaim: (claim: T.NewClaim) =>
            send<T.Claim>('POST', '/claims', { body: claim, once: true }),
        revokeDevice: (id: string) =>
            send<T.Device>('POST', `/devices/${encodeURIComponent(id)}/revocation`),

        liveAssets: (signal?: AbortSignal) => send<T.LiveAssets>('GET', '/live/assets', { signal }),

        overview: report<T.Overview>('overview'),
        exposure: report<T.Exposure>('exposure'),
        dwell: report<T.Dwell>('dwell'),
        reach: report<T.Reach>('reach'),
        frequency: report<T.Frequency>('frequency'),
        heatmap: report<T.Heatmap>('heatmap'),
        routes: report<T.Routes>('routes'),
        freshness: (signal?: AbortSignal) =>
            send<T.Freshness>('GET', '/reports/freshness', { signal }),
    };
}

export type Client = ReturnType<typeof createClient>;
