// Who is signed in where; and the end of a session that should not be.

import { Button } from '@mantine/core';
import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { StaffSession } from '@mobilytics/api';
import { ConfirmDialog, RemoteTable, When, browserText, useSession } from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { useCompanyFilter, usePersonFilter } from '../data/names';
import { useMay, useZone } from '../data/session';

const columnsOf = (zone: string, own: string): RemoteColumn<StaffSession>[] => [
    {
        id: 'person',
        header: 'Who',
        cell: row => (
            <>
                <span className="row-name">{row.person_name}</span>
                {row.id === own && <span className="muted"> you, here</span>}
            </>
        ),
        text: row => row.person_name,
    },
    { id: 'company', header: 'For', cell: row => row.company_name, text: row => row.company_name },
    {
        id: 'browser',
        header: 'With',
        cell: row => <span title={row.user_agent}>{browserText(row.user_agent)}</span>,
        text: row => row.user_agent,
    },
    { id: 'address', header: 'From', cell: row => row.address, text: row => row.address },
    {
        id: 'seen_at',
        header: 'Seen',
        sort: 'seen_at',
        cell: row => <When at={row.seen_at} zone={zone} relative />,
        text: row => row.seen_at,
    },
    {
        id: 'begun_at',
        header: 'Begun',
        sort: 'begun_at',
        cell: row => <When at={row.begun_at} zone={zone} />,
        text: row => row.begun_at,
    },
    {
        id: 'expires_at',
        header: 'Ends at the latest',
        optional: true,
        cell: row => <When at={row.expires_at} zone={zone} />,
        text: row => row.expires_at,
    },
];

interface SessionTableProps {
    personId?: string;
    companyId?: string;
    prefix?: string;
}

export function SessionTable({ personId, companyId, prefix }: SessionTableProps) {
    const { id: own } = useSession();
    const zone = useZone();
    const queries = useQueryClient();
    const mayEnd = useMay('staff_end_session');
    const [ending, setEnding] = useState<StaffSession>();
    const byCompany = useCompanyFilter();
    const byPerson = usePersonFilter('person_id', 'Who');
    const load = client.page('staff_list_sessions');
    // Of one person: who it is stands above.
    const columns = columnsOf(zone, own).filter(
        ({ id }) => !personId || (id !== 'person' && id !== 'begun_at'),
    );
    return (
        <>
            <RemoteTable<StaffSession>
                name="all-sessions"
                caption="Sessions"
                prefix={prefix ?? ''}
                queryKey={['staff_sessions', personId, companyId]}
                load={(ask, signal) =>
                    load(
                        {
                            ...ask,
                            ...(personId ? { person_id: personId } : {}),
                            ...(companyId ? { company_id: companyId } : {}),
                        },
                        signal,
                    )
                }
                columns={columns}
                sorted="-seen_at"
                {...(personId || companyId
                    ? { pageSize: 20 }
                    : {
                          filters: [byPerson, byCompany],
                      })}
                rowKey={row => row.id}
                rowLabel={row => row.person_name}
                actions={row =>
                    mayEnd &&
                    row.id !== own && (
                        <Button
                            size="compact-xs"
                            variant="default"
                            aria-label={`End it: the session of ${row.person_name} from ${row.address}`}
                            onClick={() => setEnding(row)}
                        >
                            End it
                        </Button>
                    )
                }
                refreshMs={20_000}
                empty={{
                    title: 'Nobody is signed in',
                    text: 'Sessions that have ended are not here.',
                }}
            />
            {ending && (
                <ConfirmDialog
                    title={`End the session of ${ending.person_name}?`}
                    means={[
                        `${browserText(ending.user_agent)} at ${ending.address} has to sign in again.`,
                        'It stands in the audit.',
                    ]}
                    confirm="End it"
                    keep="Leave it"
                    run={async () => {
                        await client.call('staff_end_session', {
                            params: { session_id: ending.id },
                        });
                        await queries.invalidateQueries({ queryKey: ['staff_sessions'] });
                    }}
                    done="The session has ended."
                    close={() => setEnding(undefined)}
                />
            )}
        </>
    );
}

export function Sessions() {
    return (
        <div className="page">
            <SessionTable />
        </div>
    );
}
