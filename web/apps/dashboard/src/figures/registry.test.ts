import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { MetricDefinitionList } from '@mobilytics/api';
import { kMetrics } from './registry';

const { items } = JSON.parse(
    readFileSync(new URL('../../../../../docs/metrics/definitions.json', import.meta.url), 'utf8'),
) as MetricDefinitionList;

describe('the figures of the screen', () => {
    it('are metrics of the server, by the same name', () => {
        for (const [id, { label }] of Object.entries(kMetrics)) {
            expect([id, items.find(each => each.id === id)?.name]).toEqual([id, label]);
        }
    });
    it('are all that the server answers, but for those of faces, told in its own words', () => {
        const answered = items
            .filter(each => each.answered_by && !each.answered_by.startsWith('face_'))
            .map(each => each.id);
        expect([...answered].sort()).toEqual(Object.keys(kMetrics).sort());
    });
});
