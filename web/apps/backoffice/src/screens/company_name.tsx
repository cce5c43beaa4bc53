// A company by its name, where only its id is told: asked for once, whatever the number of rows.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { client } from '@mobilytics/api';
import { kNothing } from '@mobilytics/ui';

export function useCompanyName(id: string | undefined): string | undefined {
    const found = useQuery({
        queryKey: ['company_name', id],
        queryFn: ({ signal }) =>
            client.call('staff_find_company', { params: { company_id: id! }, signal }),
        enabled: id !== undefined,
        staleTime: 600_000,
        retry: false,
    });
    return found.data?.name;
}

export function CompanyName({ id }: { id: string | undefined }) {
    const name = useCompanyName(id);
    if (!id) return <span className="muted">{kNothing}</span>;
    return (
        <Link
            to={'/companies/$companyId' as never}
            params={{ companyId: id } as never}
            className="cell-link"
        >
            {name ?? <span className="code">{id}</span>}
        </Link>
    );
}
