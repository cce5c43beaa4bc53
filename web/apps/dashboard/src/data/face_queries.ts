// What pages ask about faces and markets.

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Operations } from '@mobilytics/api';
import { client } from './client';
import { kReport } from './queries';

export const facesQuery = (assetId: string) =>
    queryOptions({
        queryKey: ['faces', assetId],
        queryFn: async ({ signal }) =>
            (await client.call('list_faces', { params: { asset_id: assetId }, signal })).items,
        staleTime: 30_000,
    });

export const marketsQuery = queryOptions({
    queryKey: ['markets'],
    queryFn: async ({ signal }) => (await client.call('list_markets', { signal })).items,
    staleTime: 30_000,
});

export const venuesQuery = queryOptions({
    queryKey: ['venue-types'],
    queryFn: async ({ signal }) => (await client.call('list_venue_types', { signal })).items,
    staleTime: Infinity,
});

type FaceAsk = Operations['face_report']['query'];

export const faceReportQuery = (faceId: string, ask: FaceAsk) =>
    queryOptions({
        queryKey: [kReport, 'face', faceId, ask],
        queryFn: ({ signal }) =>
            client.call('face_report', { params: { face_id: faceId }, query: ask, signal }),
        staleTime: 20_000,
        placeholderData: keepPreviousData,
    });

type HourAsk = Operations['face_multipliers']['query'];

export const multipliersQuery = (faceId: string, ask: HourAsk) =>
    queryOptions({
        queryKey: [kReport, 'multipliers', faceId, ask],
        queryFn: ({ signal }) =>
            client.call('face_multipliers', { params: { face_id: faceId }, query: ask, signal }),
        staleTime: 20_000,
        placeholderData: keepPreviousData,
    });

type SightAsk = Operations['face_visibility']['query'];

export const sightQuery = (faceId: string, ask: SightAsk) =>
    queryOptions({
        queryKey: ['sight', faceId, ask],
        queryFn: ({ signal }) =>
            client.call('face_visibility', { params: { face_id: faceId }, query: ask, signal }),
        staleTime: 60_000,
        retry: false,
    });
