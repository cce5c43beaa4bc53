// How long visits were.

import { useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { DwellBin, DwellReport as DwellReply } from '@mobilytics/api';
import { Figure, Skeletons, count, decimal, duration } from '@mobilytics/ui';
import type { Ink } from '@mobilytics/ui';
import { dwellQuery } from '../data/queries';
import { frame, tip, valueAxis, wordAxis } from '../figures/chart_options';
import { explain } from '../figures/explain';
import { SheetPanel } from '../figures/sheet_panel';
import type { Sheet } from '../figures/sheet';
import type { View } from '../shell/view';

/** A bin in words: under 5 s, 5–15 s, 1–5 min, 15 min or more. */
export function binWords({ from_s: from, to_s: to }: Pick<DwellBin, 'from_s' | 'to_s'>): string {
    if (from === null && to === null) return 'seen once';
    if (to === null) return from! >= 60 ? `≥ ${from! / 60} min` : `≥ ${from} s`;
    if (!from) return `< ${to} s`;
    return to > 60 ? `${from / 60}–${to / 60} min` : `${from}–${to} s`;
}

function dwellSheet(reply: DwellReply): Sheet {
    const total = reply.visits ?? 0;
    return {
        name: 'dwell',
        title: 'Visits by dwell',
        columns: [
            { key: 'dwell', label: 'Dwell' },
            { key: 'from', label: 'From', unit: 's' },
            { key: 'to', label: 'To', unit: 's' },
            { key: 'visits', label: 'Visits', digits: 0 },
            { key: 'share', label: 'Share', unit: '%', digits: 1 },
        ],
        rows: reply.bins.map(bin => ({
            dwell: binWords(bin),
            from: bin.from_s === null ? undefined : String(bin.from_s),
            to: bin.to_s === null ? undefined : String(bin.to_s),
            visits: bin.visits,
            share: bin.visits === null || total === 0 ? undefined : (bin.visits / total) * 100,
        })),
    };
}

export function Dwell({ view }: { view: View }) {
    const query = useQuery(dwellQuery(view.ask(view.range)));
    const reply = query.data;
    const made = useMemo(() => {
        if (!reply) return undefined;
        const sheet = dwellSheet(reply);
        const total = Math.max(1, reply.visits ?? 0);
        const words = reply.bins.map(binWords);
        const option = (ink: Ink, width: number) => ({
            ...frame(ink),
            xAxis: wordAxis(ink, words, {
                interval: 0,
                fontSize: 10.5,
                hideOverlap: false,
                rotate: width < 440 ? 40 : 0,
            }),
            yAxis: valueAxis(ink),
            series: [
                {
                    type: 'bar',
                    data: reply.bins.map((bin, i) => ({
                        value: bin.visits,
                        // Seen once has no length: it stands apart.
                        itemStyle: i === 0 && bin.from_s === null ? { color: ink.lineStrong } : {},
                    })),
                    itemStyle: { color: ink.bar, borderRadius: [2, 2, 0, 0] },
                    barCategoryGap: '22%',
                },
            ],
            tooltip: {
                ...(frame(ink)['tooltip'] as object),
                formatter: ([point]: { dataIndex: number }[]) => {
                    const bin = reply.bins[point?.dataIndex ?? 0]!;
                    return tip(words[point?.dataIndex ?? 0]!, [
                        {
                            name: 'Visits',
                            value: bin.visits === null ? 'held back' : count(bin.visits),
                        },
                        ...(bin.visits === null
                            ? []
                            : [
                                  {
                                      name: 'Share',
                                      value: `${decimal((bin.visits / total) * 100, 1)} %`,
                                  },
                              ]),
                    ]);
                },
            },
        });
        return { sheet, option };
    }, [reply]);
    return (
        <SheetPanel
            title="How long did they stay?"
            about="From a visit’s first to its last sighting"
            what="Dwell"
            query={query}
            sheet={made?.sheet}
            nothing={
                reply && reply.visits === 0
                    ? 'The histogram appears with the first visits.'
                    : reply?.visits === null &&
                      `Held back: fewer than ${reply.suppress_below} devices in this choice.`
            }
            option={made?.option ?? (() => ({}))}
            description="Histogram of visits by dwell."
            height={210}
            head={
                <div className="panel-figures">
                    {reply ? (
                        <>
                            <Figure
                                size="md"
                                label="Median dwell"
                                shown={reply.median_s === null ? null : duration(reply.median_s)}
                                explanation={explain('dwell_median', view, reply)}
                            />
                            <Figure
                                size="md"
                                label="Mean dwell"
                                shown={reply.mean_s === null ? null : duration(reply.mean_s)}
                                explanation={explain('dwell_mean', view, reply)}
                            />
                        </>
                    ) : (
                        <Skeletons count={2} />
                    )}
                </div>
            }
            foot={
                <p className="foot-note">
                    Grey: seen once, too short to have a length. It is in no average.
                </p>
            }
        />
    );
}
