// How both apps ask: once more when it may pass, and to the sign-in when the session has ended, or
// lacks something meanwhile: the company has begun to ask for a second factor, say.

import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '@mobilytics/api';
import { sessionQuery } from './session';

const kRetryMs = 1200;

/** `signedOut`: a session that ended meanwhile, or has to be finished at the sign-in. */
export function createQueryClient(signedOut: () => void): QueryClient {
    const onError = (error: unknown) => {
        if (!(error instanceof ApiError)) return;
        if (error.signedOut) {
            queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
            signedOut();
        } else if (error.unfinished) {
            void queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 }).then(signedOut, onError);
        }
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
