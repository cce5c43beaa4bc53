// What follows when the company was changed.

import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import type { Company } from '@mobilytics/api';
import { sessionQuery } from '@mobilytics/ui';
import { companyQuery } from '../../data/queries';

export function useSaved() {
    const queries = useQueryClient();
    return (company: Company) => {
        queries.setQueryData(companyQuery.queryKey, company);
        void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
        notifications.show({ message: 'Saved.' });
    };
}
