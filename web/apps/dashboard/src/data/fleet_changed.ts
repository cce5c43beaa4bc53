// After an asset or a sensor was changed: what pages know of them is old.

import { useQueryClient } from '@tanstack/react-query';
import { liveStore } from './live_store';
import { assetsQuery, devicesQuery, freshnessQuery } from './queries';

/** `gone`: an asset that is not live any more. */
export function useFleetChanged() {
    const queries = useQueryClient();
    return (gone?: string) => {
        for (const { queryKey } of [assetsQuery, devicesQuery, freshnessQuery]) {
            void queries.invalidateQueries({ queryKey });
        }
        if (gone) liveStore.drop(gone);
    };
}
