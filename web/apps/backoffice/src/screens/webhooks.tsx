// Endpoints of all companies: where nothing gets through, and why.

import { useState } from 'react';
import { client } from '@mobilytics/api';
import type { Attempt, Endpoint } from '@mobilytics/api';
import {
    Beside,
    EndpointTag,
    Facts,
    OutcomeTag,
    RemoteTable,
    When,
    count,
    eventsText,
    kEndpointStates,
    waitingText,
} from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { useCompanyFilter } from '../data/names';
import { useZone } from '../data/session';
import { CompanyName } from './company_name';

const kRefreshMs = 15_000;

const columnsOf = (zone: string): RemoteColumn<Endpoint>[] => [
    {
        id: 'url',
        header: 'Sent to',
        cell: row => (
            <>
                <span className="row-name">{row.url.replace(/^https:\/\//, '')}</span>
                {row.description && <span className="row-under">{row.description}</span>}
            </>
        ),
        text: row => row.url,
    },
    {
        id: 'company',
        header: 'Of',
        cell: row => <CompanyName id={row.company_id} />,
        text: row => row.company_id,
    },
    {
        id: 'state',
        header: 'State',
        cell: row => <EndpointTag endpoint={row} />,
        text: row => row.state,
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
        optional: true,
        cell: row => <When at={row.created_at} zone={zone} />,
        text: row => row.created_at,
    },
];

const attemptColumns = (zone: string): RemoteColumn<Attempt>[] => [
    {
        id: 'begun_at',
        header: 'When',
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
];

function EndpointBeside({ endpoint, close }: { endpoint: Endpoint; close: () => void }) {
    const zone = useZone();
    return (
        <Beside title={endpoint.url} close={close} size={760}>
            <Facts
                facts={[
                    ['Of', <CompanyName id={endpoint.company_id} />],
                    ['State', <EndpointTag endpoint={endpoint} />],
                    ['Which means', kEndpointStates[endpoint.state].means],
                    ['Told of', eventsText(endpoint.event_types)],
                    ['Waiting', waitingText(endpoint)],
                ]}
            />
            <div className="drawer-part">
                <h3>Attempts, without what was said in them</h3>
                <RemoteTable<Attempt>
                    name="endpoint-attempts"
                    caption="Attempts"
                    prefix="attempts."
                    queryKey={['attempts', endpoint.id]}
                    load={client.page('list_attempts_of_all', { endpoint_id: endpoint.id })}
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
                    rowLabel={row => row.event_type}
                    pageSize={20}
                    refreshMs={kRefreshMs}
                    empty={{
                        title: 'Nothing was sent yet',
                        text: 'Attempts are kept for 30 days.',
                    }}
                />
            </div>
        </Beside>
    );
}

export function Webhooks() {
    const zone = useZone();
    const byCompany = useCompanyFilter();
    const [opened, setOpened] = useState<Endpoint>();
    return (
        <div className="page">
            <RemoteTable<Endpoint>
                name="all-webhooks"
                caption="Endpoints"
                queryKey={['all_endpoints']}
                load={client.page('list_all_endpoints')}
                columns={columnsOf(zone)}
                filters={[
                    {
                        name: 'state',
                        label: 'State',
                        kind: 'choice',
                        choices: Object.entries(kEndpointStates).map(([value, { word }]) => ({
                            value,
                            label: word,
                        })),
                    },
                    byCompany,
                ]}
                rowKey={row => row.id}
                rowLabel={row => row.url}
                open={setOpened}
                openKey={opened?.id}
                refreshMs={kRefreshMs}
                empty={{
                    title: 'No company has an endpoint',
                    text: 'Companies add theirs in the dashboard, under Settings, Webhooks.',
                }}
            />
            {opened && <EndpointBeside endpoint={opened} close={() => setOpened(undefined)} />}
        </div>
    );
}
