// How often addresses came.

import { useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { FrequencyReport as FrequencyReply } from '@mobilytics/api';
import { Figure, Skeletons, count, decimal } from '@mobilytics/ui';
import type { Ink } from '@mobilytics/ui';
import { frequencyQuery } from '../data/queries';
import { frame, tip, valueAxis, wordAxis } from '../figures/chart_options';
import { explain } from '../figures/explain';
import { SheetPanel } from '../figures/sheet_panel';
import type { Sheet } from '../figures/sheet';
import type { View } from '../shell/view';
import { spanText } from '../time/ranges';

export function Frequency({ view }: { view: View }) {
    const query = useQuery(frequencyQuery(view.ask(view.range)));
    const reply: FrequencyReply | undefined = query.data;
    const window = reply && {
        from: Date.parse(reply.window.from),
        to: Date.parse(reply.window.to),
    };
    const empty = !window || window.to <= window.from;
    const made = useMemo(() => {
        if (!reply) return undefined;
        const total = reply.distribution.reduce((sum, step) => sum + (step.devices ?? 0), 0);
        const share = (devices: number) => (total > 0 ? (devices / total) * 100 : 0);
        const sheet: Sheet = {
            name: 'frequency',
            title: 'Addresses by how often they came',
            columns: [
                { key: 'visits', label: 'Visits' },
                { key: 'devices', label: 'Addresses', digits: 0 },
                { key: 'share', label: 'Share', unit: '%', digits: 1 },
            ],
            rows: reply.distribution.map(step => ({
                visits: step.visits,
                devices: step.devices,
                share: step.devices === null ? undefined : share(step.devices),
            })),
        };
        const option = (ink: Ink) => ({
            ...frame(ink),
            xAxis: wordAxis(
                ink,
                reply.distribution.map(step => step.visits),
                { interval: 0 },
            ),
            yAxis: valueAxis(ink),
            series: [
                {
                    type: 'bar',
                    data: reply.distribution.map(step => step.devices),
                    itemStyle: { color: ink.bar, borderRadius: [2, 2, 0, 0] },
                    barCategoryGap: '22%',
                },
            ],
            tooltip: {
                ...(frame(ink)['tooltip'] as object),
                formatter: ([point]: { dataIndex: number }[]) => {
                    const step = reply.distribution[point?.dataIndex ?? 0]!;
                    return tip(step.visits === '1' ? 'Came once' : `Came ${step.visits} times`, [
                        {
                            name: 'Addresses',
                            value: step.devices === null ? 'held back' : count(step.devices),
                        },
                        ...(step.devices === null
                            ? []
                            : [{ name: 'Share', value: `${decimal(share(step.devices), 1)} %` }]),
                    ]);
                },
            },
        });
        return { sheet, option };
    }, [reply]);
    return (
        <SheetPanel
            title="How often did they come?"
            about={
                window && !empty
                    ? `Visits an address, ${spanText(window, view.zone)}`
                    : 'Visits an address'
            }
            what="Frequency"
            query={query}
            sheet={made?.sheet}
            nothing={
                reply &&
                (empty
                    ? 'Single visits are kept for 24 hours only, and this range is older. Choose today or the last 24 hours.'
                    : reply.suppressed.length > 0 &&
                      `Held back: fewer than ${reply.suppress_below} addresses in this choice.`)
            }
            option={made?.option ?? (() => ({}))}
            description="Histogram of addresses by number of visits."
            height={210}
            {...(window && !empty ? { span: window } : {})}
            head={
                <div className="panel-figures">
                    {reply ? (
                        <Figure
                            size="md"
                            label="Visits an address"
                            shown={reply.mean === null ? null : { value: decimal(reply.mean, 2) }}
                            explanation={explain(
                                'frequency',
                                view,
                                reply,
                                window ? { span: window } : {},
                            )}
                        />
                    ) : (
                        <Skeletons count={1} />
                    )}
                </div>
            }
            foot={
                <p className="foot-note">From single visits, which are deleted after 24 hours.</p>
            }
        />
    );
}
