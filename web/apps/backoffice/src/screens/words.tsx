import type { CompanyKind, CompanyState } from '@mobilytics/api';
import { Tag } from '@mobilytics/ui';

export const kKinds: Record<CompanyKind, string> = {
    house: 'House',
    operator: 'Operator',
    reseller: 'Reseller',
    advertiser: 'Advertiser',
};

export function CompanyStateTag({ state }: { state: CompanyState }) {
    return state === 'active' ? <Tag kind="good">Active</Tag> : <Tag kind="bad">Suspended</Tag>;
}
