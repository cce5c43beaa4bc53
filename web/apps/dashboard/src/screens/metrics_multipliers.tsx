// Impressions for a play of a digital face, by hour, as programmatic trade asks for them.

import { useMemo, useState } from 'react';
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { FaceMultipliers } from '@mobilytics/api';
import type { Ink } from '@mobilytics/ui';
import { minuteText } from '@mobilytics/ui/zones';
import { CopyButton } from '@mobilytics/ui';
import { multipliersQuery } from '../data/face_queries';
import { frame, tip, valueAxis, wordAxis } from '../figures/chart_options';
import { openRtb } from '../figures/faces';
import { sourceText } from '../figures/plays';
import { SheetPanel } from '../figures/sheet_panel';
import type { Sheet } from '../figures/sheet';
import type { View } from '../shell/view';

function madeOf(report: FaceMultipliers, zone: string) {
    const hours = report.items.map(item => minuteText(Date.parse(item.start), zone));
    const sheet: Sheet = {
        name: 'multipliers',
        title: 'Impression multiplier by hour',
        columns: [
            { key: 'hour', label: 'Hour' },
            { key: 'plays', label: 'Plays', digits: 1 },
            { key: 'of', label: 'Plays of' },
            { key: 'impressions', label: 'Impressions', digits: 1 },
            { key: 'contacts', label: 'Of imported plays', digits: 1 },
            { key: 'multiplier', label: 'Multiplier', digits: 4 },
        ],
        rows: report.items.map((item, i) => ({
            hour: hours[i],
            plays: item.plays,
            of: item.plays_source === 'play_log' ? 'log' : 'loop',
            impressions: item.impressions,
            contacts: item.contacts ?? undefined,
            multiplier: item.qty ? item.qty.multiplier : null,
        })),
    };
    const option = (ink: Ink) => ({
        ...frame(ink),
        xAxis: wordAxis(
            ink,
            hours.map(hour => hour.slice(11)),
        ),
        yAxis: valueAxis(ink),
        series: [
            {
                type: 'bar',
                data: report.items.map(item => item.qty?.multiplier ?? null),
                itemStyle: { color: ink.bar, borderRadius: [2, 2, 0, 0] },
            },
        ],
        tooltip: {
            ...(frame(ink)['tooltip'] as object),
            formatter: ([point]: { dataIndex: number }[]) => {
                const i = point?.dataIndex ?? 0;
                const { qty, plays } = report.items[i]!;
                return tip(hours[i]!.replace('T', ', '), [
                    { name: 'Multiplier', value: qty ? String(qty.multiplier) : 'none' },
                    { name: 'Plays', value: plays === null ? '–' : String(plays) },
                ]);
            },
        },
    });
    return { sheet, option, hours };
}

export function Multipliers({ view, faceId }: { view: View; faceId: string }) {
    const query = useQuery(
        multipliersQuery(faceId, {
            from: new Date(view.range.from).toISOString(),
            to: new Date(view.range.to).toISOString(),
            time_zone: view.zone,
            source: view.source,
        }),
    );
    const report = query.data;
    const made = useMemo(() => report && madeOf(report, view.zone), [report, view.zone]);
    const told = report?.items.flatMap((item, i) => (item.qty ? [i] : [])) ?? [];
    const [chosen, choose] = useState<number>();
    const hour = chosen !== undefined && told.includes(chosen) ? chosen : told.at(-1);
    return (
        <SheetPanel
            title="Multiplier by hour"
            about={`Impressions for one play.${report && told.length > 0 ? ` ${sourceText({ ...report, source: report.plays_source })}` : ''}`}
            what="The multipliers"
            query={query}
            sheet={told.length > 0 ? made?.sheet : undefined}
            nothing={
                report &&
                told.length === 0 &&
                (report.absent[0]
                    ? `There is none: ${report.absent[0].why}.`
                    : 'Held back: in no hour were enough devices there.')
            }
            option={made?.option ?? (() => ({}))}
            description="Bars of the multiplier of each hour."
            height={210}
            foot={
                report &&
                made &&
                hour !== undefined && (
                    <div className="rtb">
                        <div className="rtb-head">
                            <Select
                                size="xs"
                                aria-label="Hour of the bid request"
                                allowDeselect={false}
                                data={told.map(i => ({
                                    value: String(i),
                                    label: made.hours[i]!.replace('T', ', '),
                                }))}
                                value={String(hour)}
                                onChange={value => choose(Number(value))}
                            />
                            <CopyButton text={openRtb(report, hour)} label="Copy JSON" />
                        </div>
                        <pre data-testid="rtb" tabIndex={0}>
                            {openRtb(report, hour)}
                        </pre>
                    </div>
                )
            }
        />
    );
}
