// How both apps ask: once more when it may pass, and to the sign-in when the session has ended.

import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '@mobilytics/api';
import { sessionQuery } from './session';

const kRetryMs = 1200;

/** `signedOut`: a session that ended meanwhile. */
export function createQueryClient(signedOut: () => void): QueryClient {
    const onError = (error: unknown) => {
        if (!(error instanceof ApiError && error.signedOut)) return;
        queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
        signedOut();
    };
    const queryClient = new QueryClient({
        queryCache: new QueryCache({ onError }),
        mutationCache: new MutationCache({ onError }),
        defaultOptions: {
            queries: {
                retry: (failures, error) =>
                    error instanceof ApiError &&
                    error.passing &&
                    error.status !== 429 &&
                    failures < 1,
                retryDelay: kRetryMs,
                refetchOnWindowFocus: true,
            },
        },
    });
    return queryClient;
}
