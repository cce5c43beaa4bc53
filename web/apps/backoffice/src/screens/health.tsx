// Whether the system is well: each thing that it looks at in itself, what to do about what is not,
// and what waits or was given up.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { client } from '@mobilytics/api';
import type { Health as HealthReply, HealthCheck, HealthState, MailState } from '@mobilytics/api';
import { Lines, Panel, Tag, Trouble, When, ago, count } from '@mobilytics/ui';
import type { TagKind } from '@mobilytics/ui';
import { useZone } from '../data/session';

const kRefreshMs = 5000;
const kLateS = 300;

const kStates: Record<HealthState, { kind: TagKind; word: string; rank: number }> = {
    fail: { kind: 'bad', word: 'Broken', rank: 0 },
    warn: { kind: 'warn', word: 'Look at it', rank: 1 },
    ok: { kind: 'good', word: 'Well', rank: 2 },
};

/** What is looked at, in words. What is not here yet is called as the contract has it. */
const kNames: Record<string, string> = {
    postgres: 'PostgreSQL',
    broker: 'MQTT broker',
    broker_session: 'Our session at the broker',
    store: 'Analytics store',
    disk: 'Room on the disk',
    disk_files: 'Files on the disk',
    jobs: 'Jobs',
    jobs_given_up: 'Dead letters',
    mail: 'Mail',
    webhooks: 'Webhooks',
    audit: 'Audit trail',
    backup: 'Backup',
    restore: 'Restore on trial',
    clock: 'Clock',
    clock_postgres: 'Clock of PostgreSQL',
    certificate_authority: 'Certificate of our authority',
    certificate_server: 'Certificate of the server',
    certificate_gateway: 'Certificate of the gateway',
    certificate_http: 'Certificate for browsers',
};

function nameOf(name: string): string {
    const words = name.replaceAll('_', ' ');
    return kNames[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

function headline({ checks }: HealthReply): string {
    const broken = checks.filter(({ state }) => state === 'fail').length;
    const odd = checks.filter(({ state }) => state === 'warn').length;
    if (broken > 0) return `${count(broken)} of ${count(checks.length)} parts are broken`;
    if (odd > 0) {
        return `It works. ${odd === 1 ? '1 thing wants' : `${count(odd)} things want`} looking at`;
    }
    return 'All is well';
}

function Check({ check, zone }: { check: HealthCheck; zone: string }) {
    const { kind, word } = kStates[check.state];
    return (
        <tr>
            <td data-label="">
                <span className="row-name">{nameOf(check.name)}</span>
            </td>
            <td data-label="State">
                <Tag kind={kind}>{word}</Tag>
            </td>
            <td data-label="Found">
                {check.told}
                {check.remedy && <span className="row-under remedy">{check.remedy}</span>}
            </td>
            <td data-label="Since">
                <When at={check.since} zone={zone} relative />
            </td>
        </tr>
    );
}

function Checks() {
    const zone = useZone();
    const found = useQuery({
        queryKey: ['health'],
        queryFn: ({ signal }) => client.call('find_health', { signal }),
        refetchInterval: kRefreshMs,
    });
    if (found.error && !found.data) {
        return <Trouble error={found.error} what="Health" retry={() => void found.refetch()} />;
    }
    if (!found.data) return <Lines count={8} />;
    const { checks, looked_at, up_since, versions } = found.data;
    const sorted = checks.toSorted((a, b) => kStates[a.state].rank - kStates[b.state].rank);
    return (
        <>
            <p className="headline-text" data-testid="health">
                {headline(found.data)}
            </p>
            <p className="fresh">
                <span data-warn={found.error ? true : undefined}>
                    {found.error ? 'Not asked anew since' : 'Looked at'}{' '}
                    <When at={looked_at} zone={zone} relative />
                </span>
                <span>
                    Up since <When at={up_since} zone={zone} />
                </span>
                {versions.map(({ name, version }) => (
                    <span key={name}>
                        {name} {version}
                    </span>
                ))}
            </p>
            <div className="data-table">
                <table className="rows wrapping">
                    <caption className="hidden">What is looked at</caption>
                    <thead>
                        <tr>
                            <th scope="col">What</th>
                            <th scope="col">State</th>
                            <th scope="col">Found</th>
                            <th scope="col">Since</th>
                        </tr>
                    </thead>
                    <tbody>
                        {sorted.map(check => (
                            <Check key={check.name} check={check} zone={zone} />
                        ))}
                    </tbody>
                </table>
            </div>
        </>
    );
}

function Queue() {
    const found = useQuery({
        queryKey: ['job_kinds'],
        queryFn: ({ signal }) => client.call('list_job_kinds', { signal }),
        refetchInterval: kRefreshMs,
    });
    if (found.error) {
        return <Trouble error={found.error} what="The queue" retry={() => void found.refetch()} />;
    }
    if (!found.data) return <Lines count={2} />;
    const { items } = found.data;
    const sum = (state: 'available' | 'running' | 'retryable' | 'discarded') =>
        items.reduce((all, kind) => all + kind[state], 0);
    const oldest = Math.max(0, ...items.map(kind => kind.oldest_age_s));
    return (
        <dl className="numbers">
            <div>
                <dt>Waiting</dt>
                <dd>{count(sum('available'))}</dd>
            </div>
            <div>
                <dt>Running</dt>
                <dd>{count(sum('running'))}</dd>
            </div>
            <div>
                <dt>To be retried</dt>
                <dd>{count(sum('retryable'))}</dd>
            </div>
            <div>
                <dt>Dead letters</dt>
                <dd data-warn={sum('discarded') > 0 || undefined}>
                    {sum('discarded') > 0 ? (
                        <Link to={'/jobs' as never} search={{ state: 'discarded' } as never}>
                            {count(sum('discarded'))}
                        </Link>
                    ) : (
                        0
                    )}
                </dd>
            </div>
            <div>
                <dt>Longest wait</dt>
                <dd data-warn={oldest > kLateS || undefined}>
                    {oldest === 0 ? 'none' : ago(oldest * 1000).replace(' ago', '')}
                </dd>
            </div>
        </dl>
    );
}

const kMostShown = 200;

function useCount(
    key: string,
    load: (signal: AbortSignal) => Promise<{ items: unknown[]; next_cursor?: string }>,
) {
    return useQuery({
        queryKey: ['health', key],
        queryFn: async ({ signal }) => {
            const page = await load(signal);
            return { count: page.items.length, more: page.next_cursor !== undefined };
        },
        refetchInterval: 4 * kRefreshMs,
    });
}

function Counted({
    label,
    found,
    to,
    search,
}: {
    label: string;
    found: ReturnType<typeof useCount>;
    to: string;
    search: object;
}) {
    const { data } = found;
    return (
        <div>
            <dt>{label}</dt>
            <dd data-warn={(data && data.count > 0) || undefined}>
                {found.error ? (
                    <small>not known</small>
                ) : !data ? (
                    <small>…</small>
                ) : data.count === 0 ? (
                    0
                ) : (
                    <Link to={to as never} search={search as never}>
                        {count(data.count)}
                        {data.more && ' or more'}
                    </Link>
                )}
            </dd>
        </div>
    );
}

function Outgoing() {
    const mailIn = (state: MailState) => (signal: AbortSignal) =>
        client.call('list_mail', { query: { state, limit: kMostShown }, signal });
    const refused = useCount('mail refused', mailIn('refused'));
    const failed = useCount('mail failed', mailIn('failed'));
    const hooks = useCount('hooks', signal =>
        client.call('list_all_endpoints', {
            query: { state: 'disabled_by_failures', limit: kMostShown },
            signal,
        }),
    );
    const gone = useCount('hooks gone', signal =>
        client.call('list_all_endpoints', {
            query: { state: 'disabled_by_receiver', limit: kMostShown },
            signal,
        }),
    );
    return (
        <dl className="numbers">
            <Counted
                label="Mail refused"
                found={refused}
                to="/mail"
                search={{ state: 'refused' }}
            />
            <Counted label="Mail given up" found={failed} to="/mail" search={{ state: 'failed' }} />
            <Counted
                label="Endpoints off, failing"
                found={hooks}
                to="/webhooks"
                search={{ state: 'disabled_by_failures' }}
            />
            <Counted
                label="Endpoints off, gone"
                found={gone}
                to="/webhooks"
                search={{ state: 'disabled_by_receiver' }}
            />
        </dl>
    );
}

export function Health() {
    return (
        <div className="page">
            <Panel title="The system" about="Looked at by itself, every ten seconds">
                <Checks />
            </Panel>
            <Panel title="The queue" about="Work that waits for the machinery">
                <Queue />
            </Panel>
            <Panel title="What goes out" about="To people and to other companies’ servers">
                <Outgoing />
            </Panel>
        </div>
    );
}
