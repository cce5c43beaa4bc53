import { describe, expect, it } from 'vitest';
import { createClient, pathOf, queryText } from './client';
import { ApiError } from './problem';

interface Call {
    url: string;
    init: RequestInit;
}

/** A fetch that answers from a list, and remembers what it was asked. */
function answering(...replies: (Response | Error)[]) {
    const calls: Call[] = [];
    const fetcher = (url: string | URL | Request, init: RequestInit = {}) => {
        calls.push({ url: String(url), init });
        const reply = replies.shift();
        return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply!);
    };
    return { client: createClient({ fetch: fetcher as typeof fetch }), calls };
}

const json = (value: unknown, init?: ResponseInit) => new Response(JSON.stringify(value), init);
const headers = (call: Call | undefined) => call!.init.headers as Record<string, string>;

describe('the client', () => {
    it('asks at the contract’s path, and marks what changes something', async () => {
        const { client, calls } = answering(json({}, { status: 201 }), json({ items: [] }));
        await client.call('create_claim', { body: { name: 'a' }, key: 'a-b' });
        await client.call('list_devices');
        expect(calls[0]!.url).toBe('/api/v1/claims');
        expect(headers(calls[0])['X-Mobilytics']).toBe('1');
        expect(headers(calls[0])['Idempotency-Key']).toBe('"a-b"');
        expect(calls[0]!.init.body).toBe('{"name":"a"}');
        expect(headers(calls[1])['X-Mobilytics']).toBeUndefined();
        expect(calls[1]!.init.method).toBe('GET');
    });

    it('writes lists with commas, and leaves out what was not chosen', () => {
        expect(queryText({ asset_id: ['a', 'b'], source: undefined, zoom: 0, find: '' })).toBe(
            '?asset_id=a%2Cb&zoom=0',
        );
        expect(queryText({ asset_id: [] })).toBe('');
        expect(pathOf('revoke_device', { device_id: 'device_1/..' })).toBe(
            '/api/v1/devices/device_1%2F../revocation',
        );
    });

    it('reads all pages', async () => {
        const { client, calls } = answering(
            json({ items: [1, 2], next_cursor: 'c 2' }),
            json({ items: [3] }),
        );
        expect(await client.assets()).toEqual([1, 2, 3]);
        expect(calls[1]!.url).toBe('/api/v1/assets?limit=200&cursor=c+2');
    });

    it('gives nothing for 204', async () => {
        const { client } = answering(new Response(null, { status: 204 }));
        expect(await client.call('end_session')).toBeUndefined();
    });

    it('makes an error of a Problem', async () => {
        const problem = {
            status: 422,
            code: 'invalid',
            detail: 'Not so.',
            errors: [{ pointer: '/code', detail: 'too long' }],
        };
        const { client } = answering(json(problem, { status: 422 }));
        const error = await client.call('list_assets').catch((e: unknown) => e as ApiError);
        expect(error).toBeInstanceOf(ApiError);
        expect(error).toMatchObject({
            status: 422,
            code: 'invalid',
            message: 'Not so.',
            passing: false,
            faults: [{ pointer: '/code', detail: 'too long' }],
        });
    });

    it('tells when to try again', async () => {
        const { client } = answering(
            json(
                { code: 'too_many_attempts', detail: 'Later.' },
                { status: 429, headers: { 'Retry-After': '30' } },
            ),
        );
        const error = await client
            .call('begin_session', { body: { email: 'x', password: 'x' } })
            .catch((e: unknown) => e as ApiError);
        expect(error).toMatchObject({ retryAfterSeconds: 30, passing: true, signedOut: false });
    });

    it('tells a session that ended from a wrong password', async () => {
        const { client } = answering(
            json({ code: 'no_session' }, { status: 401 }),
            json({ code: 'wrong_password' }, { status: 401 }),
        );
        expect(await client.call('find_session').catch((e: unknown) => e)).toMatchObject({
            signedOut: true,
        });
        expect(await client.call('find_session').catch((e: unknown) => e)).toMatchObject({
            signedOut: false,
        });
    });

    it('survives what is not JSON, and a server that is gone', async () => {
        const { client } = answering(
            new Response('<html>', { status: 502 }),
            new TypeError('Failed to fetch'),
        );
        expect(await client.call('list_assets').catch((e: unknown) => e)).toMatchObject({
            status: 502,
            code: 'status_502',
        });
        expect(await client.call('list_assets').catch((e: unknown) => e)).toMatchObject({
            status: 0,
            code: 'unreachable',
            passing: true,
        });
    });

    it('leaves out of a report what is the default', () => {
        const { client } = answering();
        expect(
            client.asked({ from: 'a', to: 'b', time_zone: 'UTC', asset_id: [], source: 'all' }),
        ).toEqual({ from: 'a', to: 'b', time_zone: 'UTC' });
        expect(
            client.asked({ from: 'a', to: 'b', time_zone: 'UTC', asset_id: ['x'], source: 'ble' }),
        ).toEqual({
            from: 'a',
            to: 'b',
            time_zone: 'UTC',
            asset_id: ['x'],
            source: 'ble',
        });
    });
});
