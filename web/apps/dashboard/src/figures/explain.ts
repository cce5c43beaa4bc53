// Puts a definition and what came with a reply together: how a figure on the screen came about.

import type { Basics, Interval } from '@mobilytics/api';
import { ago, count, decimal, percent } from '@mobilytics/ui';
import type { Explanation } from '@mobilytics/ui';
import { metric } from './registry';
import type { MetricId } from './registry';
import { localDays, spanText } from '../time/ranges';
import type { Span } from '../time/ranges';
import { minuteText } from '@mobilytics/ui/zones';
import type { View } from '../shell/view';

export interface ExplainOptions {
    interval?: Interval | undefined;
    /** In how many of 100 cases the truth lies in it. */
    level?: 90 | 95;
    suppressed?: boolean;
    span?: Span;
    completeness?: number | null | undefined;
    /** Of which assets, when not those of the page. */
    of?: string;
}

export function freshText(basics: Basics | undefined, zone: string): string {
    if (!basics?.as_of) return 'Nothing was measured yet.';
    const at = Date.parse(basics.as_of);
    return `${minuteText(at, zone).replace('T', ', ')} (${ago(Date.now() - at)}), ${zone}`;
}

export function completeText(share: number | null | undefined): string {
    return share === null || share === undefined
        ? 'Not known: no sensor was attached.'
        : `${percent(share)} % of the time with a sensor was heard.`;
}

export function explain(
    id: MetricId,
    view: View,
    basics: Basics | undefined,
    options: ExplainOptions = {},
): Explanation {
    const about = metric(id);
    const span = options.span ?? view.range;
    const assets =
        options.of ??
        (view.assetIds.length > 0 ? `${view.assetIds.length} chosen assets` : 'all assets');
    const estimate = id === 'devices' || id === 'frequency' || id === 'sum_of_assets';
    const days = estimate && localDays(span, view.companyZone) > 1;
    const notes = [
        about.note,
        days ? 'This range touches several days: a device counts once in each.' : undefined,
        options.suppressed
            ? `Held back here: it rests on fewer than ${basics?.suppress_below ?? 'the floor of'} devices, and so few could be told apart.`
            : undefined,
        basics?.synthetic ? 'Synthetic data: simulated, nobody was measured.' : undefined,
    ];
    const bound = (value: number) => (options.level === 90 ? decimal(value, 1) : count(value));
    return {
        title: about.label,
        definition: about.definition,
        ...(about.formula ? { formula: about.formula } : {}),
        source: `${view.sourceText}, ${assets}, ${spanText(span, view.zone)}`,
        fresh: freshText(basics, view.zone),
        complete: completeText(
            options.completeness === undefined ? basics?.completeness : options.completeness,
        ),
        certain: options.interval
            ? `${options.level ?? 95} %: between ${bound(options.interval[0])} and ${bound(options.interval[1])}. ${about.certain}`
            : about.certain,
        note: notes.filter(Boolean).join(' '),
    };
}
