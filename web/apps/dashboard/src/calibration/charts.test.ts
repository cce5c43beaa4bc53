import { expect, test } from 'vitest';
import type { Ink } from '@mobilytics/ui';
import { axisEnd, fitChart, leftChart } from './charts';

test('an axis ends at a round number that holds all', () => {
    expect([0, 1, 1.2, 7, 10, 23.4, 1198].map(axisEnd)).toEqual([1, 1, 2, 8, 10, 30, 2000]);
});

test('what is left over is counted less expected, day by day', () => {
    const residuals = [
        { day: '2026-08-20', people: 5, expected: 3.004, devices: 2 },
        { day: '2026-08-20', people: 1, expected: 4, devices: 3 },
        { day: '2026-08-21', people: 23.4, expected: 23, devices: 15 },
    ];
    const left = leftChart(residuals, 'America/Chicago')({} as Ink);
    expect(left.series[0]!.data).toEqual([2, -3, 0.4]);
    expect([left.yAxis.min, left.yAxis.max]).toEqual([-3, 3]);
    expect(left.tooltip.formatter({ dataIndex: 0 })).toBe('2026-08-20<br>+2.0 people');
    const named = [0, 1, 2].map(i => left.xAxis.axisLabel.interval(i));
    expect(named).toEqual([true, false, true]);
    const fit = fitChart(residuals)({} as Ink);
    expect(fit.series[0]!.data).toEqual([
        [3, 5],
        [4, 1],
        [23, 23.4],
    ]);
    expect([fit.xAxis.max, fit.yAxis.max]).toEqual([30, 30]);
});
