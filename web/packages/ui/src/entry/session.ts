// Who is signed in, for both apps.

import { queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ApiError, client, operations } from '@mobilytics/api';
import type { Name, Session } from '@mobilytics/api';
import { inSight } from './sight';

export const sessionQuery = queryOptions({
    queryKey: ['session'],
    queryFn: ({ signal }) => client.call('find_session', { signal }),
    staleTime: 5 * 60_000,
    retry: (failures, error) =>
        !(error instanceof ApiError && error.status === 401) && failures < 2,
});

/** How one may sign in at this installation. */
export const signInWaysQuery = queryOptions({
    queryKey: ['sign_in_ways'],
    queryFn: ({ signal }) => client.call('sign_in_ways', { signal }),
    staleTime: 600_000,
    retry: false,
});

export function useSession(): Session {
    return useSuspenseQuery(sessionQuery).data;
}

/** Whether this session may do that: by its role, and where it sees another company, by the contract. */
export function may(session: Session, operation: Name): boolean {
    const { roles, permission } = operations[operation] as {
        roles: readonly string[];
        permission: string;
    };
    const open = roles.includes(session.user.role) || roles.includes('person');
    return open && inSight(session, permission);
}

/** Whether one's role may do that, as its contract says. The server decides; this spares the way. */
export function useMay(operation: Name): boolean {
    return may(useSession(), operation);
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
