// From opportunities to see to likely to see, factor by factor.

import { useMemo } from 'react';
import { Link } from '@tanstack/react-router';
import type { UseQueryResult } from '@tanstack/react-query';
import type { FaceReport } from '@mobilytics/api';
import { count, decimal } from '@mobilytics/ui';
import type { Ink } from '@mobilytics/ui';
import { frame, tip, valueAxis, wordAxis } from '../figures/chart_options';
import { kFactorWords, waterfall } from '../figures/faces';
import type { Step } from '../figures/faces';
import { SheetPanel } from '../figures/sheet_panel';
import type { Sheet } from '../figures/sheet';

const kSources = {
    given: 'given',
    measured: 'measured',
    by_rule: 'by rule',
    assumed: 'assumed',
} as const;

function sheetOf(steps: Step[]): Sheet {
    return {
        name: 'ots-to-lts',
        title: 'From OTS to LTS',
        columns: [
            { key: 'step', label: 'Step' },
            { key: 'times', label: 'Factor', digits: 2 },
            { key: 'after', label: 'Impressions', digits: 0 },
        ],
        rows: steps.map(step => ({ step: step.label, times: step.times, after: step.after })),
    };
}

function optionOf(steps: Step[]) {
    return (ink: Ink) => ({
        ...frame(ink),
        xAxis: wordAxis(
            ink,
            steps.map(step => step.label),
            { interval: 0, rotate: 28 },
        ),
        yAxis: valueAxis(ink),
        series: [
            {
                type: 'bar',
                stack: 'way',
                silent: true,
                itemStyle: { color: 'transparent' },
                data: steps.map(({ times, after }) => (times === undefined ? 0 : after)),
            },
            {
                type: 'bar',
                stack: 'way',
                barCategoryGap: '24%',
                data: steps.map(({ times, before, after }) => ({
                    value: times === undefined ? after : before - after,
                    itemStyle: {
                        color: times === undefined ? ink.bar : ink.warn,
                        borderRadius: 2,
                    },
                })),
            },
        ],
        tooltip: {
            ...(frame(ink)['tooltip'] as object),
            formatter: ([point]: { dataIndex: number }[]) => {
                const step = steps[point?.dataIndex ?? 0]!;
                return tip(step.label, [
                    ...(step.times === undefined
                        ? []
                        : [{ name: 'Factor', value: step.times.toFixed(4) }]),
                    { name: 'Left', value: count(step.after) },
                ]);
            },
        },
    });
}

export function Waterfall({ query }: { query: UseQueryResult<FaceReport> }) {
    const report = query.data;
    const steps = useMemo(() => (report ? waterfall(report) : []), [report]);
    const why = report?.absent.find(each => each.metric === 'lts')?.why;
    return (
        <SheetPanel
            title="What was likely seen?"
            about="OTS impressions, times each factor, are LTS impressions"
            what="The factors"
            query={query}
            sheet={steps.length > 0 ? sheetOf(steps) : undefined}
            nothing={
                report &&
                steps.length === 0 &&
                (report.suppressed.length > 0
                    ? `Held back: fewer than ${report.suppress_below} devices.`
                    : `There is none: ${why ?? 'something of the face is not known'}.`)
            }
            option={optionOf(steps)}
            description={`From ${count(steps[0]?.after ?? 0)} opportunities to ${count(steps.at(-1)?.after ?? 0)} likely seen.`}
            height={230}
            foot={
                steps.length > 0 && (
                    <ul className="factor-list">
                        {report!.factors.map(({ id, value, inputs }) => (
                            <li key={id}>
                                <Link to="/definitions" hash="lts" className="quiet-link">
                                    {kFactorWords[id] ?? id}
                                </Link>{' '}
                                <strong>{value === undefined ? '–' : decimal(value, 2)}</strong>{' '}
                                <span className="muted">
                                    {inputs
                                        .map(
                                            each =>
                                                `${each.name} ${decimal(each.value, 2)} ${each.unit} (${kSources[each.source]})`,
                                        )
                                        .join(', ')}
                                </span>
                            </li>
                        ))}
                    </ul>
                )
            }
        />
    );
}
