// A company by its name, where only its id is told.

import { Link } from '@tanstack/react-router';
import { kNothing } from '@mobilytics/ui';
import { kNoCompany, useCompanyName } from '../data/names';

export function CompanyName({ id }: { id: string | undefined }) {
    const name = useCompanyName(id);
    // What is done for all of them is of none.
    if (id?.endsWith(kNoCompany)) return <span className="muted">the installation</span>;
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
