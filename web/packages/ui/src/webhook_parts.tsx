// Webhooks as both apps show them: endpoints in a list, one of them in full, and its log.

import type { ReactNode } from 'react';
import type { Attempt, Endpoint } from '@mobilytics/api';
import { Beside, Facts, prettyJson } from './beside';
import { count } from './format';
import { RemoteTable } from './table/remote_table';
import type { RemoteColumn, RemoteFilter, RemoteTableProps } from './table/remote_table';
import {
    EndpointTag,
    OutcomeTag,
    eventsText,
    kEndpointStates,
    nextTry,
    waitingText,
} from './webhook_states';
import { When } from './when';

/** `company`: of a list that has those of many. */
export function endpointColumns(
    zone: string,
    company?: RemoteColumn<Endpoint>,
): RemoteColumn<Endpoint>[] {
    return [
        {
            id: 'url',
            header: 'Sent to',
            sort: 'url',
            cell: row => (
                <span title={row.url}>
                    <span className="row-name">{row.url.replace(/^https:\/\//, '')}</span>
                    {row.description && <span className="row-under">{row.description}</span>}
                </span>
            ),
            text: row => row.url,
        },
        ...(company ? [company] : []),
        {
            id: 'state',
            header: 'State',
            sort: 'state',
            cell: row => <EndpointTag endpoint={row} />,
            text: row => row.state,
        },
        {
            id: 'events',
            header: 'Told of',
            optional: company !== undefined,
            cell: row => (
                <span title={row.event_types.join(', ')}>{eventsText(row.event_types)}</span>
            ),
            text: row => row.event_types.join(' '),
        },
        {
            id: 'delivered',
            header: 'Delivered in 24 h',
            number: true,
            cell: row => count(row.delivered_day),
            text: row => row.delivered_day,
        },
        {
            id: 'failed',
            header: 'Failed in 24 h',
            number: true,
            cell: row => count(row.failed_day),
            text: row => row.failed_day,
        },
        { id: 'waiting', header: 'Waiting', cell: waitingText, text: row => row.waiting },
        {
            id: 'created_at',
            header: 'Since',
            sort: 'created_at',
            optional: true,
            cell: row => <When at={row.created_at} zone={zone} />,
            text: row => row.created_at,
        },
    ];
}

export const kEndpointStateFilter: RemoteFilter = {
    name: 'state',
    label: 'State',
    kind: 'choice',
    choices: Object.entries(kEndpointStates).map(([value, { word }]) => ({ value, label: word })),
};

interface EndpointFactsProps {
    endpoint: Endpoint;
    zone: string;
    /** The backoffice says whose it is. */
    company?: ReactNode;
}

export function EndpointFacts({ endpoint, zone, company }: EndpointFactsProps) {
    return (
        <Facts
            beside={company === undefined}
            facts={[
                company !== undefined && ['Company', company],
                ['State', <EndpointTag endpoint={endpoint} />],
                endpoint.state !== 'enabled' && [
                    'Which means',
                    kEndpointStates[endpoint.state].means,
                ],
                [
                    'Told of',
                    <span title={endpoint.event_types.join(', ')}>
                        {eventsText(endpoint.event_types)}
                    </span>,
                ],
                [
                    'In 24 hours',
                    `${count(endpoint.delivered_day)} delivered, ${count(endpoint.failed_day)} failed`,
                ],
                ['Waiting', waitingText(endpoint)],
                endpoint.held_until !== undefined && [
                    'Asked again',
                    <>
                        <When at={endpoint.held_until} zone={zone} relative /> by one message, after{' '}
                        {count(endpoint.failures_in_row)} that failed
                    </>,
                ],
                [
                    'Secret',
                    endpoint.secret_rotated_at ? (
                        <>
                            changed <When at={endpoint.secret_rotated_at} zone={zone} relative />
                        </>
                    ) : (
                        'as it was made'
                    ),
                ],
            ]}
        />
    );
}

const attemptColumns = (zone: string): RemoteColumn<Attempt>[] => [
    {
        id: 'begun_at',
        header: 'When',
        sort: 'begun_at',
        cell: row => <When at={row.begun_at} zone={zone} relative />,
        text: row => row.begun_at,
    },
    { id: 'event', header: 'Event', cell: row => row.event_type, text: row => row.event_type },
    {
        id: 'outcome',
        header: 'Outcome',
        cell: row => (
            <>
                <OutcomeTag attempt={row} />
                {row.outcome !== 'delivered' && row.detail && (
                    <span className="row-under" title={row.detail}>
                        {row.detail}
                    </span>
                )}
            </>
        ),
        text: row => row.outcome,
    },
    { id: 'number', header: 'Try', number: true, cell: row => row.number, text: row => row.number },
    {
        id: 'took_ms',
        header: 'Took',
        number: true,
        cell: row => `${count(row.took_ms)} ms`,
        text: row => row.took_ms,
    },
    {
        id: 'next_at',
        header: 'Next try',
        cell: row => <When at={nextTry(row)} zone={zone} relative />,
        text: row => row.next_at,
    },
    {
        id: 'message_id',
        header: 'Message',
        optional: true,
        cell: row => <span className="code">{row.message_id}</span>,
        text: row => row.message_id,
    },
];

interface AttemptTableProps extends Pick<
    RemoteTableProps<Attempt>,
    'name' | 'load' | 'open' | 'openKey' | 'prefix' | 'pageSize' | 'refreshMs'
> {
    endpoint: Endpoint;
    zone: string;
    empty: string;
}

export function AttemptTable({ endpoint, zone, empty, ...rest }: AttemptTableProps) {
    return (
        <RemoteTable<Attempt>
            {...rest}
            caption="Attempts"
            queryKey={['attempts', endpoint.id]}
            columns={attemptColumns(zone)}
            filters={[
                {
                    name: 'failed',
                    label: 'Outcome',
                    kind: 'choice',
                    choices: [
                        { value: 'true', label: 'Failed' },
                        { value: 'false', label: 'All' },
                    ],
                },
            ]}
            rowKey={row => row.id}
            rowLabel={row => `${row.event_type}, try ${row.number}`}
            empty={{ title: 'Nothing was sent yet', text: empty }}
        />
    );
}

interface AttemptBesideProps {
    attempt: Attempt;
    zone: string;
    close: () => void;
    /** What can be done about it. */
    children: ReactNode;
}

export function AttemptBeside({ attempt, zone, close, children }: AttemptBesideProps) {
    return (
        <Beside title={attempt.event_type} close={close}>
            <Facts
                facts={[
                    ['Outcome', <OutcomeTag attempt={attempt} />],
                    ['Sent', <When at={attempt.begun_at} zone={zone} />],
                    ['Took', `${count(attempt.took_ms)} ms`],
                    ['Try', String(attempt.number)],
                    ['Next try', <When at={nextTry(attempt)} zone={zone} nothing="none" />],
                    ['webhook-id', <span className="code">{attempt.message_id}</span>],
                ]}
            />
            {attempt.detail && (
                <div className="drawer-part">
                    <h3>{attempt.outcome === 'delivered' ? 'It answered' : 'What went wrong'}</h3>
                    <pre className="json" tabIndex={0}>
                        {prettyJson(attempt.detail)}
                    </pre>
                </div>
            )}
            {attempt.body && (
                <div className="drawer-part">
                    <h3>What was sent</h3>
                    <pre className="json" tabIndex={0}>
                        {prettyJson(attempt.body)}
                    </pre>
                </div>
            )}
            <div className="drawer-part">{children}</div>
        </Beside>
    );
}
