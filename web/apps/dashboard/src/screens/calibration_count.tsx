// One count: what it comes to, what was wrong in it, whether factors are fitted to it; and who
// changed what and why.

import { useState } from 'react';
import { Button, Group, NumberInput, TextInput, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Correction, Count, CountHistory, Quarter, Total } from '@mobilytics/api';
import {
    Beside,
    ConfirmDialog,
    Facts,
    Form,
    Lines,
    Tag,
    Trouble,
    When,
    decimal,
    momentText,
    sentence,
    useForm,
    useMay,
} from '@mobilytics/ui';
import { minuteText, parseLocal } from '@mobilytics/ui/zones';
import { changeText, countText, people, restingText } from '../calibration/words';
import { client } from '../data/client';
import { countPartsQuery, countQuery, useCalibrationChanged } from '../data/calibration_queries';
import { membersQuery } from '../data/queries';
import { kCountStates } from '../figures/calibrations';
import { Stale } from './calibration_frame';
import { ChangeTotals } from './change_totals';

function Quarters({ items, zone }: { items: Quarter[]; zone: string }) {
    if (items.length === 0) {
        return (
            <p className="calm">
                None was counted for half of it at least: nothing is fitted to this count.
            </p>
        );
    }
    return (
        <div className="rows-scroll">
            <table className="rows">
                <caption className="hidden">Quarters of an hour that were counted</caption>
                <thead>
                    <tr>
                        <th scope="col">From</th>
                        <th scope="col" className="number">
                            People on average
                        </th>
                        <th scope="col" className="number">
                            Minutes counted
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {items.map(({ start, people: there, counted_s }) => (
                        <tr key={start}>
                            <td>
                                <When at={start} zone={zone} />
                            </td>
                            <td className="number">{decimal(there)}</td>
                            <td className="number">{decimal(counted_s / 60, 0)}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

/** A local time has no seconds, and a count may begin and end within a minute. */
const kMinuteMs = 60_000;

function Correct({ count, zone, close }: { count: Count; zone: string; close: () => void }) {
    const changed = useCalibrationChanged();
    const form = useForm({
        initial: {
            at: minuteText(Date.parse(count.ended_at ?? count.begun_at), zone),
            occupancy: undefined as number | undefined,
            reason: '',
        },
        check: ({ at, occupancy, reason }) => ({
            ...(parseLocal(at, zone) === undefined ? { at: 'A day and a time of day.' } : {}),
            ...(occupancy === undefined ? { occupancy: 'How many were there?' } : {}),
            ...(reason.trim() ? {} : { reason: 'What was wrong?' }),
        }),
        send: ({ at, occupancy, reason }) => {
            // Within its first or last minute is meant as its beginning or its end.
            const wanted = parseLocal(at, zone)!;
            const [from, to] = [
                Date.parse(count.begun_at),
                Date.parse(count.ended_at ?? count.begun_at),
            ];
            const near =
                wanted < from && from - wanted < kMinuteMs
                    ? from
                    : count.ended_at && wanted > to && wanted - to < kMinuteMs
                      ? to
                      : wanted;
            return client.call('correct_count', {
                params: { count_id: count.id },
                body: {
                    at: new Date(near).toISOString(),
                    occupancy: occupancy!,
                    reason: reason.trim(),
                },
            });
        },
        done: () => {
            void changed();
            close();
        },
    });
    const { onChange: _, ...occupancy } = form.text('occupancy');
    return (
        <Form
            form={form}
            submit="Correct"
            label="Correct the count"
            others={
                <Button size="xs" variant="default" onClick={close}>
                    Cancel
                </Button>
            }
        >
            <div className="two">
                <TextInput
                    {...form.text('at')}
                    type="datetime-local"
                    label={`When, ${zone}`}
                    description={`Between ${momentText(count.begun_at, zone)} and ${count.ended_at ? momentText(count.ended_at, zone) : 'now'}.`}
                    data-autofocus
                />
                <NumberInput
                    {...occupancy}
                    value={form.values.occupancy ?? ''}
                    onChange={value =>
                        form.set('occupancy', value === '' ? undefined : Number(value))
                    }
                    label="People there then"
                    description="Whatever the taps say; later taps count on from it."
                    min={0}
                    max={100_000}
                    allowDecimal={false}
                />
            </div>
            <Textarea
                {...form.text('reason')}
                label="What was wrong"
                placeholder="A group left by the side door"
                autosize
                minRows={1}
                maxRows={4}
                maxLength={200}
            />
        </Form>
    );
}

function Corrections({ items, zone }: { items: Correction[]; zone: string }) {
    if (items.length === 0) return <p className="calm">It was not corrected.</p>;
    return (
        <ul className="history" aria-label="Corrections">
            {items.map(each => (
                <li key={each.at}>
                    <b>
                        {people(each.occupancy)} at <When at={each.at} zone={zone} />
                    </b>
                    <p>{sentence(each.reason)}</p>
                </li>
            ))}
        </ul>
    );
}

function History({ of, zone }: { of: CountHistory; zone: string }) {
    const may = useMay('list_people');
    const members = useQuery({ ...membersQuery, enabled: may });
    const name = (id: string | undefined) => {
        if (!id) return 'A key, or somebody who was erased';
        const found = members.data?.find(each => each.id === id);
        return found?.name ?? (may && members.data ? 'Somebody who has left' : 'Somebody of yours');
    };
    return (
        <ul className="history" data-testid="count-history">
            {of.changes.map((each, i) => {
                const { what, of: detail } = changeText(each, zone);
                return (
                    <li key={i}>
                        <b>{what}</b>{' '}
                        <span className="muted">
                            <When at={each.made_at} zone={zone} />, {name(each.made_by)}
                        </span>
                        {(detail || each.reason) && (
                            <p>
                                {detail && sentence(detail)} {each.reason && sentence(each.reason)}
                            </p>
                        )}
                    </li>
                );
            })}
        </ul>
    );
}

type Doing = 'correct' | 'totals' | 'exclude' | 'restore';

interface ContentProps {
    count: Count;
    parts: {
        quarters: Quarter[];
        corrections: Correction[];
        totals: Total[];
        history: CountHistory;
    };
    zone: string;
}

function Content({ count, parts, zone }: ContentProps) {
    const may = useMay('dismiss_count');
    const changed = useCalibrationChanged();
    const [doing, setDoing] = useState<Doing>();
    const { kind, label } = kCountStates[count.state];
    const excluded = count.state === 'dismissed';
    const params = { count_id: count.id };
    const resting = restingText(parts.history.models);
    const stop = () => setDoing(undefined);
    return (
        <>
            <Facts
                facts={[
                    [
                        'State',
                        <>
                            <Tag kind={kind}>{label}</Tag> {count.reason && sentence(count.reason)}
                        </>,
                    ],
                    [
                        'When',
                        <>
                            <When at={count.begun_at} zone={zone} />
                            {count.ended_at && (
                                <>
                                    {' '}
                                    to <When at={count.ended_at} zone={zone} />
                                </>
                            )}
                        </>,
                    ],
                    [
                        'By',
                        count.way === 'totals'
                            ? 'Totals that were typed in'
                            : `${countText(count)}${count.counters.length > 0 ? `, by ${count.counters.map(({ name }) => name).join(', ')}` : ''}`,
                    ],
                    ['At its end', people(count.people)],
                    count.undone > 0 && ['Undone', `${count.undone} taps`],
                    count.outside > 0 && [
                        'Outside of it',
                        `${count.outside} taps, which count nothing`,
                    ],
                    count.note !== undefined && ['Noted', count.note],
                ]}
            />
            {count.lowest < 0 && (
                <p className="form-warning">
                    It went down to {decimal(count.lowest, 0)}: more went out than were there. Say
                    how many were there at its beginning, by a correction.
                </p>
            )}
            {resting && (
                <p className="form-warning" role="status">
                    {sentence(resting)}
                </p>
            )}
            {may && !doing && (
                <Group gap="xs">
                    {!excluded && count.way === 'taps' && (
                        <Button size="xs" onClick={() => setDoing('correct')}>
                            Correct…
                        </Button>
                    )}
                    {!excluded && count.way === 'totals' && parts.totals.length > 0 && (
                        <Button size="xs" onClick={() => setDoing('totals')}>
                            Change totals…
                        </Button>
                    )}
                    <Button
                        size="xs"
                        variant="default"
                        onClick={() => setDoing(excluded ? 'restore' : 'exclude')}
                    >
                        {excluded ? 'Restore…' : 'Exclude…'}
                    </Button>
                </Group>
            )}
            {doing === 'correct' && <Correct count={count} zone={zone} close={stop} />}
            {doing === 'totals' && (
                <ChangeTotals count={count} totals={parts.totals} zone={zone} close={stop} />
            )}
            {doing === 'exclude' && (
                <ConfirmDialog
                    title="Exclude this count?"
                    means={[
                        'What is fitted next is not fitted to it, and drift is not judged by it.',
                        'It stays, with its history, and can be restored.',
                        'Factors that were fitted to it stay as they are.',
                    ]}
                    confirm="Exclude"
                    reason
                    run={reason =>
                        client.call('dismiss_count', { params, body: { reason } }).then(changed)
                    }
                    done="The count is excluded."
                    close={stop}
                />
            )}
            {doing === 'restore' && (
                <ConfirmDialog
                    title="Restore this count?"
                    means={['What is fitted next is fitted to it again.']}
                    confirm="Restore"
                    harmless
                    reason
                    run={reason =>
                        client.call('restore_count', { params, body: { reason } }).then(changed)
                    }
                    done="The count is restored."
                    close={stop}
                />
            )}
            <section>
                <h3>What it comes to</h3>
                <Quarters items={parts.quarters} zone={zone} />
            </section>
            {count.way === 'taps' && (
                <section>
                    <h3>Corrections</h3>
                    <Corrections items={parts.corrections} zone={zone} />
                </section>
            )}
            {parts.history.models.length > 0 && (
                <section>
                    <h3>Factors that were fitted to it</h3>
                    <ul className="members">
                        {parts.history.models.map(({ id, version, state }) => (
                            <li key={id}>
                                <Link to="/calibration/factors/$modelId" params={{ modelId: id }}>
                                    Version {version}, {state}
                                </Link>
                            </li>
                        ))}
                    </ul>
                </section>
            )}
            <section>
                <h3>History</h3>
                <History of={parts.history} zone={zone} />
            </section>
        </>
    );
}

export function CountBeside(props: { id: string; zone: string; close: () => void }) {
    const { id, zone, close } = props;
    const count = useQuery(countQuery(id));
    const parts = useQuery(countPartsQuery(id));
    const error = count.error ?? parts.error;
    return (
        <Beside
            title={count.data ? `Counted ${momentText(count.data.begun_at, zone)}` : 'Count'}
            close={close}
            size={620}
        >
            <div className="count-parts" data-testid="count">
                <Stale query={count.error ? count : parts} />
                {error && !(count.data && parts.data) ? (
                    <Trouble
                        error={error}
                        what="The count"
                        retry={() => {
                            void count.refetch();
                            void parts.refetch();
                        }}
                    />
                ) : !count.data || !parts.data ? (
                    <Lines count={8} />
                ) : (
                    <Content count={count.data} parts={parts.data} zone={zone} />
                )}
            </div>
        </Beside>
    );
}
