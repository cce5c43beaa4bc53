// Who of us sees what a customer sees, now and before.

import { useState } from 'react';
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { client } from '@mobilytics/api';
import type { Impersonation } from '@mobilytics/api';
import { ConfirmDialog, RemoteTable, RowMenu, Tag, When, useSession } from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { useMay, useZone } from '../data/session';
import { CompanyName } from './company_name';
import { StaffDeed } from './staff_deed';

const columnsOf = (zone: string): RemoteColumn<Impersonation>[] => [
    {
        id: 'staff',
        header: 'Who',
        cell: row => <span className="row-name">{row.staff_name}</span>,
        text: row => row.staff_name,
    },
    { id: 'as', header: 'As', cell: row => row.person_name, text: row => row.person_name },
    {
        id: 'company',
        header: 'Of',
        cell: row => <CompanyName id={row.company_id} />,
        text: row => row.company_name,
    },
    {
        id: 'state',
        header: 'State',
        cell: row =>
            row.state === 'running' ? (
                <Tag kind="warn">{row.may_write ? 'Running, may write' : 'Running'}</Tag>
            ) : row.state === 'waiting' ? (
                <Tag kind="waiting">The company is asked</Tag>
            ) : (
                <Tag kind="idle">Over</Tag>
            ),
        text: row => row.state,
    },
    {
        id: 'reason',
        header: 'Why',
        cell: row => (
            <span title={row.reason}>
                <span className="muted">{row.ticket}</span> {row.reason}
            </span>
        ),
        text: row => `${row.ticket}: ${row.reason}`,
    },
    {
        id: 'begun_at',
        header: 'Begun',
        sort: 'begun_at',
        cell: row => <When at={row.begun_at} zone={zone} relative />,
        text: row => row.begun_at,
    },
    {
        id: 'expires_at',
        header: 'Until',
        cell: row => <When at={row.ended_at ?? row.expires_at} zone={zone} />,
        text: row => row.ended_at ?? row.expires_at,
    },
];

export function ImpersonationTable({ companyId, prefix }: { companyId?: string; prefix?: string }) {
    const { user } = useSession();
    const zone = useZone();
    const queries = useQueryClient();
    const mayEnd = useMay('staff_end_impersonation');
    const mayGrant = useMay('grant_impersonation_write');
    const [doing, setDoing] = useState<{ row: Impersonation; deed: 'end' | 'grant' }>();
    const load = client.page('staff_list_impersonations');
    const again = () => queries.invalidateQueries({ queryKey: ['staff_impersonations'] });
    return (
        <>
            <RemoteTable<Impersonation>
                name="all-impersonations"
                caption="Impersonations"
                prefix={prefix ?? ''}
                queryKey={['staff_impersonations', companyId]}
                load={(ask, signal) =>
                    load(companyId ? { ...ask, company_id: companyId } : ask, signal)
                }
                columns={columnsOf(zone)}
                sorted="-begun_at"
                rowKey={row => row.id}
                rowLabel={row => `${row.staff_name} as ${row.person_name}`}
                actions={row =>
                    row.state !== 'ended' && (
                        <RowMenu
                            of={`${row.staff_name} as ${row.person_name}`}
                            deeds={[
                                mayGrant &&
                                    !row.may_write && {
                                        label: 'Let them write…',
                                        disabled: row.staff_id === user.id,
                                        run: () => setDoing({ row, deed: 'grant' }),
                                    },
                                mayEnd && {
                                    label: 'End it…',
                                    run: () => setDoing({ row, deed: 'end' }),
                                    danger: true,
                                },
                            ]}
                        />
                    )
                }
                refreshMs={10_000}
                {...(companyId
                    ? {}
                    : {
                          create: (
                              <Button component={Link} to={'/people' as never} size="xs">
                                  Choose whom to see as
                              </Button>
                          ),
                      })}
                empty={{
                    title: 'Nobody has looked in',
                    text: 'To help somebody, see what they see: choose them among the people, and say why.',
                    action: (
                        <Button component={Link} to={'/people' as never} size="xs">
                            To the people
                        </Button>
                    ),
                }}
            />
            {doing?.deed === 'end' && (
                <ConfirmDialog
                    title="End this impersonation?"
                    means={[
                        `${doing.row.staff_name} sees nothing of ${doing.row.company_name} any more, at once.`,
                    ]}
                    confirm="End it"
                    run={() =>
                        client
                            .call('staff_end_impersonation', {
                                params: { impersonation_id: doing.row.id },
                            })
                            .then(again)
                    }
                    done="It has ended."
                    close={() => setDoing(undefined)}
                />
            )}
            {doing?.deed === 'grant' && (
                <StaffDeed
                    title={`Let ${doing.row.staff_name} write?`}
                    means={[
                        `Until it ends they may change what ${doing.row.person_name} may change at ${doing.row.company_name}.`,
                        'Passwords, keys, payment, roles and exports stay shut.',
                        'The company sees it.',
                    ]}
                    confirm="Let them write"
                    run={body =>
                        client
                            .call('grant_impersonation_write', {
                                params: { impersonation_id: doing.row.id },
                                body,
                            })
                            .then(again)
                    }
                    done="They may write now."
                    close={() => setDoing(undefined)}
                />
            )}
        </>
    );
}

export function Impersonations() {
    return (
        <div className="page">
            <ImpersonationTable />
        </div>
    );
}
