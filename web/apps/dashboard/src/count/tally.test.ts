import { beforeEach, describe, expect, test } from 'vitest';
import { ApiError } from '@mobilytics/api';
import {
    addTap,
    elapsedText,
    forgetTally,
    freshId,
    lastStanding,
    occupancyOf,
    saveTally,
    talliesOf,
    tapsOf,
    unsent,
} from './tally';
import type { Keep, Tally, Tap } from './tally';
import { send } from './upload';

class Memory implements Keep {
    private kept = new Map<string, string>();
    get length() {
        return this.kept.size;
    }
    key = (index: number) => [...this.kept.keys()][index] ?? null;
    getItem = (key: string) => this.kept.get(key) ?? null;
    setItem = (key: string, value: string) => void this.kept.set(key, value);
    removeItem = (key: string) => void this.kept.delete(key);
}

const kTally: Tally = {
    clientId: 'phone-0001',
    assetId: 'asset_1',
    assetName: 'Lobby',
    counter: 'north door',
    begunAt: '2026-08-21T14:00:00.000Z',
    startOccupancy: 2,
};

const tap = (id: string, kind: Tap['kind'], minute: number, undoes?: string): Tap => ({
    id,
    kind,
    at: `2026-08-21T14:${String(minute).padStart(2, '0')}:00.000Z`,
    ...(undoes ? { undoes } : {}),
});

/** A server that knows taps by their ids, and whose network may fail before or after it has taken them. */
class Server {
    begun: unknown[] = [];
    taken = new Map<string, unknown>();
    batches: number[] = [];
    ended: string[] = [];
    failing: 'before' | 'after' | 'no' = 'no';
    status = 0;
    call = ((name: string, sent: { body: never }) => {
        const gone = () => Promise.reject(new ApiError(this.status, 'x', 'not now'));
        if (this.failing === 'before') return gone();
        const body = sent.body as { taps: Tap[]; ended_at: string };
        let reply: unknown = { id: 'count_1' };
        if (name === 'begin_count') this.begun.push(body);
        if (name === 'add_taps') {
            this.batches.push(body.taps.length);
            for (const one of body.taps) this.taken.set(one.id, one);
            reply = { count: { people: this.taken.size } };
        }
        if (name === 'end_count') {
            if (this.ended.length > 0) return Promise.reject(new ApiError(409, 'ended', 'ended'));
            this.ended.push(body.ended_at);
        }
        return this.failing === 'after' ? gone() : Promise.resolve(reply);
    }) as never;
}

describe('what is counted on a phone', () => {
    let keep: Memory;
    beforeEach(() => {
        keep = new Memory();
        saveTally(keep, kTally);
    });

    test('is there again after closing, in its order', () => {
        addTap(keep, 'phone-0001', tap('b', 'out', 5));
        addTap(keep, 'phone-0001', tap('a', 'in', 3));
        expect(talliesOf(keep)).toEqual([kTally]);
        expect(tapsOf(keep, 'phone-0001').map(each => each.id)).toEqual(['a', 'b']);
        forgetTally(keep, 'phone-0001');
        expect(keep.length).toBe(0);
    });

    test('an undo takes back the last that stands', () => {
        const taps = [tap('a', 'in', 1), tap('b', 'in', 2), tap('c', 'undo', 3, 'b')];
        expect(occupancyOf(2, taps)).toBe(3);
        expect(lastStanding(taps)?.id).toBe('a');
        expect(lastStanding([])).toBeUndefined();
        expect(occupancyOf(0, [tap('a', 'out', 1)])).toBe(-1);
    });

    test('is sent in batches, each once where the network holds', async () => {
        const server = new Server();
        for (let i = 0; i < 600; ++i) addTap(keep, 'phone-0001', tap(`t${i}`, 'in', i % 60));
        const outcome = await send(server, keep, kTally);
        expect(outcome.kind).toBe('sent');
        expect(server.batches).toEqual([500, 100]);
        expect(unsent(tapsOf(keep, 'phone-0001'))).toEqual([]);
        await send(server, keep, outcome.tally);
        expect(server.begun).toHaveLength(1);
        expect(server.batches).toEqual([500, 100]);
    });

    test('stays when the network is gone, and when the answer is lost', async () => {
        const server = new Server();
        addTap(keep, 'phone-0001', tap('a', 'in', 1));
        server.failing = 'before';
        expect((await send(server, keep, kTally)).kind).toBe('later');
        expect(server.taken.size).toBe(0);
        server.failing = 'after';
        expect((await send(server, keep, { ...kTally, countId: 'count_1' })).kind).toBe('later');
        expect(server.taken.size).toBe(1);
        expect(unsent(tapsOf(keep, 'phone-0001'))).toHaveLength(1);
        server.failing = 'no';
        expect((await send(server, keep, { ...kTally, countId: 'count_1' })).kind).toBe('sent');
        expect([...server.taken.keys()]).toEqual(['a']);
        expect(unsent(tapsOf(keep, 'phone-0001'))).toEqual([]);
    });

    test('ends once, and not what another began', async () => {
        const server = new Server();
        const over = { ...kTally, endedAt: '2026-08-21T15:00:00.000Z' };
        expect(await send(server, keep, over)).toMatchObject({ kind: 'sent', ended: true });
        expect(await send(server, keep, over)).toMatchObject({ kind: 'sent', ended: true });
        expect(server.ended).toEqual([over.endedAt]);
        const other = new Server();
        await send(other, keep, { ...over, countId: 'count_2', joined: true });
        expect(other.ended).toEqual([]);
    });

    test('says what cannot be sent, and why', async () => {
        const server = new Server();
        server.failing = 'before';
        server.status = 401;
        expect((await send(server, keep, kTally)).kind).toBe('signed_out');
        server.status = 409;
        expect(await send(server, keep, kTally)).toMatchObject({
            kind: 'refused',
            message: 'not now',
        });
        server.status = 503;
        expect((await send(server, keep, kTally)).kind).toBe('later');
    });
});

test('ids differ and sort by when they were made', () => {
    expect(freshId(1000) < freshId(2000)).toBe(true);
    expect(new Set(Array.from({ length: 100 }, () => freshId(1000))).size).toBe(100);
});

test('time that has passed', () => {
    expect(elapsedText(0)).toBe('0:00:00');
    expect(elapsedText(3_723_900)).toBe('1:02:03');
    expect(elapsedText(-5)).toBe('0:00:00');
});
