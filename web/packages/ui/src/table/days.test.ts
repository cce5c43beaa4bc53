import { expect, test } from 'vitest';
import { zoned } from './days';

const kFilters = [
    { name: 'from', kind: 'day' },
    { name: 'to', kind: 'day', end: true },
    { name: 'actor', kind: 'text' },
];

test('a day is a day of the zone, also when clocks change in it', () => {
    const state = { filters: { from: '2026-11-01', to: '2026-11-01', actor: '2026-11-01' } };
    expect(zoned(state, kFilters, 'America/Chicago').filters).toEqual({
        from: '2026-11-01T05:00:00.000Z',
        to: '2026-11-02T06:00:00.000Z',
        actor: '2026-11-01',
    });
});

test('what is no day is not asked', () => {
    expect(zoned({ filters: { from: 'yesterday' } }, kFilters, 'UTC').filters).toEqual({});
});
