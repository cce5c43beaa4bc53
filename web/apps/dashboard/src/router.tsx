// The pages and their addresses. Maps and charts are loaded when a page needs them.

import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import {
    Outlet,
    createRootRoute,
    createRoute,
    createRouter,
    lazyRouteComponent,
    redirect,
    retainSearchParams,
} from '@tanstack/react-router';
import { ApiError } from '@mobilytics/api';
import { nextPath, parseSearch, stringifySearch } from '@mobilytics/ui/address';
import { sessionQuery } from './data/queries';
import { Layout } from './shell/layout';
import { Broken, NotFound, Waiting } from './shell/fallbacks';
import { assetsSearch, exposureSearch, kSharedKeys, mapSearch, sharedSearch } from './shell/search';
import { SignIn } from './screens/sign_in';
import { Overview } from './screens/overview';

/** A session that ended meanwhile: to the sign-in, and back to the same page afterwards. */
function onError(error: unknown) {
    if (!(error instanceof ApiError && error.signedOut)) return;
    if (router.state.location.pathname === '/sign-in') return;
    queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
    void router.navigate({ to: '/sign-in', search: { next: router.state.location.href } });
}

export const queryClient: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
        queries: {
            retry: (failures, error) =>
                error instanceof ApiError && error.passing && error.status !== 429 && failures < 1,
            retryDelay: 1200,
            refetchOnWindowFocus: true,
        },
    },
});

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    component: SignIn,
    validateSearch: (raw: Record<string, unknown>): { next?: string } => {
        const next = nextPath(raw);
        return next ? { next } : {};
    },
});

const inside = createRoute({
    getParentRoute: () => root,
    id: 'inside',
    component: Layout,
    errorComponent: Broken,
    validateSearch: sharedSearch,
    search: { middlewares: [retainSearchParams([...kSharedKeys])] },
    beforeLoad: async ({ location }) => {
        try {
            await queryClient.ensureQueryData(sessionQuery);
        } catch (error) {
            if (error instanceof ApiError && error.status === 401) {
                const search = location.href === '/' ? {} : { next: location.href };
                throw redirect({ to: '/sign-in', search });
            }
            throw error;
        }
    },
});

const overview = createRoute({ getParentRoute: () => inside, path: '/', component: Overview });

const map = createRoute({
    getParentRoute: () => inside,
    path: '/map',
    validateSearch: mapSearch,
    component: lazyRouteComponent(() => import('./screens/live_map'), 'LiveMap'),
});

const exposure = createRoute({
    getParentRoute: () => inside,
    path: '/exposure',
    validateSearch: exposureSearch,
    component: lazyRouteComponent(() => import('./screens/exposure'), 'Exposure'),
});

const assets = createRoute({
    getParentRoute: () => inside,
    path: '/assets',
    validateSearch: assetsSearch,
    component: lazyRouteComponent(() => import('./screens/assets'), 'Assets'),
});

const settings = createRoute({
    getParentRoute: () => inside,
    path: '/settings',
    component: lazyRouteComponent(() => import('./screens/settings'), 'Settings'),
});

const definitions = createRoute({
    getParentRoute: () => inside,
    path: '/definitions',
    component: lazyRouteComponent(() => import('./screens/definitions'), 'Definitions'),
});

export const router = createRouter({
    routeTree: root.addChildren([
        signIn,
        inside.addChildren([overview, map, exposure, assets, settings, definitions]),
    ]),
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingComponent: Waiting,
    defaultPendingMs: 150,
    scrollRestoration: true,
});

declare module '@tanstack/react-router' {
    interface Register {
        router: typeof router;
    }
}
