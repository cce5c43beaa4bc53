import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { client } from '../data/client';

/** Ends the session here and at the server, and forgets what was loaded. */
export function useSignOut() {
    const queries = useQueryClient();
    const navigate = useNavigate();
    return () =>
        void client
            .call('end_session')
            .catch(() => undefined)
            .then(() => navigate({ to: '/sign-in' }))
            .then(() => queries.clear());
}
