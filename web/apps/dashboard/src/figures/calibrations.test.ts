import { expect, test } from 'vitest';
import type { CalibrationTold, Model } from '@mobilytics/api';
import {
    factorText,
    faultsOfRows,
    peopleText,
    residualOf,
    restsOn,
    totalsFrom,
} from './calibrations';

const model = {
    factor: 1.584,
    factor_low: 1.37,
    factor_high: 1.816,
    quarters: 36,
    days: 3,
    unheard: 2,
    error: 0.183,
} as Model;

test('a factor is told with its interval and what it rests on', () => {
    expect(factorText(model)).toBe('1.58 (1.37 to 1.82)');
    expect(restsOn(model)).toBe(
        '36 quarters of an hour on 3 days. On days that the fit had no part in it was 18.3 % off on average. 2 more were counted while no sensor was heard.',
    );
    expect(restsOn({ ...model, days: 1, unheard: 0 })).toContain('half to twice');
    expect(residualOf({ day: '', people: 5, expected: 3, devices: 2 })).toBe(2);
});

test('totals are quarters of the zone, and what is left out is no interval', () => {
    expect(totalsFrom('2026-08-21T09:00', [3, undefined, 4.5], 'America/Chicago')).toEqual([
        { from: '2026-08-21T14:00:00.000Z', to: '2026-08-21T14:15:00.000Z', people: 3 },
        { from: '2026-08-21T14:30:00.000Z', to: '2026-08-21T14:45:00.000Z', people: 4.5 },
    ]);
    expect(totalsFrom('yesterday', [1], 'America/Chicago')).toBeUndefined();
});

test('people are told with their interval, age and share, and else why there are none', () => {
    const told: CalibrationTold = {
        basis: 'people',
        share: 0.4,
        models: [
            {
                model_id: 'model_1',
                version: 3,
                scope: 'asset',
                input: 'counted',
                gate_dbm: -70,
                fitted_on: '2026-08-01',
                age_days: 20,
                quarters: 36,
                days: 3,
                factor: 1.584,
                factor_interval: [1.37, 1.816],
                error: 0.183,
                state: 'fresh',
            },
        ],
    };
    expect(peopleText({ mean: 12.3, low: 9.8, high: 15.1 }, told)).toBe(
        '12.3 people were present at an asset, on average (90 %: 9.8 to 15.1), by factor 1.58 (1.37 to 1.82), version 3, counted on 2026-08-01, 20 days ago: fresh. This is of the 40.0 % of the time heard that is calibrated.',
    );
    expect(
        peopleText(undefined, { basis: 'devices', reason: 'not_calibrated', share: 0, models: [] }),
    ).toBe('Not people: nobody has counted here by hand.');
});

test('what is wrong in a total stands in its row', () => {
    const faults = [
        { pointer: '/totals/1/to', detail: 'lies in the future' },
        { pointer: '/reason', detail: 'is too long' },
    ];
    expect(faultsOfRows(faults, [true, false, true])).toEqual([
        undefined,
        undefined,
        'Lies in the future.',
    ]);
});
