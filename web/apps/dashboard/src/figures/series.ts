// The exposure series: buckets of the range beside those of the period before, as rows for table
// and download and as a chart.

import type { EChartsCoreOption } from 'echarts/core';
import type { ExposureSeries, ExposureBucket, Grain } from '@mobilytics/api';
import type { Ink } from '@mobilytics/ui';
import { count, decimal, duration, kNothing, percent } from '@mobilytics/ui';
import { frame, hatch, tip, valueAxis, wordAxis } from './chart_options';
import type { TipRow } from './chart_options';
import { markAreas, markedText, marksWords } from './chart_marks';
import type { ChartMark } from './chart_marks';
import type { Column, Sheet } from './sheet';
import { isoText, localTime, minuteText } from '@mobilytics/ui/zones';

export type SeriesMetric = 'visits' | 'devices' | 'occupancy' | 'presence';

export const kSeriesMetrics: Record<
    SeriesMetric,
    { label: string; of: (item: ExposureBucket) => number | null; text: (value: number) => string }
> = {
    visits: { label: 'Visits', of: item => item.visits, text: count },
    devices: { label: 'Devices', of: item => item.devices, text: count },
    occupancy: {
        label: 'Present on average',
        of: item => item.occupancy_mean,
        text: value => decimal(value, 2),
    },
    presence: {
        label: 'Presence',
        of: item => item.presence_s,
        text: value => {
            const { value: number, unit } = duration(value);
            return `${number} ${unit}`;
        },
    },
};

export const kGrainWords: Record<Grain, string> = {
    quarter: '15 minutes',
    hour: 'hour',
    day: 'day',
};

/** Below this share a bucket is drawn as incomplete. */
export const kCompleteFrom = 0.95;

export function isRunning(item: ExposureBucket, now: number): boolean {
    return Date.parse(item.end) > now;
}

/** Buckets that have begun: the series reaches to the end of the range, also into the future. */
export function begun(series: ExposureSeries | undefined, now: number): ExposureBucket[] {
    return (series?.items ?? []).filter(item => Date.parse(item.start) < now);
}

export function axisLabel(item: ExposureBucket, grain: Grain, zone: string): string {
    const at = Date.parse(item.start);
    const date = new Intl.DateTimeFormat('en-GB', {
        timeZone: zone,
        ...(grain === 'day' ? { weekday: 'short' } : {}),
        day: 'numeric',
        month: 'short',
    }).format(at);
    if (grain === 'day') return date;
    return `${date}, ${minuteText(at, zone).slice(11)}`;
}

export function seriesColumns(compare: boolean, marked = false): Column[] {
    return [
        { key: 'start', label: 'Start' },
        { key: 'end', label: 'End' },
        { key: 'visits', label: 'Visits', digits: 0 },
        ...(compare ? [{ key: 'visits_before', label: 'Visits before', digits: 0 as const }] : []),
        { key: 'devices', label: 'Devices', digits: 0 },
        { key: 'devices_low', label: '95 % low', digits: 0 },
        { key: 'devices_high', label: '95 % high', digits: 0 },
        { key: 'presence', label: 'Presence', unit: 'device-seconds', digits: 0 },
        { key: 'occupancy_mean', label: 'Present on average', unit: 'devices', digits: 2 },
        { key: 'occupancy_max', label: 'Most at once', unit: 'devices', digits: 0 },
        { key: 'completeness', label: 'Complete', unit: '%', digits: 1 },
        { key: 'corrected', label: 'Corrected' },
        ...(marked ? [{ key: 'marked', label: 'Marked' }] : []),
    ];
}

export function seriesSheet(
    items: ExposureBucket[],
    before: ExposureBucket[] | undefined,
    grain: Grain,
    zone: string,
    marks: ChartMark[] = [],
): Sheet {
    return {
        name: `visits-by-${grain}`,
        title: `Visits and devices by ${kGrainWords[grain]}`,
        columns: seriesColumns(before !== undefined, marks.length > 0),
        rows: items.map((item, i) => ({
            start: isoText(Date.parse(item.start), zone),
            end: isoText(Date.parse(item.end), zone),
            visits: item.visits,
            visits_before: before?.[i]?.visits,
            devices: item.devices,
            devices_low: item.devices_interval?.[0],
            devices_high: item.devices_interval?.[1],
            presence: item.presence_s,
            occupancy_mean: item.occupancy_mean,
            occupancy_max: item.occupancy_max,
            completeness: item.completeness === null ? undefined : item.completeness * 100,
            corrected: item.corrected,
            ...(marks.length > 0 ? { marked: markedText(item, marks) } : {}),
        })),
    };
}

/** Labels at midnights, else at round hours, as many as have room. */
function labelled(items: ExposureBucket[], grain: Grain, zone: string, width: number) {
    const room = Math.max(2, Math.floor(width / 64));
    if (grain === 'day') {
        const step = Math.ceil(items.length / room);
        return (i: number) => i % step === 0;
    }
    const perDay = grain === 'hour' ? 24 : 96;
    const span = items.length / perDay;
    if (span > 2.2) {
        const step = Math.ceil(span / room);
        let midnights = -1;
        const shown = items.map(item => {
            const at = localTime(Date.parse(item.start), zone);
            return at.hour === 0 && at.minute === 0 && ++midnights % step === 0;
        });
        return (i: number) => shown[i] ?? false;
    }
    const hours = [1, 2, 3, 4, 6, 12].find(step => (span * 24) / step <= room) ?? 12;
    return (i: number) => {
        const at = localTime(Date.parse(items[i]!.start), zone);
        return at.minute === 0 && at.hour % hours === 0;
    };
}

export interface SeriesChart {
    items: ExposureBucket[];
    before?: ExposureBucket[] | undefined;
    grain: Grain;
    zone: string;
    metric: SeriesMetric;
    previousPhrase: string;
    marks?: ChartMark[] | undefined;
    /** A bucket that ends later is still running. */
    now: number;
}

export function seriesOption(chart: SeriesChart) {
    const { items, before, grain, zone, marks = [] } = chart;
    const { of, text, label } = kSeriesMetrics[chart.metric];
    const names = items.map(item => axisLabel(item, grain, zone));
    return (ink: Ink, width: number): EChartsCoreOption => {
        const show = labelled(items, grain, zone, width);
        const running = items.map(item => isRunning(item, chart.now));
        const missing = items.map(
            (item, i) => !running[i] && (item.completeness ?? 1) < kCompleteFrom,
        );
        const areas: object[][] = [];
        missing.forEach((gap, i) => {
            if (!gap) return;
            const last = areas.at(-1)?.[1] as { xAxis: number } | undefined;
            if (last && last.xAxis === i - 1) last.xAxis = i;
            else areas.push([{ xAxis: i }, { xAxis: i }]);
        });
        const shortLabel = (i: number) => {
            const at = Date.parse(items[i]!.start);
            if (grain === 'day') return names[i]!.replace(',', '');
            const time = localTime(at, zone);
            return time.hour === 0 && time.minute === 0
                ? names[i]!.split(',')[0]!
                : minuteText(at, zone).slice(11);
        };
        return {
            ...frame(ink),
            xAxis: wordAxis(ink, names, {
                interval: (i: number) => show(i),
                formatter: (_: string, i: number) => shortLabel(i),
            }),
            yAxis: valueAxis(ink),
            series: [
                {
                    type: 'bar',
                    name: label,
                    data: items.map((item, i) => ({
                        value: of(item),
                        itemStyle: missing[i] || running[i] ? { opacity: 0.5 } : {},
                    })),
                    itemStyle: { color: ink.bar, borderRadius: [2, 2, 0, 0] },
                    barCategoryGap: items.length > 120 ? '10%' : '26%',
                    barMaxWidth: 34,
                    markArea: {
                        silent: true,
                        itemStyle: { color: hatch(ink), opacity: 1 },
                        data: [...areas, ...markAreas(ink, items, marks, width)],
                    },
                },
                ...(before
                    ? [
                          {
                              type: 'line',
                              name: 'before',
                              data: items.map((_, i) => (before[i] ? of(before[i]) : null)),
                              step: items.length <= 60 ? 'middle' : false,
                              symbol: 'none',
                              lineStyle: { color: ink.text3, width: 1.4, type: [4, 3] },
                              z: 5,
                          },
                      ]
                    : []),
                {
                    type: 'scatter',
                    name: 'corrected',
                    symbol: 'diamond',
                    symbolSize: 8,
                    symbolOffset: [0, -8],
                    silent: true,
                    itemStyle: { color: ink.surface, borderColor: ink.warn, borderWidth: 1.6 },
                    data: items.flatMap((item, i) =>
                        item.corrected && of(item) !== null ? [[i, of(item)]] : [],
                    ),
                    z: 6,
                },
            ],
            tooltip: {
                ...(frame(ink)['tooltip'] as object),
                formatter: (points: { dataIndex: number }[]) => {
                    const i = points[0]?.dataIndex ?? 0;
                    const item = items[i];
                    if (!item) return '';
                    const now = of(item);
                    const then = before?.[i] ? of(before[i]) : null;
                    const rows: TipRow[] = [
                        {
                            name: label,
                            value: now === null ? 'held back' : text(now),
                            mark: ink.bar,
                        },
                    ];
                    if (before) {
                        rows.push({
                            name: 'Before',
                            value: then === null ? kNothing : text(then),
                            mark: ink.text3,
                        });
                    }
                    if (chart.metric === 'devices' && item.devices_interval) {
                        const [low, high] = item.devices_interval;
                        rows.push({ name: '95 %', value: `${count(low)} – ${count(high)}` });
                    }
                    if (item.completeness !== null) {
                        rows.push({ name: 'Complete', value: `${percent(item.completeness)} %` });
                    }
                    const end = minuteText(Date.parse(item.end), zone).slice(11);
                    const title = grain === 'day' ? names[i]! : `${names[i]} – ${end}`;
                    const notes = [
                        running[i] && 'Still running.',
                        !running[i] && item.corrected && 'Corrected by reports that came late.',
                        markedText(item, marks),
                    ];
                    return tip(title, rows, notes.filter(Boolean).join(' ') || undefined);
                },
            },
        };
    };
}

/** For the description of the chart: what stands out. */
export function seriesWords(chart: SeriesChart): string {
    const { of, text, label } = kSeriesMetrics[chart.metric];
    const values = chart.items.map(of);
    const known = values.filter((value): value is number => value !== null);
    if (known.length === 0) return `${label}: nothing yet.`;
    const most = Math.max(...known);
    const at = values.indexOf(most);
    return `Bar chart of ${label.toLowerCase()} by ${kGrainWords[chart.grain]}, ${chart.items.length} bars; the most is ${text(most)}, ${axisLabel(chart.items[at]!, chart.grain, chart.zone)}.${marksWords(chart.items, chart.marks ?? [])}`;
}
