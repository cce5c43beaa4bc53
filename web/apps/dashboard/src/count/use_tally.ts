// The counts of this phone as a page has them: what is there, what is not sent, and the sending.

import { useCallback, useEffect, useRef, useState } from 'react';
import { client } from '../data/client';
import { phone } from './phone';
import {
    addTap,
    forgetTally,
    freshId,
    lastStanding,
    saveTally,
    talliesOf,
    tapsOf,
    unsent,
} from './tally';
import type { Tally, Tap, TapKind } from './tally';
import { send } from './upload';
import type { Outcome } from './upload';

const kSendEveryMs = 10_000;

export interface Counting {
    tallies: Tally[];
    /** The one that goes on; none: another may be begun. */
    active: Tally | undefined;
    taps: Tap[];
    waiting: number;
    online: boolean;
    /** What became of the last sending. */
    outcome: Outcome['kind'] | undefined;
    refusal: string | undefined;
    /** The phone keeps nothing, or no more. */
    full: boolean;
    begin(tally: Omit<Tally, 'clientId'>): void;
    tap(kind: Exclude<TapKind, 'undo'>): void;
    undo(): void;
    end(): void;
}

export function useCounting(): Counting {
    const [tallies, setTallies] = useState(() => talliesOf(phone));
    const active = tallies.findLast(each => !each.endedAt);
    const [taps, setTaps] = useState(() => (active ? tapsOf(phone, active.clientId) : []));
    const [waiting, setWaiting] = useState(0);
    const [online, setOnline] = useState(navigator.onLine);
    const [outcome, setOutcome] = useState<Outcome['kind']>();
    const [refusal, setRefusal] = useState<string>();
    const [full, setFull] = useState(false);
    const sending = useRef(false);
    const again = useRef(false);

    const look = useCallback(() => {
        const all = talliesOf(phone);
        const now = all.findLast(each => !each.endedAt);
        setTallies(all);
        setTaps(now ? tapsOf(phone, now.clientId) : []);
        setWaiting(all.reduce((sum, each) => sum + unsent(tapsOf(phone, each.clientId)).length, 0));
    }, []);

    const sendAll = useCallback(async () => {
        if (sending.current) {
            again.current = true;
            return;
        }
        sending.current = true;
        try {
            do {
                again.current = false;
                for (const tally of talliesOf(phone)) {
                    const done = await send(client, phone, tally);
                    setOutcome(done.kind);
                    setRefusal(done.kind === 'refused' ? done.message : undefined);
                    if (done.kind === 'sent' && done.ended) forgetTally(phone, tally.clientId);
                    look();
                    if (done.kind === 'later' || done.kind === 'signed_out') break;
                }
            } while (again.current);
        } finally {
            sending.current = false;
        }
    }, [look]);

    useEffect(() => {
        const net = () => {
            setOnline(navigator.onLine);
            if (navigator.onLine) void sendAll();
        };
        look();
        net();
        const timer = setInterval(() => void sendAll(), kSendEveryMs);
        window.addEventListener('online', net);
        window.addEventListener('offline', net);
        window.addEventListener('storage', look);
        return () => {
            clearInterval(timer);
            window.removeEventListener('online', net);
            window.removeEventListener('offline', net);
            window.removeEventListener('storage', look);
        };
    }, [look, sendAll]);

    const keep = (change: () => void) => {
        try {
            change();
            setFull(false);
        } catch {
            setFull(true);
        }
        look();
        void sendAll();
    };
    const add = (kind: TapKind, undoes?: string) => {
        if (!active) return;
        const tap: Tap = { id: freshId(), kind, at: new Date().toISOString() };
        keep(() => addTap(phone, active.clientId, undoes ? { ...tap, undoes } : tap));
    };

    return {
        tallies,
        active,
        taps,
        waiting,
        online,
        outcome,
        refusal,
        full,
        begin: tally => keep(() => saveTally(phone, { ...tally, clientId: freshId() })),
        tap: kind => add(kind),
        undo: () => {
            const last = active && lastStanding(tapsOf(phone, active.clientId));
            if (last) add('undo', last.id);
        },
        end: () => {
            if (!active) return;
            // What the server has told meanwhile stands in the storage.
            const known = talliesOf(phone).find(each => each.clientId === active.clientId);
            keep(() =>
                saveTally(phone, {
                    ...(known ?? active),
                    endedAt: new Date().toISOString(),
                }),
            );
        },
    };
}
