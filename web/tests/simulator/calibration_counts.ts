// People counted by hand, of the stand-in: taps, totals, corrections, and what was done to them. It
// counts as the server does.

import type {
    Correction,
    Count,
    CountChange,
    NewCorrection,
    NewCount,
    NewEnding,
    NewReason,
    NewTap,
    NewTotals,
    Quarter,
    TapBatch,
    Total,
} from '../../packages/api/src/types';
import type { Asked, Deed } from './deeds';
import { Refusal } from './refusal';

const kQuarterMs = 900_000;
const kAheadMs = 600_000;

interface Kept extends Count {
    clientId?: string | undefined;
}

interface Step {
    at: number;
    people: number;
}

const bad = (code: string, faults: { pointer: string; detail: string }[]) =>
    new Refusal(422, code, 'what was sent has faults', {}, faults);

export class Counts {
    private serial = 0;
    private items: Kept[] = [];
    private taps = new Map<string, Map<string, NewTap>>();
    private totals = new Map<string, Total[]>();
    private corrections = new Map<string, Correction[]>();
    private history = new Map<string, CountChange[]>();

    constructor(private readonly knows: (asset: string) => boolean) {}

    private id() {
        return `count_0190d0000000700080000000${String(++this.serial).padStart(8, '0')}`;
    }

    found(id: string | undefined): Kept {
        const found = this.items.find(each => each.id === id);
        if (!found) throw new Refusal(404, 'no_such_count', String(id));
        return found;
    }

    of(assets: readonly string[]): Kept[] {
        return this.items.filter(each => assets.includes(each.asset_id));
    }

    changes(id: string): CountChange[] {
        return [...(this.history.get(id) ?? [])].reverse();
    }

    private tell(id: string, who: Asked['who'], change: Omit<CountChange, 'made_at' | 'made_by'>) {
        const told = { made_at: new Date().toISOString(), made_by: who.person, ...change };
        this.history.set(id, [...(this.history.get(id) ?? []), told]);
    }

    private open(id: string | undefined, way?: Count['way']): Kept {
        const count = this.found(id);
        if (count.state === 'dismissed') {
            throw new Refusal(409, 'dismissed', 'this count was dismissed');
        }
        if (way && count.way !== way) {
            throw way === 'taps'
                ? new Refusal(409, 'not_of_taps', 'this count is of totals: enter intervals')
                : new Refusal(409, 'not_of_totals', 'this count is of taps');
        }
        return count;
    }

    private within({ begun_at, ended_at }: Count, at: number): boolean {
        return at >= Date.parse(begun_at) && (!ended_at || at <= Date.parse(ended_at));
    }

    private standing(count: Kept): { stand: NewTap[]; undone: number } {
        const taps = [...(this.taps.get(count.id)?.values() ?? [])];
        const gone = new Set(taps.flatMap(tap => tap.undoes ?? []));
        const stand = taps.filter(tap => tap.kind !== 'undo' && !gone.has(tap.id));
        return { stand, undone: gone.size };
    }

    private steps(count: Kept): Step[] {
        const out: Step[] = [{ at: Date.parse(count.begun_at), people: count.start_occupancy }];
        const events = [
            ...this.standing(count).stand.map(({ at, kind }) => ({
                at: Date.parse(at),
                next: (people: number) => people + (kind === 'in' ? 1 : -1),
                order: 0,
            })),
            ...(this.corrections.get(count.id) ?? []).map(({ at, occupancy }) => ({
                at: Date.parse(at),
                next: () => occupancy,
                order: 1,
            })),
        ].sort((a, b) => a.at - b.at || a.order - b.order);
        for (const { at, next } of events) {
            if (this.within(count, at)) out.push({ at, people: next(out.at(-1)!.people) });
        }
        return out;
    }

    /** Each tap once, undone ones not. */
    private summed(count: Kept): Count {
        const { clientId: _, ...shown } = count;
        if (count.way === 'totals') return shown;
        const { stand, undone } = this.standing(count);
        const steps = this.steps(count);
        return {
            ...shown,
            taps: stand.length,
            undone,
            outside: stand.filter(({ at }) => !this.within(count, Date.parse(at))).length,
            people: steps.at(-1)!.people,
            lowest: Math.min(...steps.map(({ people }) => people)),
        };
    }

    private quarters(count: Kept): Quarter[] {
        const sums = new Map<number, { people: number; ms: number }>();
        const add = (from: number, to: number, people: number) => {
            while (from < to) {
                const start = Math.floor(from / kQuarterMs) * kQuarterMs;
                const until = Math.min(to, start + kQuarterMs);
                const sum = sums.get(start) ?? { people: 0, ms: 0 };
                sum.people += people * (until - from);
                sum.ms += until - from;
                sums.set(start, sum);
                from = until;
            }
        };
        if (count.way === 'totals') {
            for (const each of this.totals.get(count.id) ?? []) {
                add(Date.parse(each.from), Date.parse(each.to), each.people);
            }
        } else {
            const steps = this.steps(count);
            const end = count.ended_at ? Date.parse(count.ended_at) : steps.at(-1)!.at;
            steps.forEach(({ at, people }, i) =>
                add(at, Math.min(end, steps[i + 1]?.at ?? end), Math.max(0, people)),
            );
        }
        return [...sums]
            .sort(([a], [b]) => a - b)
            .filter(([, { ms }]) => ms * 2 >= kQuarterMs)
            .map(([start, { people, ms }]) => ({
                start: new Date(start).toISOString(),
                people: people / ms,
                counted_s: ms / 1000,
            }));
    }

    private soundTotals({ totals }: NewTotals): Total[] {
        const faults: { pointer: string; detail: string }[] = [];
        totals.forEach(({ from, to }, i) => {
            const pointer = `/totals/${i}/to`;
            if (to <= from) faults.push({ pointer, detail: 'is to be later than from' });
            else if (Date.parse(to) > Date.now())
                faults.push({ pointer, detail: 'lies in the future' });
        });
        if (faults.length > 0) throw bad('bad_totals', faults);
        return [...totals].sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
    }

    readonly deeds: Record<string, Deed> = {
        list_counts: ({ query }) => {
            const items = this.items
                .filter(each => !query.get('asset_id') || each.asset_id === query.get('asset_id'))
                .filter(each => !query.get('state') || each.state === query.get('state'));
            return [200, { items: items.map(each => this.summed(each)) }];
        },
        begin_count: ({ body, who }) => {
            const wanted = body as NewCount;
            const again = this.items.find(
                each => wanted.client_id && each.clientId === wanted.client_id,
            );
            if (again) return [201, this.summed(again)];
            if (!this.knows(wanted.asset_id)) {
                throw new Refusal(404, 'no_such_asset', wanted.asset_id);
            }
            const begun_at = wanted.begun_at ?? new Date().toISOString();
            const start = wanted.start_occupancy ?? 0;
            const made: Kept = {
                id: this.id(),
                asset_id: wanted.asset_id,
                way: wanted.way,
                state: 'counting',
                begun_at,
                start_occupancy: start,
                people: start,
                taps: 0,
                undone: 0,
                outside: 0,
                lowest: start,
                counters: [],
                begun_by: who.person,
                changed_at: begun_at,
                clientId: wanted.client_id,
                ...(wanted.note ? { note: wanted.note } : {}),
            };
            this.items.unshift(made);
            this.taps.set(made.id, new Map());
            this.tell(made.id, who, { what: 'begun' });
            return [201, this.summed(made)];
        },
        find_count: ({ params }) => [200, this.summed(this.found(params['count_id']))],
        add_taps: ({ params, body }) => {
            const count = this.open(params['count_id'], 'taps');
            const { counter, taps } = body as TapBatch;
            const kept = this.taps.get(count.id)!;
            const fresh = taps.filter(tap => !kept.has(tap.id));
            for (const tap of fresh) kept.set(tap.id, tap);
            if (!count.counters.some(each => each.name === counter)) {
                count.counters.push({ name: counter, taps: 0, last_at: taps.at(-1)!.at });
            }
            const known = taps.length - fresh.length;
            return [200, { taken: fresh.length, known, count: this.summed(count) }];
        },
        list_totals: ({ params }) => [
            200,
            { items: this.totals.get(this.found(params['count_id']).id) ?? [] },
        ],
        set_totals: ({ params, body, who }) => {
            const count = this.open(params['count_id'], 'totals');
            const wanted = body as NewTotals;
            const totals = this.soundTotals(wanted);
            const mean = (of: Total[]) =>
                of.reduce((sum, each) => sum + each.people, 0) / of.length;
            const before = this.totals.get(count.id) ?? [];
            this.totals.set(count.id, totals);
            count.state = totals.length === 0 ? 'counting' : 'ended';
            count.begun_at = totals[0]?.from ?? count.begun_at;
            count.ended_at = totals.at(-1)?.to ?? count.begun_at;
            count.people = totals.at(-1)?.people ?? 0;
            count.lowest = Math.min(...totals.map(({ people }) => people));
            this.tell(count.id, who, {
                what: 'totals_set',
                ...(wanted.reason ? { reason: wanted.reason } : {}),
                ...(before.length > 0 ? { people_before: mean(before) } : {}),
                ...(totals.length > 0 ? { people_after: mean(totals) } : {}),
            });
            return [200, { items: totals }];
        },
        list_corrections: ({ params }) => [
            200,
            { items: this.corrections.get(this.found(params['count_id']).id) ?? [] },
        ],
        correct_count: ({ params, body, who }) => {
            const count = this.open(params['count_id'], 'taps');
            const { at, occupancy, reason } = body as NewCorrection;
            if (!this.within(count, Date.parse(at)) || Date.parse(at) > Date.now() + kAheadMs) {
                throw bad('bad_correction', [
                    { pointer: '/at', detail: 'does not lie within the count' },
                ]);
            }
            const before = this.summed(count).people;
            const others = (this.corrections.get(count.id) ?? []).filter(each => each.at !== at);
            const made = {
                at,
                occupancy,
                reason,
                made_at: new Date().toISOString(),
                made_by: who.person,
            };
            const items = [...others, made].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
            this.corrections.set(count.id, items);
            const after = this.summed(count).people;
            this.tell(count.id, who, {
                what: 'corrected',
                reason,
                at,
                occupancy,
                ...(before === after ? {} : { people_before: before, people_after: after }),
            });
            return [201, { items }];
        },
        end_count: ({ params, body, who }) => {
            const count = this.open(params['count_id'], 'taps');
            if (count.state === 'ended') {
                throw new Refusal(409, 'ended', 'this count has ended already');
            }
            count.state = 'ended';
            count.ended_at = (body as NewEnding).ended_at ?? new Date().toISOString();
            this.tell(count.id, who, { what: 'ended' });
            return [200, this.summed(count)];
        },
        dismiss_count: ({ params, body, who }) => {
            const count = this.found(params['count_id']);
            if (count.state === 'dismissed') {
                throw new Refusal(409, 'dismissed', 'this count was dismissed already');
            }
            const { reason } = body as NewReason;
            count.state = 'dismissed';
            count.reason = reason;
            this.tell(count.id, who, { what: 'dismissed', reason });
            return [200, this.summed(count)];
        },
        restore_count: ({ params, body, who }) => {
            const count = this.found(params['count_id']);
            if (count.state !== 'dismissed') {
                const detail = 'only a count that was dismissed is restored';
                throw new Refusal(409, 'not_dismissed', detail);
            }
            count.state = count.ended_at ? 'ended' : 'counting';
            delete count.reason;
            this.tell(count.id, who, { what: 'restored', reason: (body as NewReason).reason });
            return [200, this.summed(count)];
        },
        list_quarters: ({ params }) => [
            200,
            { items: this.quarters(this.found(params['count_id'])) },
        ],
    };
}
