// The pages and their addresses. Each is loaded when it is gone to; what is around them, while the
// session is asked for.

import type { QueryClient } from '@tanstack/react-query';
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
import { Broken, NotFound, Waiting, createQueryClient, sessionQuery } from '@mobilytics/ui';
import { nextPath, parseSearch, stringifySearch, word } from '@mobilytics/ui/address';
import { factorsSearch, siteSearch } from './calibration/search';
import { metricsSearch } from './shell/metrics_search';
import { regionsSearch } from './shell/region_search';
import {
    assetsSearch,
    exposureSearch,
    kSharedKeys,
    mapSearch,
    qualitySearch,
    sharedSearch,
} from './shell/search';
import { takeToken } from './shell/link_token';

/** A session that ended meanwhile: to the sign-in, and back to the same page afterwards. */
export const queryClient: QueryClient = createQueryClient(() => {
    if (router.state.location.pathname === '/sign-in') return;
    void router.navigate({ to: '/sign-in', search: { next: router.state.location.href } });
});

const loadLayout = () => import('./shell/layout');

async function signedIn({ location }: { location: { href: string } }) {
    void loadLayout();
    try {
        const session = await queryClient.ensureQueryData(sessionQuery);
        // Half way in: the sign-in goes on from there.
        if (session.needs !== 'nothing') throw redirect({ to: '/sign-in', search: {} });
    } catch (error) {
        if (error instanceof ApiError && error.status === 401) {
            const search = location.href === '/' ? {} : { next: location.href };
            throw redirect({ to: '/sign-in', search });
        }
        throw error;
    }
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    component: lazyRouteComponent(() => import('./screens/sign_in'), 'SignIn'),
    validateSearch: (raw: Record<string, unknown>): { next?: string; error?: string } => {
        const next = nextPath(raw);
        const error = word(raw['error']);
        return { ...(next ? { next } : {}), ...(error ? { error } : {}) };
    },
});

const forgotten = createRoute({
    getParentRoute: () => root,
    path: '/forgotten',
    component: lazyRouteComponent(() => import('./screens/forgotten'), 'Forgotten'),
});

const redeem = createRoute({
    getParentRoute: () => root,
    path: '/redeem',
    beforeLoad: takeToken,
    component: lazyRouteComponent(() => import('./screens/forgotten'), 'Redeem'),
});

const accept = createRoute({
    getParentRoute: () => root,
    path: '/accept',
    beforeLoad: takeToken,
    component: lazyRouteComponent(() => import('./screens/accept'), 'Accept'),
});

const confirmEmail = createRoute({
    getParentRoute: () => root,
    path: '/confirm-email',
    beforeLoad: takeToken,
    component: lazyRouteComponent(() => import('./screens/confirm_email'), 'ConfirmEmail'),
});

/** As mails call one's own settings. */
const ownSettings = createRoute({
    getParentRoute: () => root,
    path: '/profile',
    beforeLoad: ({ location }) => {
        const to = location.hash === 'notices' ? '/settings/notices' : '/settings/profile';
        throw redirect({ to, replace: true });
    },
});

const unsubscribe = createRoute({
    getParentRoute: () => root,
    path: '/unsubscribe',
    beforeLoad: takeToken,
    component: lazyRouteComponent(() => import('./screens/unsubscribe'), 'Unsubscribe'),
});

const welcome = createRoute({
    getParentRoute: () => root,
    path: '/welcome',
    beforeLoad: signedIn,
    component: lazyRouteComponent(() => import('./screens/welcome'), 'Welcome'),
});

/** Outside of the frame and of its session: it opens without a network. */
const count = createRoute({
    getParentRoute: () => root,
    path: '/count',
    component: lazyRouteComponent(() => import('./screens/count'), 'CountPeople'),
});

const inside = createRoute({
    getParentRoute: () => root,
    id: 'inside',
    component: lazyRouteComponent(loadLayout, 'Layout'),
    errorComponent: Broken,
    validateSearch: sharedSearch,
    search: { middlewares: [retainSearchParams([...kSharedKeys])] },
    beforeLoad: signedIn,
});

const overview = createRoute({
    getParentRoute: () => inside,
    path: '/',
    component: lazyRouteComponent(() => import('./screens/overview'), 'Overview'),
});

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

const regions = createRoute({
    getParentRoute: () => inside,
    path: '/regions',
    validateSearch: regionsSearch,
    component: lazyRouteComponent(() => import('./screens/regions'), 'Regions'),
});

const quality = createRoute({
    getParentRoute: () => inside,
    path: '/quality',
    validateSearch: qualitySearch,
    component: lazyRouteComponent(() => import('./screens/quality'), 'Quality'),
});

const assets = createRoute({
    getParentRoute: () => inside,
    path: '/assets',
    validateSearch: assetsSearch,
    component: lazyRouteComponent(() => import('./screens/assets'), 'Assets'),
});

const asset = createRoute({
    getParentRoute: () => inside,
    path: '/assets/$assetId',
    component: lazyRouteComponent(() => import('./screens/asset'), 'AssetPage'),
});

const metrics = createRoute({
    getParentRoute: () => inside,
    // Not /metrics: there the server tells of itself.
    path: '/media-metrics',
    validateSearch: metricsSearch,
    component: lazyRouteComponent(() => import('./screens/metrics'), 'Metrics'),
});

const markets = createRoute({
    getParentRoute: () => inside,
    path: '/settings/markets',
    component: lazyRouteComponent(() => import('./screens/settings/markets'), 'Markets'),
});

const calibration = createRoute({
    getParentRoute: () => inside,
    path: '/calibration',
    component: lazyRouteComponent(() => import('./screens/calibration'), 'Calibration'),
});

const calibrationSite = createRoute({
    getParentRoute: () => inside,
    path: '/calibration/$assetId',
    validateSearch: siteSearch,
    component: lazyRouteComponent(() => import('./screens/calibration_site'), 'CalibrationSite'),
});

const calibrationClasses = createRoute({
    getParentRoute: () => inside,
    path: '/calibration/classes',
    component: lazyRouteComponent(
        () => import('./screens/calibration_classes'),
        'CalibrationClasses',
    ),
});

const calibrationFactors = createRoute({
    getParentRoute: () => inside,
    path: '/calibration/factors',
    validateSearch: factorsSearch,
    component: lazyRouteComponent(
        () => import('./screens/calibration_factors'),
        'CalibrationFactors',
    ),
});

const calibrationFactor = createRoute({
    getParentRoute: () => inside,
    path: '/calibration/factors/$modelId',
    component: lazyRouteComponent(
        () => import('./screens/calibration_factors'),
        'CalibrationFactor',
    ),
});

const settings = createRoute({
    getParentRoute: () => inside,
    path: '/settings',
    component: lazyRouteComponent(() => import('./screens/settings'), 'Settings'),
});

const profile = createRoute({
    getParentRoute: () => inside,
    path: '/settings/profile',
    component: lazyRouteComponent(() => import('./screens/settings/profile'), 'Profile'),
});

const security = createRoute({
    getParentRoute: () => inside,
    path: '/settings/security',
    component: lazyRouteComponent(() => import('./screens/settings/security'), 'Security'),
});

const notices = createRoute({
    getParentRoute: () => inside,
    path: '/settings/notices',
    component: lazyRouteComponent(() => import('./screens/settings/notices'), 'Notices'),
});

const company = createRoute({
    getParentRoute: () => inside,
    path: '/settings/company',
    component: lazyRouteComponent(() => import('./screens/settings/company'), 'Company'),
});

const people = createRoute({
    getParentRoute: () => inside,
    path: '/settings/people',
    component: lazyRouteComponent(() => import('./screens/settings/people'), 'People'),
});

const contacts = createRoute({
    getParentRoute: () => inside,
    path: '/settings/contacts',
    component: lazyRouteComponent(() => import('./screens/settings/contacts'), 'Contacts'),
});

const companies = createRoute({
    getParentRoute: () => inside,
    path: '/settings/companies',
    component: lazyRouteComponent(() => import('./screens/settings/companies'), 'Companies'),
});

const apiKeys = createRoute({
    getParentRoute: () => inside,
    path: '/settings/api-keys',
    component: lazyRouteComponent(() => import('./screens/settings/api_keys'), 'ApiKeys'),
});

const audit = createRoute({
    getParentRoute: () => inside,
    path: '/settings/audit',
    component: lazyRouteComponent(() => import('./screens/settings/audit'), 'Audit'),
});

const privacy = createRoute({
    getParentRoute: () => inside,
    path: '/settings/privacy',
    component: lazyRouteComponent(() => import('./screens/settings/privacy'), 'Privacy'),
});

const webhooks = createRoute({
    getParentRoute: () => inside,
    path: '/settings/webhooks',
    component: lazyRouteComponent(() => import('./screens/settings/webhooks'), 'Webhooks'),
});

const webhook = createRoute({
    getParentRoute: () => inside,
    path: '/settings/webhooks/$endpointId',
    component: lazyRouteComponent(() => import('./screens/settings/webhook'), 'Webhook'),
});

const definitions = createRoute({
    getParentRoute: () => inside,
    path: '/definitions',
    component: lazyRouteComponent(() => import('./screens/definitions'), 'Definitions'),
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
        forgotten,
        redeem,
        accept,
        confirmEmail,
        unsubscribe,
        ownSettings,
        welcome,
        count,
        inside.addChildren([
            overview,
            map,
            exposure,
            regions,
            quality,
            assets,
            asset,
            metrics,
            markets,
            calibration,
            calibrationSite,
            calibrationClasses,
            calibrationFactors,
            calibrationFactor,
            settings,
            profile,
            security,
            notices,
            company,
            people,
            contacts,
            companies,
            apiKeys,
            audit,
            privacy,
            webhooks,
            webhook,
            definitions,
            nowhere,
        ]),
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
