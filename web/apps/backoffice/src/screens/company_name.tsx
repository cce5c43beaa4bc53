// A company by its name, where only its id is told.

import { kNothing } from '@mobilytics/ui';

export function CompanyName({ id }: { id: string | undefined }) {
    if (!id) return <span className="muted">{kNothing}</span>;
    return <span className="code">{id}</span>;
}
