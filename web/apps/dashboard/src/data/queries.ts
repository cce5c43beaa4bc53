// What pages ask for, and how long an answer may stand.

import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ApiError } from '@mobilytics/api';
import type { Annotation, Grain, ReportQuery } from '@mobilytics/api';
import { client } from './client';

export const kReport = 'report';

/** What a contract does not share with who looks is absent, not an error. */
async function shared<R>(asked: Promise<R>, nothing: R): Promise<R> {
    try {
        return await asked;
    } catch (error) {
        if (error instanceof ApiError && error.code === 'scope_missing') return nothing;
        throw error;
    }
}

export const assetsQuery = queryOptions({
    queryKey: ['assets'],
    queryFn: ({ signal }) => shared(client.assets(signal), []),
    staleTime: 30_000,
});

export const devicesQuery = queryOptions({
    queryKey: ['devices'],
    queryFn: ({ signal }) => shared(client.devices(signal), []),
    staleTime: 10_000,
});

const kQualityPage = 50;
const kNotesMost = 1000;

async function allNotes(from: number, to: number, signal: AbortSignal): Promise<Annotation[]> {
    const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    const items: Annotation[] = [];
    for (let cursor: string | undefined; ;) {
        const query = { ...span, limit: 200, ...(cursor ? { cursor } : {}) };
        const page = await client.call('list_annotations', { query, signal });
        items.push(...page.items);
        cursor = page.next_cursor;
        if (!cursor || items.length >= kNotesMost) return items;
    }
}

const standing = { staleTime: 20_000, placeholderData: keepPreviousData } as const;

export const overviewQuery = (ask: ReportQuery) =>
    queryOptions({
        queryKey: [kReport, 'overview', ask],
        queryFn: ({ signal }) => client.call('overview', { query: client.asked(ask), signal }),
        ...standing,
    });

/** The floor that is in force: every report says it, so the shortest is asked. */
export const floorQuery = queryOptions({
    queryKey: [kReport, 'floor'],
    queryFn: async ({ signal }) => {
        const to = Date.now();
        const query = {
            from: new Date(to - 3_600_000).toISOString(),
            to: new Date(to).toISOString(),
        };
        return (await client.call('overview', { query, signal })).suppress_below;
    },
    staleTime: 60_000,
});

export const exposureQuery = (ask: ReportQuery, grain: Grain) =>
    queryOptions({
        queryKey: [kReport, 'exposure', grain, ask],
        queryFn: ({ signal }) =>
            client.call('exposure', { query: { ...client.asked(ask), grain }, signal }),
        ...standing,
    });

export const dwellQuery = (ask: ReportQuery) =>
    queryOptions({
        queryKey: [kReport, 'dwell', ask],
        queryFn: ({ signal }) => client.call('dwell', { query: client.asked(ask), signal }),
        ...standing,
    });

export const reachQuery = (ask: ReportQuery) =>
    queryOptions({
        queryKey: [kReport, 'reach', ask],
        queryFn: ({ signal }) => client.call('reach', { query: client.asked(ask), signal }),
        ...standing,
    });

export const frequencyQuery = (ask: ReportQuery) =>
    queryOptions({
        queryKey: [kReport, 'frequency', ask],
        queryFn: ({ signal }) => client.call('frequency', { query: client.asked(ask), signal }),
        ...standing,
    });

export const heatmapQuery = (ask: ReportQuery, bbox: string, zoom: number) =>
    queryOptions({
        queryKey: [kReport, 'heatmap', bbox, zoom, ask],
        queryFn: ({ signal }) =>
            client.call('heatmap', { query: { ...client.asked(ask), bbox, zoom }, signal }),
        ...standing,
    });

/** Routes are the same, whatever was heard on them. */
export const routesQuery = ({ source: _, ...ask }: ReportQuery) =>
    queryOptions({
        queryKey: [kReport, 'routes', ask],
        queryFn: ({ signal }) =>
            client.call('routes', { query: client.asked({ ...ask, source: 'all' }), signal }),
        ...standing,
    });

export const freshnessQuery = queryOptions({
    queryKey: [kReport, 'freshness'],
    queryFn: ({ signal }) => client.call('freshness', { signal }),
    ...standing,
});

/** Of days that are over it seldom changes: it does not follow every new fact. */
export const qualityQuery = ({ source: _, ...ask }: ReportQuery) =>
    infiniteQueryOptions({
        queryKey: ['quality', ask],
        queryFn: ({ pageParam, signal }) =>
            client.call('data_quality', {
                query: {
                    ...client.asked({ ...ask, source: 'all' }),
                    limit: kQualityPage,
                    ...(pageParam ? { cursor: pageParam } : {}),
                },
                signal,
            }),
        initialPageParam: '',
        getNextPageParam: page => page.next_cursor,
        staleTime: 60_000,
        refetchInterval: 300_000,
    });

export const kNotes = 'annotations';

/** What the company noted of a time; hidden from who sees it by a contract. */
export const notesQuery = (from: number, to: number) =>
    queryOptions({
        queryKey: [kNotes, from, to],
        queryFn: ({ signal }) => shared(allNotes(from, to, signal), []),
        staleTime: 60_000,
        placeholderData: keepPreviousData,
    });

/** What every metric is. It changes with the server's version only. */
export const metricsQuery = queryOptions({
    queryKey: ['metrics'],
    queryFn: ({ signal }) => client.call('metric_definitions', { signal }),
    staleTime: Infinity,
});

export const profileQuery = queryOptions({
    queryKey: ['profile'],
    queryFn: ({ signal }) => client.call('find_profile', { signal }),
    staleTime: 30_000,
});

export const passkeysQuery = queryOptions({
    queryKey: ['passkeys'],
    queryFn: ({ signal }) => client.call('list_passkeys', { signal }),
    staleTime: 30_000,
});

export const noticesQuery = queryOptions({
    queryKey: ['notices'],
    queryFn: ({ signal }) => client.call('list_notices', { signal }),
});

/** The companies below that let this one see more than what they are called. */
export const belowQuery = queryOptions({
    queryKey: ['companies', 'seen'],
    queryFn: async ({ signal }) =>
        (await client.all('list_companies', signal)).filter(
            ({ state, shares }) => state === 'active' && shares.some(each => each !== 'profile'),
        ),
    staleTime: 300_000,
    retry: false,
});

export const companyQuery = queryOptions({
    queryKey: ['company'],
    queryFn: ({ signal }) => client.call('find_company', { signal }),
    staleTime: 30_000,
});

/** Names for ids: of whom the company has now. */
export const membersQuery = queryOptions({
    queryKey: ['people', 'all'],
    queryFn: ({ signal }) => client.all('list_people', signal),
    staleTime: 60_000,
});
