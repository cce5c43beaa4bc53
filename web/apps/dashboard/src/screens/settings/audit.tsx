// Who did what in this company.

import { useState } from 'react';
import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { client, queryText } from '@mobilytics/api';
import type { AuditRecord } from '@mobilytics/api';
import {
    RecordBeside,
    RemoteTable,
    auditColumns,
    kAuditFilters,
    readState,
    useListState,
    useMay,
    useSession,
    zoned,
} from '@mobilytics/ui';
import type { RemoteFilter } from '@mobilytics/ui';
import { membersQuery } from '../../data/queries';

function Export({ filters, zone }: { filters: RemoteFilter[]; zone: string }) {
    const search = useSearch({ strict: false }) as Record<string, unknown>;
    const may = useMay('export_audit');
    const state = zoned(
        readState(
            search,
            filters.map(({ name }) => name),
        ),
        filters,
        zone,
    );
    const at = (format: string) =>
        `/api/v1/audit/export${queryText({ ...state.filters, q: state.q, format })}`;
    return (
        <Menu width={230}>
            <Menu.Target>
                <Button size="xs" variant="default" disabled={!may}>
                    Export
                </Button>
            </Menu.Target>
            <Menu.Dropdown>
                <Menu.Label>What the filters leave, the oldest first</Menu.Label>
                <Menu.Item component="a" href={at('csv')} download>
                    CSV, for a spreadsheet
                </Menu.Item>
                <Menu.Item component="a" href={at('cloudevents')} download>
                    CloudEvents, for a program
                </Menu.Item>
            </Menu.Dropdown>
        </Menu>
    );
}

export function Audit() {
    const { company } = useSession();
    const zone = company.time_zone;
    const members = useQuery(membersQuery);
    const [open, setOpen] = useState<AuditRecord>();
    const naming = (id: string) => members.data?.find(member => member.id === id)?.name;
    const filters: RemoteFilter[] = [
        {
            name: 'actor',
            label: 'Who',
            kind: 'choice',
            choices: (members.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
        },
        ...kAuditFilters,
    ];
    const { change } = useListState(filters.map(({ name }) => name));
    return (
        <div className="page">
            <p className="page-about">
                Every change and every sensitive look, of people, keys, sensors and our staff.
                Nothing of it can be changed or taken out. Times are in {zone}.
            </p>
            <RemoteTable<AuditRecord>
                name="audit"
                caption="Audit"
                queryKey={['audit']}
                load={client.page('list_audit')}
                columns={auditColumns(zone, naming)}
                filters={filters}
                searches="Search all of it"
                rowKey={row => row.id}
                rowLabel={row => row.action}
                open={setOpen}
                openKey={open?.id}
                zone={zone}
                create={<Export filters={filters} zone={zone} />}
                empty={{
                    title: 'Nothing has been done yet',
                    text: 'As soon as somebody changes something it stands here, with who and why.',
                }}
            />
            {open && (
                <RecordBeside
                    record={open}
                    zone={zone}
                    naming={naming}
                    narrow={by => {
                        change({ q: undefined, filters: { ...by } });
                        setOpen(undefined);
                    }}
                    close={() => setOpen(undefined)}
                />
            )}
        </div>
    );
}
