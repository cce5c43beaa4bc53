// Whether the system is well: what it says of itself, and what waits or was given up.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ApiError, client } from '@mobilytics/api';
import type { MailState } from '@mobilytics/api';
import { Facts, Lines, Panel, Tag, Trouble, ago, count } from '@mobilytics/ui';

const kRefreshMs = 5000;
const kLateS = 300;

interface Readiness {
    ready: boolean;
    checks: Record<string, string>;
}

/** The probe that a load balancer asks too. It says 503 with a body when something is wrong. */
async function readiness(signal: AbortSignal): Promise<Readiness> {
    let reply: Response;
    try {
        reply = await fetch('/readyz?verbose', { signal });
    } catch (cause) {
        if (cause instanceof DOMException) throw cause;
        throw new ApiError(0, 'unreachable', 'The server cannot be reached.');
    }
    const body = (await reply.json()) as Partial<Readiness>;
    return { ready: body.ready ?? reply.ok, checks: body.checks ?? {} };
}

function Checks() {
    const found = useQuery({
        queryKey: ['readiness'],
        queryFn: ({ signal }) => readiness(signal),
        refetchInterval: kRefreshMs,
    });
    if (found.error) {
        return <Trouble error={found.error} what="The probe" retry={() => void found.refetch()} />;
    }
    if (!found.data) return <Lines count={4} />;
    const { ready, checks } = found.data;
    const wrong = Object.values(checks).filter(state => state !== 'ok').length;
    return (
        <>
            <p className="headline-text" data-testid="health">
                {ready
                    ? 'The server is well and takes requests'
                    : `${wrong} ${wrong === 1 ? 'part is' : 'parts are'} not well: the server asks to be left out`}
            </p>
            <Facts
                facts={Object.entries(checks).map(([name, state]) => [
                    name,
                    state === 'ok' ? <Tag kind="good">Well</Tag> : <Tag kind="bad">{state}</Tag>,
                ])}
            />
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
            <Panel title="The server" about="As its readiness probe says, every five seconds">
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
