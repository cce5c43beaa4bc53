// One model: what it says, how it fits, how it compares, and what becomes of it.

import { useState } from 'react';
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Model, Residual } from '@mobilytics/api';
import {
    Chart,
    Lines,
    Tag,
    Trouble,
    decimal,
    kNothing,
    percent,
    sentence,
    useMay,
} from '@mobilytics/ui';
import type { Ink } from '@mobilytics/ui';
import { client } from '../data/client';
import { factorText, kQualities, restsOn } from '../figures/calibrations';
import { kCalibration } from './calibration';

const kWeekMs = 7 * 86_400_000;

/** Expected and counted; on the line they agree. */
function fitChart(residuals: Residual[]) {
    const most = Math.ceil(Math.max(1, ...residuals.flatMap(r => [r.people, r.expected])));
    const axis = (ink: Ink, name: string) => ({
        type: 'value',
        name,
        nameLocation: 'middle',
        nameGap: 28,
        min: 0,
        max: most,
        nameTextStyle: { color: ink.text2 },
        axisLabel: { color: ink.text2 },
        splitLine: { lineStyle: { color: ink.line } },
    });
    return (ink: Ink) => ({
        grid: { left: 48, right: 16, top: 16, bottom: 44 },
        tooltip: {},
        xAxis: axis(ink, 'Expected, by the other days'),
        yAxis: axis(ink, 'Counted'),
        series: [
            {
                type: 'scatter',
                symbolSize: 8,
                itemStyle: { color: ink.accent, opacity: 0.75 },
                data: residuals.map(r => [
                    Number(r.expected.toFixed(2)),
                    Number(r.people.toFixed(2)),
                ]),
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

function Comparison({ model }: { model: Model }) {
    const [to] = useState(() => Math.floor(Date.now() / 3_600_000) * 3_600_000);
    const asked = useQuery({
        queryKey: [kCalibration, 'comparison', model.id, to],
        queryFn: ({ signal }) =>
            client.call('compare_model', {
                params: { model_id: model.id },
                query: {
                    from: new Date(to - kWeekMs).toISOString(),
                    to: new Date(to).toISOString(),
                },
                signal,
            }),
    });
    if (asked.error) {
        return (
            <Trouble error={asked.error} what="The comparison" retry={() => void asked.refetch()} />
        );
    }
    if (!asked.data) return <Lines count={3} />;
    const { quarters, published, ratio, days } = asked.data;
    if (quarters === 0) return <p>Nothing was heard there in the last seven days.</p>;
    return (
        <>
            <p>
                People present on average in the last seven days ({quarters} quarters of an hour):
                by this one <strong>{decimal(asked.data.model.people_mean, 1)}</strong> (
                {decimal(asked.data.model.low, 1)} to {decimal(asked.data.model.high, 1)})
                {published
                    ? `, by version ${published.version}, which is published, ${decimal(published.people_mean, 1)} (${decimal(published.low, 1)} to ${decimal(published.high, 1)}): ${ratio === undefined ? kNothing : decimal(ratio, 2)} times as many.`
                    : '. None is published: numbers are of devices until one is.'}
            </p>
            <table className="rows wrapping">
                <thead>
                    <tr>
                        <th>Day</th>
                        <th className="number">This one</th>
                        {published && <th className="number">Version {published.version}</th>}
                    </tr>
                </thead>
                <tbody>
                    {days.map(each => (
                        <tr key={each.day}>
                            <td>{each.day}</td>
                            <td className="number">{decimal(each.people, 1)}</td>
                            {published && (
                                <td className="number">
                                    {each.published === undefined
                                        ? kNothing
                                        : decimal(each.published, 1)}
                                </td>
                            )}
                        </tr>
                    ))}
                </tbody>
            </table>
        </>
    );
}

function Decide({ model }: { model: Model }) {
    const queries = useQueryClient();
    const may = useMay('publish_model');
    const [reason, setReason] = useState('');
    const done = () => queries.invalidateQueries({ queryKey: [kCalibration] });
    const params = { model_id: model.id };
    const publish = useMutation({
        mutationFn: () => client.call('publish_model', { params, body: reason ? { reason } : {} }),
        onSuccess: done,
    });
    const retire = useMutation({
        mutationFn: () => client.call('retire_model', { params, body: { reason } }),
        onSuccess: done,
    });
    const error = publish.error ?? retire.error;
    if (!may) return <p className="muted">An admin or an owner publishes it.</p>;
    return (
        <>
            <TextInput
                size="xs"
                label="Why"
                maxLength={200}
                value={reason}
                onChange={event => setReason(event.currentTarget.value)}
            />
            <Group mt="sm">
                {model.state === 'draft' && (
                    <Button size="xs" loading={publish.isPending} onClick={() => publish.mutate()}>
                        Publish version {model.version}
                    </Button>
                )}
                <Button
                    size="xs"
                    variant="default"
                    disabled={!reason}
                    loading={retire.isPending}
                    onClick={() => retire.mutate()}
                >
                    Retire it
                </Button>
            </Group>
            {error && (
                <Text size="sm" c="var(--bad)" role="alert">
                    {sentence(error.message)}
                </Text>
            )}
        </>
    );
}

export function ModelDetail({ modelId }: { modelId: string }) {
    const asked = useQuery({
        queryKey: [kCalibration, 'model', modelId],
        queryFn: ({ signal }) =>
            client.call('find_model', { params: { model_id: modelId }, signal }),
    });
    if (asked.error) {
        return <Trouble error={asked.error} what="The model" retry={() => void asked.refetch()} />;
    }
    if (!asked.data) return <Lines count={6} />;
    const model = asked.data;
    const { kind, label, about } = kQualities[model.quality];
    const { drift } = model;
    return (
        <div data-testid="model">
            <p>
                <Tag kind={kind}>{label}</Tag> {about} <strong>{factorText(model)}</strong> people a
                device, 90 %. {restsOn(model)}{' '}
                {model.input === 'addresses'
                    ? 'Of the mean occupancy by addresses.'
                    : `Of devices counted at ${model.gate_dbm} dBm and stronger.`}{' '}
                Counted by {model.counted_by.name} {model.counted_by.version} (
                {model.counted_by.rules_hash}).
            </p>
            {drift && (
                <p role={drift.alarm ? 'alert' : undefined}>
                    People counted later, in {drift.quarters} quarters on {drift.days}{' '}
                    {drift.days === 1 ? 'day' : 'days'}: {percent(drift.ratio)} % of what it
                    expects; {percent(drift.low)} to {percent(drift.high)} % is usual.
                </p>
            )}
            <h3>How it fits</h3>
            <Chart
                option={fitChart(model.residuals)}
                height={300}
                description={`People counted against people expected, ${model.residuals.length} quarters of an hour; the line is where they agree.`}
            />
            {model.state !== 'retired' && (
                <>
                    {model.state === 'draft' && (
                        <>
                            <h3>Side by side</h3>
                            <Comparison model={model} />
                        </>
                    )}
                    <h3>Decide</h3>
                    <Decide model={model} />
                </>
            )}
            {model.reason && <p className="muted">{sentence(model.reason)}</p>}
        </div>
    );
}
