// Everybody who may sign in, and what they belong to.

import { useState } from 'react';
import { Button, Group } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { StaffPerson } from '@mobilytics/api';
import { Beside, Facts, RemoteTable, Tag, When, kNothing, kRoles } from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { useCompanyFilter } from '../data/names';
import { useMay, useZone } from '../data/session';
import { CompanyName } from './company_name';
import { StaffDeed } from './staff_deed';
import { StartImpersonation } from './start_impersonation';
import { SessionTable } from './session_table';

const columnsOf = (zone: string): RemoteColumn<StaffPerson>[] => [
    {
        id: 'name',
        header: 'Name',
        sort: 'name',
        cell: row =>
            row.name ? (
                <span className="row-name">{row.name}</span>
            ) : (
                <span className="muted">Erased</span>
            ),
        text: row => row.name,
    },
    {
        id: 'email',
        header: 'E-mail',
        sort: 'email',
        cell: row => (row.name ? row.email : <span className="muted">{kNothing}</span>),
        text: row => row.email,
    },
    {
        id: 'companies',
        header: 'Belongs to',
        cell: row => (
            <span title={row.companies.map(each => each.company_name).join(', ')}>
                {row.companies.slice(0, 2).map((each, i) => (
                    <span key={each.company_id}>
                        {i > 0 && ', '}
                        {each.company_name}{' '}
                        <span className="muted">{kRoles[each.role].word.toLowerCase()}</span>
                    </span>
                ))}
                {row.companies.length > 2 && ` and ${row.companies.length - 2} more`}
                {row.companies.length === 0 && <span className="muted">nothing</span>}
            </span>
        ),
        text: row => row.companies.map(each => `${each.company_name} (${each.role})`).join(', '),
    },
    {
        id: 'second_factor',
        header: 'Second factor',
        cell: row =>
            row.has_second_factor ? <Tag kind="good">Yes</Tag> : <Tag kind="idle">Not yet</Tag>,
        text: row => row.has_second_factor,
    },
    {
        id: 'seen_at',
        header: 'Last here',
        cell: row => <When at={row.seen_at} zone={zone} relative nothing="never" />,
        text: row => row.seen_at,
    },
    {
        id: 'added_at',
        header: 'Since',
        sort: 'added_at',
        optional: true,
        cell: row => <When at={row.added_at} zone={zone} />,
        text: row => row.added_at,
    },
    {
        id: 'id',
        header: 'Id',
        optional: true,
        cell: row => <span className="code">{row.id}</span>,
        text: row => row.id,
    },
];

function PersonBeside({ person, close }: { person: StaffPerson; close: () => void }) {
    const zone = useZone();
    const queries = useQueryClient();
    const mayReset = useMay('staff_reset_password');
    const mayRemove = useMay('staff_reset_second_factor');
    const mayImpersonate = useMay('begin_impersonation');
    const maySessions = useMay('staff_list_sessions');
    const [doing, setDoing] = useState<'reset' | 'factors'>();
    const [removed, setRemoved] = useState(false);
    const hasFactor = person.has_second_factor && !removed;
    const [as, setAs] = useState<string>();
    return (
        <Beside title={person.name || 'Erased'} close={close} size={680}>
            <Facts
                facts={[
                    ['E-mail', person.email],
                    [
                        'Second factor',
                        hasFactor ? <Tag kind="good">Yes</Tag> : <Tag kind="idle">Not yet</Tag>,
                    ],
                    ['Since', <When at={person.added_at} zone={zone} />],
                    ['Last here', <When at={person.seen_at} zone={zone} nothing="never" />],
                    ['Id', <span className="code">{person.id}</span>],
                ]}
            />
            <div className="drawer-part">
                <h3>Belongs to</h3>
                <ul className="plain-list">
                    {person.companies.map(each => (
                        <li key={each.company_id}>
                            <div>
                                <b>
                                    <CompanyName id={each.company_id} />
                                </b>
                                <span className="muted">{kRoles[each.role].word}</span>
                            </div>
                            {mayImpersonate && each.kind !== 'house' && (
                                <Button
                                    size="compact-xs"
                                    variant="default"
                                    aria-label={`See what they see… ${each.company_name} as ${person.name}`}
                                    onClick={() => setAs(each.company_id)}
                                >
                                    See what they see…
                                </Button>
                            )}
                        </li>
                    ))}
                    {person.companies.length === 0 && <li className="muted">No company.</li>}
                </ul>
            </div>
            <Group gap="xs" mt="md">
                {mayReset && (
                    <Button size="xs" variant="default" onClick={() => setDoing('reset')}>
                        Send a link for a new password…
                    </Button>
                )}
                {mayRemove && hasFactor && (
                    <Button size="xs" variant="default" onClick={() => setDoing('factors')}>
                        Remove their second factor…
                    </Button>
                )}
            </Group>
            {maySessions && (
                <div className="drawer-part">
                    <h3>Sessions</h3>
                    <SessionTable personId={person.id} prefix="sessions." />
                </div>
            )}
            {doing === 'reset' && (
                <StaffDeed
                    title={`A link for ${person.name}`}
                    means={[
                        `A mail with a link goes to ${person.email}. You do not learn the password.`,
                        'Their password and sessions hold until they use it.',
                    ]}
                    confirm="Send it"
                    harmless
                    run={body =>
                        client.call('staff_reset_password', {
                            params: { person_id: person.id },
                            body,
                        })
                    }
                    done="The mail is on its way."
                    close={() => setDoing(undefined)}
                />
            )}
            {doing === 'factors' && (
                <StaffDeed
                    title={`The second factor of ${person.name}`}
                    means={[
                        'For who has lost their app, their passkeys and their recovery codes. Be sure who it is that asks.',
                        'All three are gone then, their sessions end, and a mail tells them.',
                        'Their password stays; where their company asks for a second factor, they set up a new one.',
                    ]}
                    confirm="Remove it"
                    asksCode
                    run={async (body, code) => {
                        await client.call('staff_reset_second_factor', {
                            params: { person_id: person.id },
                            body: { ...body, code },
                        });
                        setRemoved(true);
                        await queries.invalidateQueries({ queryKey: ['staff_people'] });
                    }}
                    done="It is removed; they are told by mail."
                    close={() => setDoing(undefined)}
                />
            )}
            {as && (
                <StartImpersonation
                    company={person.companies.find(each => each.company_id === as)!}
                    person={person}
                    close={() => setAs(undefined)}
                />
            )}
        </Beside>
    );
}

export function PeopleTable({ companyId, prefix }: { companyId?: string; prefix?: string }) {
    const zone = useZone();
    const [open, setOpen] = useState<StaffPerson>();
    const byCompany = useCompanyFilter();
    const load = client.page('staff_list_people');
    return (
        <>
            <RemoteTable<StaffPerson>
                name={companyId ? 'company-people' : 'all-people'}
                caption="People"
                prefix={prefix ?? ''}
                queryKey={['staff_people', companyId]}
                load={(ask, signal) =>
                    load(companyId ? { ...ask, company_id: companyId } : ask, signal)
                }
                columns={columnsOf(zone)}
                searches="Search name or e-mail"
                {...(companyId
                    ? {}
                    : {
                          filters: [byCompany],
                      })}
                rowKey={row => row.id}
                rowLabel={row => row.name}
                open={setOpen}
                openKey={open?.id}
                empty={{
                    title: 'Nobody',
                    text: 'People are invited by the admins of their company.',
                }}
            />
            {open && <PersonBeside person={open} close={() => setOpen(undefined)} />}
        </>
    );
}

export function People() {
    return (
        <div className="page">
            <PeopleTable />
        </div>
    );
}
