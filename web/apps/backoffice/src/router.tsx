// The pages of the backoffice and their addresses, all below /backoffice.

import type { QueryClient } from '@tanstack/react-query';
import {
    Outlet,
    createRootRoute,
    createRoute,
    createRouter,
    lazyRouteComponent,
    redirect,
} from '@tanstack/react-router';
import { ApiError } from '@mobilytics/api';
import { Broken, NotFound, Waiting, createQueryClient, sessionQuery } from '@mobilytics/ui';
import { nextPath, parseSearch, stringifySearch } from '@mobilytics/ui/address';
import { Layout } from './shell/layout';

/** As the address is within the app: without /backoffice. */
function within(href: string): string {
    return href.replace(/^\/backoffice/, '') || '/';
}

export const queryClient: QueryClient = createQueryClient(() => {
    const { pathname, href } = router.state.location;
    if (pathname === '/sign-in') return;
    void router.navigate({ to: '/sign-in', search: { next: within(href) } });
});

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    component: lazyRouteComponent(() => import('./screens/sign_in'), 'SignIn'),
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
    beforeLoad: async ({ location }) => {
        try {
            await queryClient.ensureQueryData(sessionQuery);
        } catch (error) {
            if (error instanceof ApiError && error.status === 401) {
                const next = within(location.href);
                throw redirect({ to: '/sign-in', search: next === '/' ? {} : { next } });
            }
            throw error;
        }
    },
});

const start = createRoute({
    getParentRoute: () => inside,
    path: '/',
    beforeLoad: () => {
        throw redirect({ to: '/jobs' });
    },
});

const jobs = createRoute({
    getParentRoute: () => inside,
    path: '/jobs',
    component: lazyRouteComponent(() => import('./screens/jobs'), 'Jobs'),
});

const webhooks = createRoute({
    getParentRoute: () => inside,
    path: '/webhooks',
    component: lazyRouteComponent(() => import('./screens/webhooks'), 'Webhooks'),
});

const mail = createRoute({
    getParentRoute: () => inside,
    path: '/mail',
    component: lazyRouteComponent(() => import('./screens/mail'), 'Mail'),
});

export const router = createRouter({
    routeTree: root.addChildren([signIn, inside.addChildren([start, jobs, webhooks, mail])]),
    basepath: '/backoffice',
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
