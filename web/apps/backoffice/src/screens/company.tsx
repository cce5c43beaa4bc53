// One company: what it is, who is in it, what it has below it, and whether it may go on.

import { useState } from 'react';
import { Button, Tabs } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { client } from '@mobilytics/api';
import type { CompanyState, StaffCompany } from '@mobilytics/api';
import { Facts, Lines, Panel, RemoteTable, Trouble, When, count } from '@mobilytics/ui';
import { useMay, useZone } from '../data/session';
import { AuditTable } from './audit';
import { companyColumns } from './companies';
import { CompanyName } from './company_name';
import { ContactTable } from './contact_table';
import { ImpersonationTable } from './impersonations';
import { PeopleTable } from './people';
import { SessionTable } from './session_table';
import { StaffDeed } from './staff_deed';
import { CompanyStateTag, kKinds } from './words';

function Children({ company }: { company: StaffCompany }) {
    const navigate = useNavigate();
    return (
        <RemoteTable<StaffCompany>
            name="children"
            caption="Companies below"
            prefix="below."
            queryKey={['staff_companies', 'below', company.id]}
            // The contract finds by name, not by what is above: all are asked, and sifted here.
            load={async (_, signal) => ({
                items: (await client.all('staff_list_companies', signal)).filter(
                    each => each.parent_id === company.id,
                ),
            })}
            columns={companyColumns(useZone()).map(({ sort: _, ...column }) => column)}
            rowKey={row => row.id}
            rowLabel={row => row.name}
            open={row => void navigate({ to: `/companies/${row.id}` as never })}
            empty={{ title: 'No company below it', text: 'It has brought nobody else here.' }}
        />
    );
}

const kTabs = ['people', 'contacts', 'sessions', 'below', 'impersonations', 'audit'] as const;
const kTabWords: Record<(typeof kTabs)[number], string> = {
    people: 'People',
    contacts: 'Contacts',
    sessions: 'Sessions',
    below: 'Companies below',
    impersonations: 'Impersonations',
    audit: 'Audit',
};

export function Company() {
    const { companyId = '' } = useParams({ strict: false }) as { companyId?: string };
    const search = useSearch({ strict: false }) as { tab?: string };
    const zone = useZone();
    const navigate = useNavigate();
    const queries = useQueryClient();
    const mayChange = useMay('staff_change_company');
    const maySessions = useMay('staff_list_sessions');
    const mayAudit = useMay('list_backoffice_audit');
    const [changing, setChanging] = useState<CompanyState>();
    const params = { company_id: companyId };
    const found = useQuery({
        queryKey: ['staff_company', companyId],
        queryFn: ({ signal }) => client.call('staff_find_company', { params, signal }),
    });
    if (found.error && !found.data) {
        return (
            <div className="page">
                <Trouble
                    error={found.error}
                    what="The company"
                    retry={() => void found.refetch()}
                />
            </div>
        );
    }
    if (!found.data) {
        return (
            <div className="page">
                <Lines count={8} />
            </div>
        );
    }
    const company = found.data;
    const tabs = kTabs.filter(
        tab => (tab !== 'sessions' || maySessions) && (tab !== 'audit' || mayAudit),
    );
    const tab = tabs.find(each => each === search.tab) ?? 'people';
    const active = company.state === 'active';
    return (
        <div className="page">
            <Panel
                title={company.name}
                about={kKinds[company.kind]}
                actions={
                    mayChange &&
                    company.kind !== 'house' && (
                        <Button
                            size="xs"
                            variant="default"
                            mr={6}
                            c={active ? 'var(--bad)' : undefined}
                            onClick={() => setChanging(active ? 'suspended' : 'active')}
                        >
                            {active ? 'Suspend…' : 'Let it go on…'}
                        </Button>
                    )
                }
            >
                <Facts
                    beside
                    facts={[
                        ['State', <CompanyStateTag state={company.state} />],
                        company.parent_id !== undefined && [
                            'Under',
                            <CompanyName id={company.parent_id} />,
                        ],
                        ['People', count(company.people)],
                        ['Time zone', company.time_zone],
                        ['Currency', company.currency],
                        ['Privacy', company.privacy_mode === 'strict' ? 'Strict' : 'Standard'],
                        ['Since', <When at={company.added_at} zone={zone} />],
                        ['Id', <span className="code">{company.id}</span>],
                    ]}
                />
            </Panel>
            <Tabs
                value={tab}
                onChange={value =>
                    void navigate({
                        to: '.',
                        search: { tab: value === 'people' ? undefined : value } as never,
                    })
                }
                keepMounted={false}
            >
                <Tabs.List mb="md" className="scrolling-tabs">
                    {tabs.map(each => (
                        <Tabs.Tab key={each} value={each}>
                            {kTabWords[each]}
                        </Tabs.Tab>
                    ))}
                </Tabs.List>
                <Tabs.Panel value="people">
                    <PeopleTable companyId={company.id} prefix="people." />
                </Tabs.Panel>
                <Tabs.Panel value="contacts">
                    <ContactTable companyId={company.id} prefix="contacts." />
                </Tabs.Panel>
                <Tabs.Panel value="sessions">
                    <SessionTable companyId={company.id} prefix="sessions." />
                </Tabs.Panel>
                <Tabs.Panel value="below">
                    <Children company={company} />
                </Tabs.Panel>
                <Tabs.Panel value="impersonations">
                    <ImpersonationTable companyId={company.id} prefix="looks." />
                </Tabs.Panel>
                <Tabs.Panel value="audit">
                    <AuditTable companyId={company.id} prefix="audit." />
                </Tabs.Panel>
            </Tabs>
            {changing && (
                <StaffDeed
                    title={active ? `Suspend ${company.name}?` : `Let ${company.name} go on?`}
                    means={
                        active
                            ? [
                                  `${count(company.people)} people cannot get in any more; their sessions end.`,
                                  'Its keys are refused, its webhooks wait.',
                                  'Its sensors go on measuring: nothing is lost.',
                              ]
                            : [
                                  `${count(company.people)} people can sign in again.`,
                                  'Its keys work again, and what waited is sent.',
                              ]
                    }
                    confirm={active ? 'Suspend' : 'Let it go on'}
                    harmless={!active}
                    run={async body => {
                        const reply = await client.call('staff_change_company', {
                            params,
                            body: { ...body, state: changing },
                        });
                        queries.setQueryData(['staff_company', companyId], reply);
                        void queries.invalidateQueries({ queryKey: ['staff_companies'] });
                    }}
                    done={active ? `${company.name} is suspended.` : `${company.name} goes on.`}
                    close={() => setChanging(undefined)}
                />
            )}
        </div>
    );
}
