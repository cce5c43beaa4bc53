// What pages ask about calibration. What is changed anywhere in it makes all of it be asked anew.

import { queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Model, ModelState, Scope } from '@mobilytics/api';
import { client } from './client';

export const kCalibration = 'calibration';

export const sitesQuery = queryOptions({
    queryKey: [kCalibration, 'sites'],
    queryFn: ({ signal }) => client.all('list_sites', signal),
    staleTime: 10_000,
});

/** What one asset uses, why, and what it used before. */
export const siteQuery = (assetId: string) =>
    queryOptions({
        queryKey: [kCalibration, 'site', assetId],
        queryFn: ({ signal }) =>
            client.call('find_site', { params: { asset_id: assetId }, signal }),
        staleTime: 10_000,
    });

export const classesQuery = queryOptions({
    queryKey: [kCalibration, 'classes'],
    queryFn: async ({ signal }) => (await client.call('list_classes', { signal })).items,
    staleTime: 10_000,
});

export interface ModelsAsk {
    asset_id?: string;
    class_id?: string;
    scope?: Scope;
    state?: ModelState;
}

/** The newest of them; a company seldom has more. */
const kModelsMost = 1000;

export const modelsQuery = (ask: ModelsAsk) =>
    queryOptions({
        queryKey: [kCalibration, 'models', ask],
        queryFn: async ({ signal }) => {
            const items: Model[] = [];
            for (let cursor: string | undefined; ;) {
                const query = { ...ask, limit: 200, ...(cursor ? { cursor } : {}) };
                const page = await client.call('list_models', { query, signal });
                items.push(...page.items);
                cursor = page.next_cursor;
                if (!cursor || items.length >= kModelsMost) return items;
            }
        },
    });

/** Those of the same scope as this one. */
export const siblingsQuery = ({ scope, asset_id, class_id }: Model) =>
    modelsQuery({
        scope,
        ...(asset_id ? { asset_id } : {}),
        ...(class_id ? { class_id } : {}),
    });

export const modelQuery = (modelId: string) =>
    queryOptions({
        queryKey: [kCalibration, 'model', modelId],
        queryFn: ({ signal }) =>
            client.call('find_model', { params: { model_id: modelId }, signal }),
    });

const kWeekMs = 7 * 86_400_000;

/** Over the week before `to`. */
export const comparisonQuery = (modelId: string, to: number) =>
    queryOptions({
        queryKey: [kCalibration, 'comparison', modelId, to],
        queryFn: ({ signal }) =>
            client.call('compare_model', {
                params: { model_id: modelId },
                query: {
                    from: new Date(to - kWeekMs).toISOString(),
                    to: new Date(to).toISOString(),
                },
                signal,
            }),
        staleTime: 60_000,
    });

export const countsQuery = (assetId: string) =>
    queryOptions({
        queryKey: [kCalibration, 'counts', assetId],
        queryFn: ({ signal }) =>
            client.call('list_counts', { query: { asset_id: assetId, limit: 200 }, signal }),
        refetchInterval: 15_000,
    });

export const countQuery = (countId: string) =>
    queryOptions({
        queryKey: [kCalibration, 'count', countId],
        queryFn: ({ signal }) =>
            client.call('find_count', { params: { count_id: countId }, signal }),
    });

/** What a count comes to, and what it is made of. */
export const countPartsQuery = (countId: string) =>
    queryOptions({
        queryKey: [kCalibration, 'count', countId, 'parts'],
        queryFn: async ({ signal }) => {
            const params = { count_id: countId };
            const [quarters, corrections, totals, history] = await Promise.all([
                client.call('list_quarters', { params, signal }),
                client.call('list_corrections', { params, signal }),
                client.call('list_totals', { params, signal }),
                client.call('find_count_history', { params, signal }),
            ]);
            return {
                quarters: quarters.items,
                corrections: corrections.items,
                totals: totals.items,
                history,
            };
        },
    });

export const countingModelsQuery = queryOptions({
    queryKey: [kCalibration, 'counting'],
    queryFn: async ({ signal }) => (await client.call('list_counting_models', { signal })).items,
});

export const calibrationSettingsQuery = queryOptions({
    queryKey: [kCalibration, 'settings'],
    queryFn: ({ signal }) => client.call('find_calibration_settings', { signal }),
});

export function useCalibrationChanged(): () => Promise<void> {
    const queries = useQueryClient();
    return () => queries.invalidateQueries({ queryKey: [kCalibration] });
}
