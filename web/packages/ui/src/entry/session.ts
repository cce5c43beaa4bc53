// Who is signed in, for both apps.

import { queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ApiError, client, operations } from '@mobilytics/api';
import type { Name, Session } from '@mobilytics/api';

export const sessionQuery = queryOptions({
    queryKey: ['session'],
    queryFn: ({ signal }) => client.call('find_session', { signal }),
    staleTime: 5 * 60_000,
    retry: (failures, error) =>
        !(error instanceof ApiError && error.status === 401) && failures < 2,
});

export function useSession(): Session {
    return useSuspenseQuery(sessionQuery).data;
}

/** Whether one's role may do that, as its contract says. The server decides; this spares the way. */
export function useMay(operation: Name): boolean {
    const { user } = useSession();
    const roles: readonly string[] = operations[operation].roles;
    return roles.includes(user.role) || roles.includes('person');
}

/** Ends the session here and at the server, and forgets what was loaded. */
export function useSignOut() {
    const queries = useQueryClient();
    const navigate = useNavigate();
    return () =>
        void client
            .call('end_session')
            .catch(() => undefined)
            .then(() => navigate({ to: '/sign-in' as never }))
            .then(() => queries.clear());
}
