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

/** While the session is asked for. */
const loadLayout = () => import('./shell/layout');

const inside = createRoute({
    getParentRoute: () => root,
    id: 'inside',
    component: lazyRouteComponent(loadLayout, 'Layout'),
    errorComponent: Broken,
    beforeLoad: async ({ location }) => {
        void loadLayout();
        try {
            const session = await queryClient.ensureQueryData(sessionQuery);
            // Half way in: the sign-in goes on from there.
            if (session.needs !== 'nothing') throw redirect({ to: '/sign-in', search: {} });
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
    component: lazyRouteComponent(() => import('./screens/start'), 'Start'),
});

const companies = createRoute({
    getParentRoute: () => inside,
    path: '/companies',
    component: lazyRouteComponent(() => import('./screens/companies'), 'Companies'),
});

const company = createRoute({
    getParentRoute: () => inside,
    path: '/companies/$companyId',
    component: lazyRouteComponent(() => import('./screens/company'), 'Company'),
});

const people = createRoute({
    getParentRoute: () => inside,
    path: '/people',
    component: lazyRouteComponent(() => import('./screens/people'), 'People'),
});

const contacts = createRoute({
    getParentRoute: () => inside,
    path: '/contacts',
    component: lazyRouteComponent(() => import('./screens/contact_table'), 'Contacts'),
});

const sessions = createRoute({
    getParentRoute: () => inside,
    path: '/sessions',
    component: lazyRouteComponent(() => import('./screens/session_table'), 'Sessions'),
});

const impersonations = createRoute({
    getParentRoute: () => inside,
    path: '/impersonations',
    component: lazyRouteComponent(() => import('./screens/impersonations'), 'Impersonations'),
});

const health = createRoute({
    getParentRoute: () => inside,
    path: '/health',
    component: lazyRouteComponent(() => import('./screens/health'), 'Health'),
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

const audit = createRoute({
    getParentRoute: () => inside,
    path: '/audit',
    component: lazyRouteComponent(() => import('./screens/audit'), 'Audit'),
});

/** Whatever else: within the frame, so that one knows where one is. */
const nowhere = createRoute({
    getParentRoute: () => inside,
    path: '$',
    component: NotFound,
});

export const router = createRouter({
    routeTree: root.addChildren([
        signIn,
        inside.addChildren([
            start,
            companies,
            company,
            people,
            contacts,
            sessions,
            impersonations,
            health,
            jobs,
            webhooks,
            mail,
            audit,
            nowhere,
        ]),
    ]),
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
