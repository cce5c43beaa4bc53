// What the pages of regions and zones ask for.

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { pathOf, problemOf, queryText } from '@mobilytics/api';
import type { FlowGrouping, FlowKind, Grain, ReportQuery } from '@mobilytics/api';
import type { RegionShapes } from '../map/choropleth';
import { client } from './client';
import { kReport } from './queries';

const standing = { staleTime: 20_000, placeholderData: keepPreviousData } as const;

export const regionSetsQuery = queryOptions({
    queryKey: ['region_sets'],
    queryFn: ({ signal }) => client.all('list_region_sets', signal),
    staleTime: 30_000,
});

export const regionsQuery = (setId: string, version: number) =>
    queryOptions({
        queryKey: ['region_sets', setId, 'regions', version],
        queryFn: ({ signal }) => client.all('list_regions', signal, { set_id: setId }),
        staleTime: Infinity,
    });

/** Borders for a zoom of the map; a version never changes. */
export const geometryQuery = (setId: string, version: number, zoom: number) =>
    queryOptions({
        queryKey: ['region_sets', setId, 'geometry', version, zoom],
        queryFn: async ({ signal }): Promise<RegionShapes> => {
            const path =
                pathOf('region_geometry', { set_id: setId }) + queryText({ version, zoom });
            const reply = await fetch(path, { credentials: 'same-origin', signal });
            if (!reply.ok) throw await problemOf(reply);
            return (await reply.json()) as RegionShapes;
        },
        staleTime: Infinity,
        placeholderData: keepPreviousData,
    });

export const regionReportQuery = (ask: ReportQuery, setId: string) =>
    queryOptions({
        queryKey: [kReport, 'regions', setId, ask],
        queryFn: ({ signal }) =>
            client.call('region_report', {
                query: { ...client.asked(ask), set_id: setId },
                signal,
            }),
        ...standing,
    });

export const regionSeriesQuery = (ask: ReportQuery, setId: string, code: string, grain: Grain) =>
    queryOptions({
        queryKey: [kReport, 'region_series', setId, code, grain, ask],
        queryFn: ({ signal }) =>
            client.call('region_series', {
                query: { ...client.asked(ask), set_id: setId, code, grain },
                signal,
            }),
        ...standing,
    });

/** Where vehicles were is the same, whatever they heard. */
const placed = ({ source: _, ...ask }: ReportQuery) => client.asked({ ...ask, source: 'all' });

export const zoneReportQuery = (ask: ReportQuery, setId: string, stopMinutes: number) =>
    queryOptions({
        queryKey: [kReport, 'zones', setId, stopMinutes, ask],
        queryFn: ({ signal }) =>
            client.call('zone_report', {
                query: { ...placed(ask), set_id: setId, stop_min: stopMinutes },
                signal,
            }),
        ...standing,
    });

export const zoneFlowsQuery = (
    ask: ReportQuery,
    setId: string,
    flow: FlowKind,
    group: FlowGrouping,
) =>
    queryOptions({
        queryKey: [kReport, 'zone_flows', setId, flow, group, ask],
        queryFn: ({ signal }) =>
            client.call('zone_flows', {
                query: { ...placed(ask), set_id: setId, flow, group },
                signal,
            }),
        ...standing,
    });
