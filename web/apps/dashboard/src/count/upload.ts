// Sends what was counted, whenever it can: begins the count, sends taps in batches, ends it. Each
// step may be repeated, for the server knows counts and taps by their ids.

import { ApiError } from '@mobilytics/api';
import type { Client } from '@mobilytics/api';
import { markSent, saveTally, tapsOf, unsent } from './tally';
import type { Keep, Tally } from './tally';

export const kBatchMax = 500;

export type Outcome =
    | { kind: 'sent'; tally: Tally; ended: boolean; people?: number }
    | { kind: 'later'; tally: Tally } // No network, or the server has no time.
    | { kind: 'signed_out'; tally: Tally }
    | { kind: 'refused'; tally: Tally; message: string };

type Call = Pick<Client, 'call'>;

async function begun(client: Call, keep: Keep, tally: Tally): Promise<Tally> {
    if (tally.countId) return tally;
    const count = await client.call('begin_count', {
        body: {
            asset_id: tally.assetId,
            way: 'taps',
            client_id: tally.clientId,
            begun_at: tally.begunAt,
            start_occupancy: tally.startOccupancy,
        },
    });
    const out = { ...tally, countId: count.id };
    saveTally(keep, out);
    return out;
}

export async function send(client: Call, keep: Keep, given: Tally): Promise<Outcome> {
    let tally = given;
    try {
        tally = await begun(client, keep, tally);
        const params = { count_id: tally.countId! };
        let people: number | undefined;
        for (;;) {
            const batch = unsent(tapsOf(keep, tally.clientId)).slice(0, kBatchMax);
            if (batch.length === 0) break;
            const taken = await client.call('add_taps', {
                params,
                body: {
                    counter: tally.counter,
                    taps: batch.map(({ sent: _, ...tap }) => tap),
                },
            });
            people = taken.count.people;
            markSent(keep, tally.clientId, batch);
        }
        if (!tally.endedAt)
            return {
                kind: 'sent',
                tally,
                ended: false,
                ...(people === undefined ? {} : { people }),
            };
        if (!tally.joined) await ended(client, params, tally.endedAt);
        return { kind: 'sent', tally, ended: true };
    } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 401) return { kind: 'signed_out', tally };
        if (error.status === 0 || error.status === 429 || error.status >= 500) {
            return { kind: 'later', tally };
        }
        return { kind: 'refused', tally, message: error.message };
    }
}

/** It may have been ended when the answer was lost. */
async function ended(client: Call, params: { count_id: string }, at: string) {
    try {
        await client.call('end_count', { params, body: { ended_at: at } });
    } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'ended') throw error;
    }
}
