// The contract's types, made from it, and what they have in common.

import type { Operations, SourceFilter } from './generated';

export * from './generated';

export type Interval = [number, number];

/** What every reply of figures carries. Facts are complete up to `as_of`. */
export type Basics = Pick<
    Operations['overview']['reply'],
    'as_of' | 'time_zone' | 'basis' | 'synthetic' | 'suppress_below' | 'completeness'
>;

/** What reports are asked with. */
export interface ReportQuery {
    from: string;
    to: string;
    time_zone: string;
    asset_id: string[];
    source: SourceFilter;
}
