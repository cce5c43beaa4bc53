// Every company, and where it stands.

import { useNavigate } from '@tanstack/react-router';
import { client } from '@mobilytics/api';
import type { StaffCompany } from '@mobilytics/api';
import { RemoteTable, When, count, kNothing } from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { useZone } from '../data/session';
import { CompanyStateTag, kKinds } from './words';

export const companyColumns = (zone: string): RemoteColumn<StaffCompany>[] => [
    {
        id: 'name',
        header: 'Company',
        sort: 'name',
        cell: row => <span className="row-name">{row.name}</span>,
        text: row => row.name,
    },
    {
        id: 'kind',
        header: 'Kind',
        sort: 'kind',
        cell: row => kKinds[row.kind],
        text: row => row.kind,
    },
    {
        id: 'state',
        header: 'State',
        sort: 'state',
        cell: row => <CompanyStateTag state={row.state} />,
        text: row => row.state,
    },
    {
        id: 'parent',
        header: 'Under',
        cell: row => row.parent_name ?? <span className="muted">{kNothing}</span>,
        text: row => row.parent_name,
    },
    {
        id: 'people',
        header: 'People',
        number: true,
        cell: row => count(row.people),
        text: row => row.people,
    },
    {
        id: 'time_zone',
        header: 'Time zone',
        cell: row => row.time_zone,
        text: row => row.time_zone,
    },
    {
        id: 'added_at',
        header: 'Since',
        sort: 'added_at',
        cell: row => <When at={row.added_at} zone={zone} />,
        text: row => row.added_at,
    },
    {
        id: 'privacy_mode',
        header: 'Privacy',
        optional: true,
        cell: row => (row.privacy_mode === 'strict' ? 'Strict' : 'Standard'),
        text: row => row.privacy_mode,
    },
    {
        id: 'id',
        header: 'Id',
        optional: true,
        cell: row => <span className="code">{row.id}</span>,
        text: row => row.id,
    },
];

export function Companies() {
    const navigate = useNavigate();
    return (
        <div className="page">
            <RemoteTable<StaffCompany>
                name="all-companies"
                caption="Companies"
                queryKey={['staff_companies']}
                load={client.page('staff_list_companies')}
                columns={companyColumns(useZone())}
                searches="Search by name"
                filters={[
                    {
                        name: 'kind',
                        label: 'Kind',
                        kind: 'choice',
                        choices: Object.entries(kKinds).map(([value, label]) => ({ value, label })),
                    },
                    {
                        name: 'state',
                        label: 'State',
                        kind: 'choice',
                        choices: [
                            { value: 'active', label: 'Active' },
                            { value: 'suspended', label: 'Suspended' },
                        ],
                    },
                ]}
                rowKey={row => row.id}
                rowLabel={row => row.name}
                open={row => void navigate({ to: `/companies/${row.id}` as never })}
                empty={{ title: 'No company yet', text: 'The first is made at the first start.' }}
            />
        </div>
    );
}
