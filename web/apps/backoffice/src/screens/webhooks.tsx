// Endpoints of all companies: where nothing gets through, and why.

import { useState } from 'react';
import { client } from '@mobilytics/api';
import type { Endpoint } from '@mobilytics/api';
import {
    AttemptTable,
    Beside,
    EndpointFacts,
    RemoteTable,
    endpointColumns,
    kEndpointStateFilter,
} from '@mobilytics/ui';
import { useCompanyFilter } from '../data/names';
import { useZone } from '../data/session';
import { CompanyName } from './company_name';

const kRefreshMs = 15_000;

function EndpointBeside({ endpoint, close }: { endpoint: Endpoint; close: () => void }) {
    const zone = useZone();
    return (
        <Beside title={endpoint.url} close={close} size={760}>
            <EndpointFacts
                endpoint={endpoint}
                zone={zone}
                company={<CompanyName id={endpoint.company_id} />}
            />
            <div className="drawer-part">
                <h3>Attempts, without what was said in them</h3>
                <AttemptTable
                    name="endpoint-attempts"
                    prefix="attempts."
                    endpoint={endpoint}
                    zone={zone}
                    load={client.page('list_attempts_of_all', { endpoint_id: endpoint.id })}
                    pageSize={20}
                    refreshMs={kRefreshMs}
                    empty="Attempts are kept for 30 days."
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
                columns={endpointColumns(zone, {
                    id: 'company',
                    header: 'Company',
                    cell: row => <CompanyName id={row.company_id} />,
                    text: row => row.company_id,
                })}
                filters={[kEndpointStateFilter, byCompany]}
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
