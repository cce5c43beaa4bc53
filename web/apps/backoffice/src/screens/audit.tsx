// Who did what, in every company.

import { useState } from 'react';
import { client } from '@mobilytics/api';
import type { AuditRecord } from '@mobilytics/api';
import {
    RecordBeside,
    RemoteTable,
    auditColumns,
    kAuditFilters,
    useListState,
} from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { useCompanyFilter, usePeopleNames, usePersonFilter } from '../data/names';
import { useZone } from '../data/session';
import { CompanyName } from './company_name';

const kCompanyColumn: RemoteColumn<AuditRecord> = {
    id: 'company',
    header: 'Company',
    cell: row => <CompanyName id={row.company_id} />,
    text: row => row.company_id,
};

export function AuditTable({ companyId, prefix }: { companyId?: string; prefix?: string }) {
    const zone = useZone();
    const [open, setOpen] = useState<AuditRecord>();
    const load = client.page('list_backoffice_audit');
    const naming = usePeopleNames(companyId);
    const byCompany = useCompanyFilter('company');
    const byActor = usePersonFilter('actor', 'Who', companyId);
    const columns = auditColumns(zone, naming);
    const filters = [...(companyId ? [] : [byCompany]), byActor, ...kAuditFilters];
    const { change } = useListState(
        filters.map(({ name }) => name),
        prefix,
    );
    return (
        <>
            <RemoteTable<AuditRecord>
                name="all-audit"
                caption="Audit"
                prefix={prefix ?? ''}
                queryKey={['staff_audit', companyId]}
                load={(ask, signal) =>
                    load(companyId ? { ...ask, company: companyId } : ask, signal)
                }
                columns={companyId ? columns : [columns[0]!, kCompanyColumn, ...columns.slice(1)]}
                filters={filters}
                searches="Search all of it"
                rowKey={row => row.id}
                rowLabel={row => row.action}
                open={setOpen}
                openKey={open?.id}
                zone={zone}
                empty={{
                    title: 'Nothing has been done yet',
                    text: 'Every change and every sensitive look of any company stands here.',
                }}
            />
            {open && (
                <RecordBeside
                    record={open}
                    zone={zone}
                    naming={naming}
                    company={<CompanyName id={open.company_id} />}
                    narrow={by => {
                        change({ q: undefined, filters: { ...by } });
                        setOpen(undefined);
                    }}
                    close={() => setOpen(undefined)}
                />
            )}
        </>
    );
}

export function Audit() {
    return (
        <div className="page">
            <AuditTable />
        </div>
    );
}
