// What the address of the Metrics page holds.

import { word } from '@mobilytics/ui/address';
import type { Raw } from '@mobilytics/ui/address';

export interface MetricsSearch {
    face?: string;
    market?: string;
    /** In whole money, "1200.50", with its currency. */
    cost?: string;
    currency?: string;
    /** Percent of those whom a vehicle meets, that come towards it. */
    oncoming?: string;
    asset?: string;
}

export function metricsSearch(raw: Raw): MetricsSearch {
    const out: MetricsSearch = {};
    for (const key of ['face', 'market', 'cost', 'currency', 'oncoming', 'asset'] as const) {
        const text = word(raw[key]);
        if (text) out[key] = text;
    }
    return out;
}
