// What is counted on this phone: each tap is in the storage before it is shown, under a key of its
// own, so that closing, reloading and a second tab lose and double nothing. It is only ever added
// to; an undo is an entry as well. The server knows each by its id.

export type TapKind = 'in' | 'out' | 'undo';

export interface Tap {
    id: string;
    kind: TapKind;
    at: string;
    undoes?: string;
    sent?: boolean;
}

/** One count on one phone. */
export interface Tally {
    clientId: string;
    assetId: string;
    assetName: string;
    counter: string;
    begunAt: string;
    startOccupancy: number;
    /** As the server calls it; none until it has been told of it. */
    countId?: string;
    /** Somebody else began it: it is not ended from here. */
    joined?: boolean;
    endedAt?: string;
}

export type Keep = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const kTally = 'mobilytics.count.';
const kTap = 'mobilytics.tap.';

/** Also where a page is no secure context, which has no randomUUID. */
export function freshId(now = Date.now()): string {
    const bytes = crypto.getRandomValues(new Uint8Array(10));
    const random = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
    return `${now.toString(36).padStart(9, '0')}-${random}`;
}

function keysOf(keep: Keep, prefix: string): string[] {
    return Array.from({ length: keep.length }, (_, i) => keep.key(i) ?? '').filter(key =>
        key.startsWith(prefix),
    );
}

function read<T>(keep: Keep, key: string): T | undefined {
    const text = keep.getItem(key);
    return text === null ? undefined : (JSON.parse(text) as T);
}

/** The oldest first. */
export function talliesOf(keep: Keep): Tally[] {
    return keysOf(keep, kTally)
        .map(key => read<Tally>(keep, key)!)
        .sort((a, b) => a.begunAt.localeCompare(b.begunAt));
}

/** Throws when the phone keeps nothing, or no more. */
export function saveTally(keep: Keep, tally: Tally) {
    keep.setItem(kTally + tally.clientId, JSON.stringify(tally));
}

export function forgetTally(keep: Keep, clientId: string) {
    for (const key of keysOf(keep, `${kTap}${clientId}.`)) keep.removeItem(key);
    keep.removeItem(kTally + clientId);
}

/** In the order in which they were made. */
export function tapsOf(keep: Keep, clientId: string): Tap[] {
    return keysOf(keep, `${kTap}${clientId}.`)
        .map(key => read<Tap>(keep, key)!)
        .sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
}

/** Throws when the phone keeps no more: then it was not counted, and one is told. */
export function addTap(keep: Keep, clientId: string, tap: Tap) {
    keep.setItem(`${kTap}${clientId}.${tap.id}`, JSON.stringify(tap));
}

export function markSent(keep: Keep, clientId: string, taps: Tap[]) {
    for (const tap of taps) addTap(keep, clientId, { ...tap, sent: true });
}

const undone = (taps: Tap[]) => new Set(taps.flatMap(tap => tap.undoes ?? []));

/** How many are present by what was tapped here. */
export function occupancyOf(startOccupancy: number, taps: Tap[]): number {
    const gone = undone(taps);
    let people = startOccupancy;
    for (const tap of taps) {
        if (tap.kind === 'undo' || gone.has(tap.id)) continue;
        people += tap.kind === 'in' ? 1 : -1;
    }
    return people;
}

/** What an undo would take back: the last that stands. */
export function lastStanding(taps: Tap[]): Tap | undefined {
    const gone = undone(taps);
    return taps.findLast(tap => tap.kind !== 'undo' && !gone.has(tap.id));
}

export const unsent = (taps: Tap[]) => taps.filter(tap => !tap.sent);

/** 1:02:03, from the beginning on. */
export function elapsedText(milliseconds: number): string {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    const two = (value: number) => String(value).padStart(2, '0');
    return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
