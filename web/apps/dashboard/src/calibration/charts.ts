// How a factor fits: what was counted against what it expects, and what is left.

import type { Residual } from '@mobilytics/api';
import { decimal, momentText } from '@mobilytics/ui';
import type { Ink } from '@mobilytics/ui';
import { residualOf } from '../figures/calibrations';

/** The next of 1, 2, 3, 4, 5, 6, 8 and 10, tens or hundreds of them: where an axis may end. */
export function axisEnd(most: number): number {
    const unit = 10 ** Math.floor(Math.log10(Math.max(1, most)));
    return [1, 2, 3, 4, 5, 6, 8, 10].find(step => step * unit >= most)! * unit;
}

const round = (value: number) => Number(value.toFixed(2));

const valueAxis = (ink: Ink, name: string, gap: number) => ({
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: gap,
    nameTextStyle: { color: ink.text2 },
    axisLabel: { color: ink.text2 },
    splitLine: { lineStyle: { color: ink.line } },
});

const kGrid = { left: 48, right: 16, top: 16, bottom: 44 };

/** Expected and counted; on the line they agree. */
export function fitChart(residuals: Residual[]) {
    const most = axisEnd(Math.max(1, ...residuals.flatMap(r => [r.people, r.expected])));
    return (ink: Ink) => ({
        grid: kGrid,
        tooltip: {},
        xAxis: { ...valueAxis(ink, 'Expected, by the other days', 28), min: 0, max: most },
        yAxis: { ...valueAxis(ink, 'Counted', 28), min: 0, max: most },
        series: [
            {
                type: 'scatter',
                symbolSize: 8,
                itemStyle: { color: ink.accent, opacity: 0.75 },
                data: residuals.map(r => [round(r.expected), round(r.people)]),
                markLine: {
                    silent: true,
                    symbol: 'none',
                    lineStyle: { color: ink.text3 },
                    data: [[{ coord: [0, 0] }, { coord: [most, most] }]],
                },
            },
        ],
    });
}

/** Counted less expected, quarter by quarter; days that lie above or below show as such. */
export function leftChart(residuals: Residual[], zone: string) {
    const most = axisEnd(Math.max(1, ...residuals.map(r => Math.abs(residualOf(r)))));
    const days = residuals.map(({ day }) => day);
    return (ink: Ink) => ({
        grid: kGrid,
        tooltip: {
            formatter: ({ dataIndex }: { dataIndex: number }) => {
                const each = residuals[dataIndex]!;
                const left = residualOf(each);
                return `${each.at ? momentText(each.at, zone) : each.day}<br>${left > 0 ? '+' : ''}${decimal(left)} people`;
            },
        },
        xAxis: {
            type: 'category',
            data: days,
            name: 'Quarters, in the order of time',
            nameLocation: 'middle',
            nameGap: 28,
            nameTextStyle: { color: ink.text2 },
            axisLine: { onZero: false, lineStyle: { color: ink.line } },
            axisTick: { show: false },
            axisLabel: {
                color: ink.text2,
                interval: (i: number) => i === 0 || days[i] !== days[i - 1],
                formatter: (day: string) => day.slice(5),
                hideOverlap: true,
            },
        },
        yAxis: { ...valueAxis(ink, 'People', 28), min: -most, max: most },
        series: [
            {
                type: 'scatter',
                symbolSize: 7,
                itemStyle: { color: ink.accent, opacity: 0.75 },
                data: residuals.map(each => round(residualOf(each))),
                markLine: {
                    silent: true,
                    symbol: 'none',
                    label: { show: false },
                    lineStyle: { color: ink.text3 },
                    data: [{ yAxis: 0 }],
                },
            },
        ],
    });
}
