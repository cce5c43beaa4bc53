// What a list shows, as it stands in the address: what is sought, how it is sorted, what is left
// out, which columns. Two lists on one page have prefixes of their own.

import type { Raw } from '../address';
import { word } from '../address';

export interface ListState {
    q?: string | undefined;
    /** name, or -name for the other way round; as the contract has it. */
    sort?: string | undefined;
    filters: Record<string, string>;
    /** Ids of columns, by commas, when not the usual ones. */
    columns?: string[] | undefined;
    /** Where the page begins. */
    cursor?: string | undefined;
}

export interface ListAsk {
    limit: number;
    cursor?: string;
    sort?: string;
    q?: string;
    [filter: string]: string | number | undefined;
}

const kPlain = ['q', 'sort', 'columns', 'cursor'] as const;

/** Only filters that the list has: another page's words are not this one's. */
export function readState(raw: Raw, filters: readonly string[], prefix = ''): ListState {
    const state: ListState = { filters: {} };
    const q = word(raw[`${prefix}q`]);
    const sort = word(raw[`${prefix}sort`]);
    const cursor = word(raw[`${prefix}cursor`]);
    const columns = word(raw[`${prefix}columns`]);
    if (q) state.q = q;
    if (sort) state.sort = sort;
    if (cursor) state.cursor = cursor;
    if (columns) state.columns = columns.split(',');
    for (const name of filters) {
        const value = word(raw[prefix + name]);
        if (value) state.filters[name] = value;
    }
    return state;
}

/** What to change in the address. What is default is taken out of it. */
export function writeState(state: ListState, filters: readonly string[], prefix = ''): Raw {
    const written: Raw = {};
    for (const name of kPlain) {
        const value = state[name];
        written[prefix + name] = Array.isArray(value) ? value.join(',') : value || undefined;
    }
    for (const name of filters) written[prefix + name] = state.filters[name] || undefined;
    return written;
}

export function askOf(state: ListState, limit: number): ListAsk {
    const ask: ListAsk = { limit };
    if (state.cursor) ask.cursor = state.cursor;
    if (state.sort) ask.sort = state.sort;
    if (state.q) ask.q = state.q;
    for (const [name, value] of Object.entries(state.filters)) if (value) ask[name] = value;
    return ask;
}

/** By a click on a head: this way, the other way, as it was; back and forth where it was this one. */
export function nextSort(
    now: string | undefined,
    name: string,
    usual?: string,
): string | undefined {
    const next = now === name ? `-${name}` : now === `-${name}` ? undefined : name;
    return next === undefined && usual === now ? name : next;
}

export function isNarrowed(state: ListState): boolean {
    return Boolean(state.q) || Object.values(state.filters).some(Boolean);
}

/** A view that somebody has kept: everything but the page one was on. */
export interface KeptView {
    name: string;
    state: ListState;
}

export function isKeptViews(value: unknown): value is KeptView[] {
    return (
        Array.isArray(value) &&
        value.every(
            each =>
                typeof each === 'object' &&
                each !== null &&
                typeof (each as KeptView).name === 'string' &&
                typeof (each as KeptView).state === 'object' &&
                typeof (each as KeptView).state?.filters === 'object',
        )
    );
}

export function sameView(one: ListState, other: ListState): boolean {
    const plain = ({ cursor: _, ...rest }: ListState) =>
        JSON.stringify([
            rest.q ?? '',
            rest.sort ?? '',
            (rest.columns ?? []).join(),
            Object.entries(rest.filters)
                .filter(([, value]) => value)
                .sort(),
        ]);
    return plain(one) === plain(other);
}
