// The queue: how deep by kind, what failed, and another try for it, singly or all that match.

import { useState } from 'react';
import { Button, Group, Tabs } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { client } from '@mobilytics/api';
import type { Job, JobKind, JobState } from '@mobilytics/api';
import {
    ConfirmDialog,
    Lines,
    Message,
    RemoteTable,
    Tag,
    Trouble,
    When,
    actionText,
    ago,
    count,
    kNothing,
} from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { useCompanyFilter } from '../data/names';
import { useMay, useZone } from '../data/session';
import { CompanyName } from './company_name';
import { cronText } from './cron';
import { JobBeside } from './job_beside';
import { JobTag, kJobStateChoices, mayCancel, mayRetry } from './job_words';

const kRefreshMs = 5000;
const kMost = 1000;
const kLateS = 300;

interface Narrowed {
    kind?: string;
    state?: JobState;
    company_id?: string;
    error_code?: string;
}

const columnsOf = (zone: string): RemoteColumn<Job>[] => [
    {
        id: 'kind',
        header: 'Job',
        sort: 'kind',
        cell: row => (
            <>
                <span className="row-name">{row.kind}</span>
                {row.errors[0] && row.state !== 'completed' && (
                    <span className="row-under">{row.errors.at(-1)!.message}</span>
                )}
            </>
        ),
        text: row => row.kind,
    },
    {
        id: 'state',
        header: 'State',
        sort: 'state',
        cell: row => <JobTag job={row} />,
        text: row => row.state,
    },
    {
        id: 'error',
        header: 'Last error',
        cell: row =>
            row.errors.length > 0 ? (
                <span className="code">{row.errors.at(-1)!.code}</span>
            ) : (
                <span className="muted">{kNothing}</span>
            ),
        text: row => row.errors.at(-1)?.code,
    },
    {
        id: 'company',
        header: 'For',
        cell: row => <CompanyName id={row.company_id} />,
        text: row => row.company_id,
    },
    {
        id: 'attempt',
        header: 'Tries',
        number: true,
        cell: row => (row.attempts_max ? `${row.attempt} of ${row.attempts_max}` : row.attempt),
        text: row => row.attempt,
    },
    {
        id: 'enqueued_at',
        header: 'Enqueued',
        sort: 'enqueued_at',
        cell: row => <When at={row.enqueued_at} zone={zone} relative />,
        text: row => row.enqueued_at,
    },
    {
        id: 'due_at',
        header: 'Due',
        sort: 'due_at',
        cell: row =>
            ['completed', 'cancelled', 'discarded', 'running'].includes(row.state) ? (
                <span className="muted">{kNothing}</span>
            ) : (
                <When at={row.due_at} zone={zone} relative />
            ),
        text: row => row.due_at,
    },
    {
        id: 'priority',
        header: 'Priority',
        optional: true,
        cell: row => row.priority,
        text: row => row.priority,
    },
    {
        id: 'id',
        header: 'Id',
        optional: true,
        cell: row => <span className="code">{row.id}</span>,
        text: row => row.id,
    },
];

const kCounts = ['available', 'scheduled', 'retryable', 'running', 'discarded'] as const;
const kHeads: Record<(typeof kCounts)[number], string> = {
    available: 'Waiting',
    scheduled: 'For later',
    retryable: 'To be retried',
    running: 'Running',
    discarded: 'Dead letters',
};

function Kinds({ kinds, choose }: { kinds: JobKind[]; choose: (narrowed: Narrowed) => void }) {
    if (kinds.length === 0) {
        return (
            <Message title="No job was ever enqueued">
                As soon as there is work (a mail, a webhook, a nightly task) it is counted here.
            </Message>
        );
    }
    return (
        <div className="data-table">
            <table className="rows">
                <caption className="hidden">Jobs by kind</caption>
                <thead>
                    <tr>
                        <th scope="col">Kind</th>
                        {kCounts.map(state => (
                            <th key={state} scope="col" className="number">
                                {kHeads[state]}
                            </th>
                        ))}
                        <th scope="col" className="number">
                            Longest wait
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {kinds.map(kind => (
                        <tr key={kind.kind}>
                            <td data-label="">
                                <button
                                    type="button"
                                    className="row-open row-name"
                                    onClick={() => choose({ kind: kind.kind })}
                                >
                                    {kind.kind}
                                </button>
                            </td>
                            {kCounts.map(state => (
                                <td key={state} className="number" data-label={kHeads[state]}>
                                    {kind[state] === 0 ? (
                                        <span className="muted">0</span>
                                    ) : (
                                        <button
                                            type="button"
                                            className="link-button"
                                            aria-label={`${count(kind[state])} of ${kind.kind}: ${kHeads[state]}`}
                                            onClick={() => choose({ kind: kind.kind, state })}
                                        >
                                            {state === 'discarded' ? (
                                                <Tag kind="bad">{count(kind[state])}</Tag>
                                            ) : (
                                                count(kind[state])
                                            )}
                                        </button>
                                    )}
                                </td>
                            ))}
                            <td className="number" data-label="Longest wait">
                                {kind.oldest_age_s > kLateS ? (
                                    <Tag kind="warn">{waitText(kind.oldest_age_s)}</Tag>
                                ) : (
                                    waitText(kind.oldest_age_s)
                                )}
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

function waitText(seconds: number): string {
    return seconds === 0
        ? kNothing
        : ago(seconds * 1000)
              .replace(' ago', '')
              .replace('just now', 'seconds');
}

function Schedules() {
    const zone = useZone();
    const queries = useQueryClient();
    const allowed = useMay('pause_job_schedule');
    const found = useQuery({
        queryKey: ['job_schedules'],
        queryFn: ({ signal }) => client.call('list_job_schedules', { signal }),
        refetchInterval: kRefreshMs,
    });
    const pausing = useMutation({
        mutationFn: (body: { name: string; paused: boolean }) =>
            client.call('pause_job_schedule', { body }),
        onSuccess: reply => queries.setQueryData(['job_schedules'], reply),
        onError: error => notifications.show({ color: 'red', message: error.message }),
    });
    if (found.error && !found.data) {
        return (
            <Trouble error={found.error} what="The schedules" retry={() => void found.refetch()} />
        );
    }
    if (!found.data) return <Lines count={5} />;
    if (found.data.items.length === 0) {
        return <Message title="Nothing runs by the clock">No module has a schedule.</Message>;
    }
    return (
        <div className="data-table">
            <table className="rows">
                <caption className="hidden">Schedules</caption>
                <thead>
                    <tr>
                        <th scope="col">Schedule</th>
                        <th scope="col">State</th>
                        <th scope="col">By the clock</th>
                        <th scope="col">Next</th>
                        <th scope="col">Last</th>
                        <th scope="col">
                            <span className="hidden">Actions</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {found.data.items.map(row => (
                        <tr key={row.name}>
                            <td data-label="">
                                <span className="row-name" title={row.kind}>
                                    {actionText(`.${row.name}`)}
                                </span>
                            </td>
                            <td data-label="State">
                                {row.paused ? (
                                    <Tag kind="warn">Paused</Tag>
                                ) : (
                                    <Tag kind="good">On</Tag>
                                )}
                            </td>
                            <td data-label="By the clock">
                                <span title={row.cron}>{cronText(row.cron)}</span>{' '}
                                <span className="muted">{row.time_zone}</span>
                            </td>
                            <td data-label="Next">
                                {row.paused ? (
                                    <span className="muted">{kNothing}</span>
                                ) : (
                                    <When at={row.next_run_at} zone={zone} relative />
                                )}
                            </td>
                            <td data-label="Last">
                                <When at={row.last_run_at} zone={zone} relative nothing="never" />
                            </td>
                            <td data-label="" className="row-end">
                                <Button
                                    size="compact-xs"
                                    variant="default"
                                    disabled={!allowed || pausing.isPending}
                                    aria-label={`${row.paused ? 'Resume' : 'Pause'} ${row.name}`}
                                    onClick={() =>
                                        pausing.mutate({ name: row.name, paused: !row.paused })
                                    }
                                >
                                    {row.paused ? 'Resume' : 'Pause'}
                                </Button>
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

interface BulkProps {
    jobs: Job[];
    done: () => void;
}

function Bulk({ jobs, done }: BulkProps) {
    const queries = useQueryClient();
    const allowed = useMay('retry_job');
    const [doing, setDoing] = useState<'retry_job' | 'cancel_job'>();
    const fit = {
        retry_job: jobs.filter(mayRetry),
        cancel_job: jobs.filter(mayCancel),
    };
    const companies = new Set(jobs.map(job => job.company_id ?? ''));
    const run = async (deed: 'retry_job' | 'cancel_job') => {
        const failed: string[] = [];
        for (const { id } of fit[deed]) {
            try {
                await client.call(deed, { params: { job_id: id } });
            } catch (error) {
                failed.push((error as Error).message);
            }
        }
        void queries.invalidateQueries({ queryKey: ['jobs'] });
        void queries.invalidateQueries({ queryKey: ['job_kinds'] });
        if (failed.length > 0) {
            throw new Error(`${failed.length} of ${fit[deed].length} could not: ${failed[0]}`);
        }
        done();
    };
    return (
        <>
            <Button
                size="compact-xs"
                disabled={!allowed || fit.retry_job.length === 0}
                onClick={() => setDoing('retry_job')}
            >
                Try {fit.retry_job.length} again
            </Button>
            <Button
                size="compact-xs"
                variant="default"
                disabled={!allowed || fit.cancel_job.length === 0}
                onClick={() => setDoing('cancel_job')}
            >
                Cancel {fit.cancel_job.length}
            </Button>
            {doing && (
                <ConfirmDialog
                    title={doing === 'retry_job' ? 'Try these again?' : 'Cancel these?'}
                    means={[
                        `${fit[doing].length} jobs of ${companies.size} ${companies.size === 1 ? 'company' : 'companies'}.`,
                        doing === 'retry_job'
                            ? 'Each begins anew with all its attempts. What they send to others may be sent once more.'
                            : 'What waits is not done. What runs is told to end, and may still finish.',
                    ]}
                    confirm={doing === 'retry_job' ? 'Try again' : 'Cancel them'}
                    keep="Leave them"
                    harmless={doing === 'retry_job'}
                    run={() => run(doing)}
                    close={() => setDoing(undefined)}
                />
            )}
        </>
    );
}

/** All that the filters match, whatever page they are on. */
function AllThatMatch({ narrowed, kinds }: { narrowed: Narrowed; kinds: JobKind[] }) {
    const queries = useQueryClient();
    const allowed = useMay('redrive_jobs');
    const [doing, setDoing] = useState<'redrive_jobs' | 'cancel_jobs'>();
    const dead = narrowed.state === 'discarded' || narrowed.state === 'cancelled';
    const deed = dead ? 'redrive_jobs' : 'cancel_jobs';
    const open = ['available', 'scheduled', 'retryable'].includes(narrowed.state ?? '');
    if (!allowed || (!dead && !open)) return null;
    const exact = !narrowed.company_id && !narrowed.error_code;
    const known = kinds
        .filter(({ kind }) => !narrowed.kind || kind === narrowed.kind)
        .reduce((sum, kind) => sum + kind[narrowed.state!], 0);
    return (
        <>
            <Button size="xs" variant="default" onClick={() => setDoing(deed)}>
                {dead ? 'Try all of these again' : 'Cancel all of these'}
            </Button>
            {doing && (
                <ConfirmDialog
                    title={dead ? 'Try all that match again?' : 'Cancel all that match?'}
                    means={[
                        exact
                            ? `${count(known)} jobs match now.`
                            : `Of ${count(known)} such jobs those that the filters leave.`,
                        `At most ${count(kMost)} at once; do it again for more.`,
                        narrowed.kind ? `Of the kind ${narrowed.kind}.` : 'Of every kind.',
                        narrowed.company_id ? (
                            <>
                                Of <CompanyName id={narrowed.company_id} /> only.
                            </>
                        ) : (
                            'Of every company.'
                        ),
                        dead && 'What they send to others may be sent once more.',
                    ]}
                    confirm={dead ? 'Try them again' : 'Cancel them'}
                    keep="Leave them"
                    harmless={dead}
                    run={async () => {
                        const reply = await client.call(doing, {
                            body: { ...narrowed, most: kMost },
                        });
                        notifications.show({
                            message: `${count(reply.count)} jobs ${dead ? 'are tried again' : 'are cancelled'}.`,
                        });
                        void queries.invalidateQueries({ queryKey: ['jobs'] });
                        void queries.invalidateQueries({ queryKey: ['job_kinds'] });
                    }}
                    close={() => setDoing(undefined)}
                />
            )}
        </>
    );
}

export function Jobs() {
    const zone = useZone();
    const navigate = useNavigate();
    const search = useSearch({ strict: false }) as Record<string, string | undefined>;
    const tab = search['tab'] === 'schedules' ? 'schedules' : 'jobs';
    const byCompany = useCompanyFilter();
    const kinds = useQuery({
        queryKey: ['job_kinds'],
        queryFn: ({ signal }) => client.call('list_job_kinds', { signal }),
        refetchInterval: kRefreshMs,
    });
    const change = (what: Record<string, string | undefined>) =>
        void navigate({
            to: '.',
            search: ((before: object) => ({ ...before, cursor: undefined, ...what })) as never,
        });
    const narrowed: Narrowed = {
        ...(search['kind'] ? { kind: search['kind'] } : {}),
        ...(search['state'] ? { state: search['state'] as JobState } : {}),
        ...(search['company_id'] ? { company_id: search['company_id'] } : {}),
        ...(search['error_code'] ? { error_code: search['error_code'] } : {}),
    };
    const items = kinds.data?.items ?? [];
    const sum = (state: (typeof kCounts)[number]) =>
        items.reduce((all, kind) => all + kind[state], 0);
    return (
        <div className="page">
            <Tabs
                value={tab}
                onChange={value =>
                    change({ tab: value === 'jobs' ? undefined : (value ?? undefined) })
                }
                keepMounted={false}
            >
                <Tabs.List mb="md">
                    <Tabs.Tab value="jobs">Queue</Tabs.Tab>
                    <Tabs.Tab value="schedules">Schedules</Tabs.Tab>
                </Tabs.List>
                <Tabs.Panel value="jobs">
                    {kinds.error && !kinds.data ? (
                        <Trouble
                            error={kinds.error}
                            what="The queue"
                            retry={() => void kinds.refetch()}
                        />
                    ) : !kinds.data ? (
                        <Lines count={4} />
                    ) : (
                        <>
                            <p className="headline-text">
                                {sum('discarded') > 0
                                    ? sum('discarded') === 1
                                        ? '1 dead letter needs somebody'
                                        : `${count(sum('discarded'))} dead letters need somebody`
                                    : `${count(sum('available') + sum('retryable'))} jobs wait, ${count(sum('running'))} run`}
                            </p>
                            <Kinds
                                kinds={items}
                                choose={({ kind, state }) => change({ kind, state })}
                            />
                        </>
                    )}
                    <h2 className="section-head">All jobs</h2>
                    <RemoteTable<Job>
                        name="jobs"
                        caption="Jobs"
                        queryKey={['jobs']}
                        load={client.page('list_jobs')}
                        columns={columnsOf(zone)}
                        filters={[
                            {
                                name: 'kind',
                                label: 'Kind',
                                kind: 'choice',
                                choices: items.map(({ kind }) => ({ value: kind, label: kind })),
                            },
                            {
                                name: 'state',
                                label: 'State',
                                kind: 'choice',
                                choices: kJobStateChoices,
                            },
                            { name: 'error_code', label: 'Last error', kind: 'text' },
                            byCompany,
                        ]}
                        rowKey={row => row.id}
                        rowLabel={row => `${row.kind} ${row.id}`}
                        open={row => change({ job: row.id, cursor: search['cursor'] })}
                        openKey={search['job']}
                        bulk={(jobs, done) => <Bulk jobs={jobs} done={done} />}
                        refreshMs={kRefreshMs}
                        create={
                            <Group gap={6} ml={6}>
                                <AllThatMatch narrowed={narrowed} kinds={items} />
                            </Group>
                        }
                        empty={{
                            title: 'No job is kept',
                            text: 'Jobs that are done are kept for a while, dead letters until somebody decides.',
                        }}
                    />
                </Tabs.Panel>
                <Tabs.Panel value="schedules">
                    <Schedules />
                </Tabs.Panel>
            </Tabs>
            {search['job'] && (
                <JobBeside
                    key={search['job']}
                    id={search['job']}
                    close={() => change({ job: undefined, cursor: search['cursor'] })}
                />
            )}
        </div>
    );
}
