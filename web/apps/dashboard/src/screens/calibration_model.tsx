// One model: what it says, how it fits, how it stands beside the others of its scope, and what
// becomes of it.

import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, TextInput, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Model } from '@mobilytics/api';
import {
    Chart,
    ConfirmDialog,
    Form,
    Lines,
    Tag,
    Trouble,
    When,
    decimal,
    sentence,
    useForm,
    useMay,
} from '@mobilytics/ui';
import { parseLocal } from '@mobilytics/ui/zones';
import { client } from '../data/client';
import { modelQuery, useCalibrationChanged } from '../data/calibration_queries';
import { fitChart, leftChart } from '../calibration/charts';
import { driftText, wideText } from '../calibration/words';
import { factorText, kModelStateWords, kQualities, restsOn } from '../figures/calibrations';
import { Stale } from './calibration_frame';
import { SideBySide } from './calibration_side';

const kQuarterMs = 900_000;

function Residuals({ model, zone }: { model: Model; zone: string }) {
    const { residuals } = model;
    return (
        <>
            <h3 className="model-part">How it fits</h3>
            <div className="model-charts">
                <div>
                    <h4>Counted against expected</h4>
                    <Chart
                        option={fitChart(residuals)}
                        height={280}
                        description={`People counted against people expected, ${residuals.length} quarters of an hour; the line is where they agree.`}
                    />
                </div>
                <div>
                    <h4>What is left: counted less expected</h4>
                    <Chart
                        option={leftChart(residuals, zone)}
                        height={280}
                        description={`People counted less people expected, ${residuals.length} quarters of an hour in the order of time; above the line there were more than expected.`}
                    />
                </div>
            </div>
            <details className="unfold">
                <summary>The {residuals.length} quarters as a table</summary>
                <div className="rows-scroll">
                    <table className="rows">
                        <caption className="hidden">
                            Quarters of an hour, counted and expected
                        </caption>
                        <thead>
                            <tr>
                                <th scope="col">Quarter</th>
                                <th scope="col" className="number">
                                    Counted
                                </th>
                                <th scope="col" className="number">
                                    Expected
                                </th>
                                <th scope="col" className="number">
                                    Devices
                                </th>
                            </tr>
                        </thead>
                        <tbody>
                            {residuals.map((each, i) => (
                                <tr key={i}>
                                    <td>
                                        {each.at ? <When at={each.at} zone={zone} /> : each.day}
                                    </td>
                                    <td className="number">{decimal(each.people)}</td>
                                    <td className="number">{decimal(each.expected)}</td>
                                    <td className="number">{decimal(each.devices)}</td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            </details>
        </>
    );
}

interface PublishProps {
    model: Model;
    zone: string;
    /** Beside the button. */
    others: ReactNode;
}

function Publish({ model, zone, others }: PublishProps) {
    const changed = useCalibrationChanged();
    const form = useForm({
        initial: { valid_from: '', reason: '' },
        check: ({ valid_from }) =>
            valid_from && parseLocal(valid_from, zone) === undefined
                ? { valid_from: 'A day and a time of day.' }
                : {},
        send: ({ valid_from, reason }) =>
            client.call('publish_model', {
                params: { model_id: model.id },
                body: {
                    ...(valid_from
                        ? { valid_from: new Date(parseLocal(valid_from, zone)!).toISOString() }
                        : {}),
                    ...(reason.trim() ? { reason: reason.trim() } : {}),
                },
            }),
        done: () => {
            notifications.show({ message: `Version ${model.version} is published.` });
            void changed();
        },
    });
    return (
        <Form
            form={form}
            submit={`Publish version ${model.version}`}
            label="Publish"
            others={others}
        >
            <div className="two">
                <TextInput
                    {...form.text('valid_from')}
                    type="datetime-local"
                    step={kQuarterMs / 1000}
                    label={`From when on, ${zone}`}
                    description="Left empty: a scope’s first from its first count on, a later one from now on."
                />
                <Textarea
                    {...form.text('reason')}
                    label="Why"
                    description="Kept in the audit, where the company sees it."
                    autosize
                    minRows={1}
                    maxRows={4}
                    maxLength={200}
                />
            </div>
        </Form>
    );
}

function Decide({ model, zone }: { model: Model; zone: string }) {
    const may = useMay('publish_model');
    const changed = useCalibrationChanged();
    const [ending, setEnding] = useState(false);
    const isDraft = model.state === 'draft';
    const deed = isDraft ? 'Discard' : 'Retire';
    if (!may) {
        return (
            <p className="muted">
                An admin or an owner {isDraft ? 'publishes or discards' : 'retires'} it.
            </p>
        );
    }
    const end = (
        <Button size="xs" variant="default" onClick={() => setEnding(true)}>
            {deed} version {model.version}…
        </Button>
    );
    return (
        <>
            {isDraft ? <Publish model={model} zone={zone} others={end} /> : end}
            {ending && (
                <ConfirmDialog
                    title={`${deed} version ${model.version}?`}
                    means={
                        isDraft
                            ? ['No number changes: it was never published.']
                            : [
                                  'From now on, what is less close applies: the factor of the class, then that of all sites.',
                                  'Where there is none either, numbers are of devices.',
                                  'What it made until now stays.',
                              ]
                    }
                    confirm={deed}
                    reason
                    run={reason =>
                        client
                            .call('retire_model', {
                                params: { model_id: model.id },
                                body: { reason },
                            })
                            .then(changed)
                    }
                    done={`Version ${model.version} is retired.`}
                    close={() => setEnding(false)}
                />
            )}
        </>
    );
}

function DriftOf({ model, zone }: { model: Model; zone: string }) {
    const may = useMay('check_drift');
    const changed = useCalibrationChanged();
    const look = useMutation({
        mutationFn: () => client.call('check_drift', { params: { model_id: model.id } }),
        onSuccess: changed,
    });
    const { drift } = model;
    return (
        <>
            <h3 className="model-part">Whether it still fits</h3>
            <p className="model-words" role={drift?.alarm ? 'alert' : undefined}>
                {drift ? (
                    <>
                        <Tag kind={drift.alarm ? 'bad' : 'good'}>
                            {drift.alarm ? 'Drifting' : 'As usual'}
                        </Tag>{' '}
                        {driftText(drift)} Looked at <When at={drift.checked_at} zone={zone} />.
                        {drift.alarm && ' Count again, and fit a new factor.'}
                    </>
                ) : (
                    'Nobody has counted since it was fitted, or it rests on too few days to say. A later count is held against it by itself.'
                )}
            </p>
            {may && (
                <Button
                    size="xs"
                    variant="default"
                    loading={look.isPending}
                    onClick={() => look.mutate()}
                >
                    Look for drift now
                </Button>
            )}
            {look.error && (
                <p className="form-trouble" role="alert">
                    {sentence(look.error.message)}
                </p>
            )}
        </>
    );
}

export function ModelDetail({ modelId, zone }: { modelId: string; zone: string }) {
    const asked = useQuery(modelQuery(modelId));
    if (asked.error && !asked.data) {
        return <Trouble error={asked.error} what="The model" retry={() => void asked.refetch()} />;
    }
    if (!asked.data) return <Lines count={6} />;
    const model = asked.data;
    const state = kModelStateWords[model.state];
    const quality = kQualities[model.quality];
    const wide = wideText(model);
    return (
        <div data-testid="model">
            <Stale query={asked} />
            <div className="model-head">
                <strong>{factorText(model)}</strong>
                <span>people a device, 90 %</span>
                <Tag kind={model.state === 'published' ? 'info' : 'idle'}>
                    {state}, version {model.version}
                </Tag>
                <Tag kind={quality.kind}>{quality.label}</Tag>
            </div>
            <p className="model-words">
                {quality.about} {restsOn(model)}{' '}
                {model.input === 'addresses'
                    ? 'Of the mean occupancy by addresses.'
                    : `Of devices counted at ${model.gate_dbm} dBm and stronger.`}{' '}
                Counted by {model.counted_by.name} {model.counted_by.version} (
                <code>{model.counted_by.rules_hash}</code>). Fitted{' '}
                <When at={model.fitted_at} zone={zone} />
                {model.valid_from && (
                    <>
                        , applies from <When at={model.valid_from} zone={zone} />
                    </>
                )}
                {model.retired_at && (
                    <>
                        , retired <When at={model.retired_at} zone={zone} />
                        {model.reason && `: ${model.reason}`}
                    </>
                )}
                .
            </p>
            {wide && model.state !== 'retired' && <p className="form-warning">{wide}</p>}
            {model.state === 'published' && <DriftOf model={model} zone={zone} />}
            <Residuals model={model} zone={zone} />
            <h3 className="model-part">Side by side</h3>
            <SideBySide model={model} />
            {model.state !== 'retired' && (
                <>
                    <h3 className="model-part">Decide</h3>
                    <Decide key={model.state} model={model} zone={zone} />
                </>
            )}
        </div>
    );
}
