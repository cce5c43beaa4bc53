import { client } from '@mobilytics/api';
import type { StaffContact } from '@mobilytics/api';
import { RemoteTable, When, kNothing } from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { useZone } from '../data/session';
import { CompanyName } from './company_name';

const or = (text: string) => text || <span className="muted">{kNothing}</span>;

const columnsOf = (zone: string, ofAll: boolean): RemoteColumn<StaffContact>[] => [
    {
        id: 'name',
        header: 'Name',
        sort: 'name',
        cell: row => (
            <>
                <span className="row-name">{row.name}</span>
                {row.title && <span className="row-under">{row.title}</span>}
            </>
        ),
        text: row => row.name,
    },
    ...(ofAll
        ? [
              {
                  id: 'company',
                  header: 'Of',
                  cell: (row: StaffContact) => <CompanyName id={row.company_id} />,
                  text: (row: StaffContact) => row.company_name,
              },
          ]
        : []),
    {
        id: 'email',
        header: 'E-mail',
        sort: 'email',
        cell: row => (row.email ? <a href={`mailto:${row.email}`}>{row.email}</a> : or('')),
        text: row => row.email,
    },
    { id: 'phone', header: 'Phone', cell: row => or(row.phone), text: row => row.phone },
    {
        id: 'added_at',
        header: 'Added',
        sort: 'added_at',
        cell: row => <When at={row.added_at} zone={zone} />,
        text: row => row.added_at,
    },
];

export function ContactTable({ companyId, prefix }: { companyId?: string; prefix?: string }) {
    const load = client.page('staff_list_contacts');
    return (
        <RemoteTable<StaffContact>
            name="all-contacts"
            caption="Contacts"
            prefix={prefix ?? ''}
            queryKey={['staff_contacts', companyId]}
            load={(ask, signal) =>
                load(companyId ? { ...ask, company_id: companyId } : ask, signal)
            }
            columns={columnsOf(useZone(), !companyId)}
            searches="Search name or e-mail"
            rowKey={row => row.id}
            rowLabel={row => row.name}
            empty={{ title: 'No contact', text: 'Companies keep theirs in the dashboard.' }}
        />
    );
}

export function Contacts() {
    return (
        <div className="page">
            <ContactTable />
        </div>
    );
}
