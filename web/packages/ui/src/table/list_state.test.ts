import { expect, test } from 'vitest';
import {
    askOf,
    isKeptViews,
    isNarrowed,
    nextSort,
    readState,
    sameView,
    writeState,
} from './list_state';

const kFilters = ['role', 'state'] as const;

test('what stands in the address is asked, and nothing else of it', () => {
    const state = readState(
        { q: 'ada', role: 'admin', range: '7d', state: '', columns: 'name,role', cursor: 'c2' },
        kFilters,
    );
    expect(state).toEqual({
        q: 'ada',
        cursor: 'c2',
        columns: ['name', 'role'],
        filters: { role: 'admin' },
    });
    expect(askOf(state, 50)).toEqual({ limit: 50, q: 'ada', cursor: 'c2', role: 'admin' });
});

test('what is written reads back the same, also with a prefix', () => {
    const state = { q: 'x', sort: '-name', filters: { state: 'active' }, columns: ['name'] };
    const written = writeState(state, kFilters, 'jobs.');
    expect(written).toEqual({
        'jobs.q': 'x',
        'jobs.sort': '-name',
        'jobs.columns': 'name',
        'jobs.cursor': undefined,
        'jobs.role': undefined,
        'jobs.state': 'active',
    });
    expect(readState(written, kFilters, 'jobs.')).toEqual(state);
    expect(readState(written, kFilters)).toEqual({ filters: {} });
});

test('a head is clicked through both ways and back', () => {
    expect(nextSort(undefined, 'name')).toBe('name');
    expect(nextSort('name', 'name')).toBe('-name');
    expect(nextSort('-name', 'name')).toBeUndefined();
    expect(nextSort('-name', 'role')).toBe('role');
    expect(nextSort('-name', 'name', '-name')).toBe('name');
    expect(nextSort('name', 'name', '-name')).toBe('-name');
    expect(nextSort('-role', 'role', '-name')).toBeUndefined();
});

test('a kept view does not know the page one was on', () => {
    expect(sameView({ cursor: 'c', filters: { role: '' } }, { filters: {} })).toBe(true);
    expect(sameView({ sort: 'name', filters: {} }, { filters: {} })).toBe(false);
    expect(isNarrowed({ filters: { role: '' } })).toBe(false);
    expect(isNarrowed({ filters: { role: 'owner' } })).toBe(true);
    expect(isKeptViews([{ name: 'Mine', state: { filters: {} } }])).toBe(true);
    expect(isKeptViews([{ name: 'Mine' }])).toBe(false);
});
