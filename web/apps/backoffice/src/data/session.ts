// The zone that times are shown in: the house's own.

import { useSession } from '@mobilytics/ui';

export { useMay } from '@mobilytics/ui';

export function useZone(): string {
    return useSession().company.time_zone;
}
