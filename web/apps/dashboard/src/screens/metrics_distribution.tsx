// How many had one impression, how many two, and so on.

import { useMemo } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { FaceReport } from '@mobilytics/api';
import { count } from '@mobilytics/ui';
import type { Ink } from '@mobilytics/ui';
import { frame, tip, valueAxis, wordAxis } from '../figures/chart_options';
import { SheetPanel } from '../figures/sheet_panel';
import type { Sheet } from '../figures/sheet';
import type { View } from '../shell/view';
import { spanText } from '../time/ranges';

export function Distribution({ query, view }: { query: UseQueryResult<FaceReport>; view: View }) {
    const report = query.data;
    const made = useMemo(() => {
        const bins = report?.distribution ?? [];
        if (bins.length === 0) return undefined;
        const sheet: Sheet = {
            name: 'frequency-distribution',
            title: 'By how often they came',
            columns: [
                { key: 'visits', label: 'Times' },
                { key: 'devices', label: 'Counted', digits: 0 },
            ],
            rows: bins.map(({ visits, devices }) => ({ visits, devices })),
        };
        const option = (ink: Ink) => ({
            ...frame(ink),
            xAxis: wordAxis(
                ink,
                bins.map(each => each.visits),
                { interval: 0 },
            ),
            yAxis: valueAxis(ink),
            series: [
                {
                    type: 'bar',
                    data: bins.map(each => each.devices),
                    itemStyle: { color: ink.bar, borderRadius: [2, 2, 0, 0] },
                    barCategoryGap: '22%',
                },
            ],
            tooltip: {
                ...(frame(ink)['tooltip'] as object),
                formatter: ([point]: { dataIndex: number }[]) => {
                    const { visits, devices } = bins[point?.dataIndex ?? 0]!;
                    return tip(visits === '1' ? 'Once' : `${visits} times`, [
                        {
                            name: 'Counted',
                            value: devices === null ? 'held back' : count(devices),
                        },
                    ]);
                },
            },
        });
        return { sheet, option };
    }, [report]);
    const window = report?.window && {
        from: Date.parse(report.window.from),
        to: Date.parse(report.window.to),
    };
    const modelled = !window;
    return (
        <SheetPanel
            title="How often?"
            about={
                modelled
                    ? 'Modelled: over several days it cannot be measured'
                    : `Of visits that are kept, ${spanText(window, view.zone)}`
            }
            what="The distribution"
            query={query}
            sheet={made?.sheet}
            nothing={
                report &&
                !made &&
                (report.suppressed.length > 0
                    ? `Held back: fewer than ${report.suppress_below} devices.`
                    : (report.absent.find(each => each.metric === 'effective_reach')?.why ??
                      'There is none.'))
            }
            option={made?.option ?? (() => ({}))}
            description="Histogram by number of impressions."
            height={210}
        />
    );
}
