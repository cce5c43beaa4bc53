// Calibration in plain words: what an asset uses and why, what was in force on a day, whether it
// drifts, what was done to a count. The rules themselves are the server's (docs/calibration.md).

import type {
    Asset,
    Count,
    CountChange,
    Drift,
    Model,
    Scope,
    SiteCalibration,
    SiteClass,
    Span,
} from '@mobilytics/api';
import { count, decimal, momentText } from '@mobilytics/ui';
import { kQualities } from '../figures/calibrations';

/** 1.62 as "162 %": more than all of it too. */
export const ratioPercent = (ratio: number) => `${count(ratio * 100)} %`;

export const people = (of: number, digits: 0 | 1 = 1) =>
    Number(of.toFixed(digits)) === 1
        ? '1 person'
        : `${decimal(of, Number.isInteger(of) ? 0 : digits)} people`;

const plural = (of: number, one: string, many = `${one}s`) => `${of} ${of === 1 ? one : many}`;

/** What later counts say of a factor. */
export function driftText({ ratio, low, high, quarters, days }: Drift): string {
    return `People counted later, in ${plural(quarters, 'quarter')} of an hour on ${plural(days, 'day')}: ${ratioPercent(ratio)} of what it expects; ${count(low * 100)} to ${ratioPercent(high)} is usual.`;
}

/** What a factor is of, by its name. */
export function ofText(
    { scope, asset_id, class_id }: Pick<Model, 'scope' | 'asset_id' | 'class_id'>,
    assets: Pick<Asset, 'id' | 'name'>[] | undefined,
    classes: Pick<SiteClass, 'id' | 'name'>[] | undefined,
): string {
    switch (scope) {
        case 'asset':
            return assets?.find(({ id }) => id === asset_id)?.name ?? 'An asset';
        case 'class':
            return `Class ${classes?.find(({ id }) => id === class_id)?.name ?? '…'}`;
        case 'company':
            return 'All sites';
    }
}

export const kScopeWords: Record<Scope, string> = {
    asset: 'One site',
    class: 'A class of sites',
    company: 'All sites',
};

export interface Rung {
    scope: Scope;
    title: string;
    model: Model | undefined;
    state: 'used' | 'outranked' | 'none';
    text: string;
}

/** What there is for an asset, in the order in which it is taken. */
export function ladder({ site, candidates }: SiteCalibration): Rung[] {
    const used = candidates[0];
    const none: Record<Scope, string> = {
        asset: 'None is published for this site alone.',
        class: site.class_id
            ? 'None is published for this class.'
            : 'This site is in no class of sites.',
        company: 'None is published for all sites.',
    };
    const titles: Record<Scope, string> = {
        asset: 'Its own',
        class: site.class_name ? `Its class, ${site.class_name}` : 'Its class',
        company: 'All sites',
    };
    return (['asset', 'class', 'company'] as const).map(scope => {
        const model = candidates.find(each => each.scope === scope);
        const state = !model ? 'none' : model === used ? 'used' : 'outranked';
        const text =
            state === 'none'
                ? none[scope]
                : state === 'used'
                  ? 'Used: nothing closer to this site is published.'
                  : `Not used: ${used?.scope === 'asset' ? 'its own' : 'the one of its class'} goes before.`;
        return { scope, title: titles[scope], model, state, text };
    });
}

/** In one sentence, for where there is no room for all of it. */
export function whyText(of: SiteCalibration): string {
    const used = of.candidates[0];
    if (!used) {
        return 'Its numbers are of devices: no factor is published for it, for a class of it or for all sites.';
    }
    const version = `version ${used.version}`;
    switch (used.scope) {
        case 'asset':
            return `Its numbers are people by its own factor, ${version}, which goes before any other.`;
        case 'class':
            return `Its numbers are people by the factor of its class ${of.site.class_name ?? ''}, ${version}: it has none of its own.`;
        case 'company':
            return `Its numbers are people by the factor of all sites, ${version}: it has none of its own${of.site.class_id ? ', nor has its class' : ''}.`;
    }
}

const kDayMs = 86_400_000;

/** What was in force in [from, to), in the order of time. */
export function inForce(spans: readonly Span[], from: number, to: number): Span[] {
    return spans.filter(
        span => Date.parse(span.from) < to && (!span.to || Date.parse(span.to) > from),
    );
}

/** How long before a day people were counted last; below zero: after it. */
export function ageOn(newestDay: string, day: string): number {
    return Math.round(
        (Date.parse(`${day}T00:00:00Z`) - Date.parse(`${newestDay}T00:00:00Z`)) / kDayMs,
    );
}

const kFreshDays = 90;
const kAgeingDays = 365;

/** How good a factor is for the figures of a day. */
export function goodOn({ newest_day, drifting }: Span, day: string): keyof typeof kQualities {
    const age = ageOn(newest_day, day);
    return drifting
        ? 'drifting'
        : age <= kFreshDays
          ? 'fresh'
          : age <= kAgeingDays
            ? 'ageing'
            : 'old';
}

export function ageText(newestDay: string, day: string): string {
    const age = ageOn(newestDay, day);
    if (age === 0) return 'people were counted on this very day';
    const days = plural(Math.abs(age), 'day');
    return age > 0
        ? `people were counted ${days} before, on ${newestDay}`
        : `people were counted ${days} after, on ${newestDay}`;
}

const kDeeds = {
    begun: 'Begun',
    totals_set: 'Totals entered',
    corrected: 'Corrected',
    ended: 'Ended',
    dismissed: 'Excluded',
    restored: 'Restored',
} as const;

/** What was done, and what came of it. */
export function changeText(change: CountChange, zone: string): { what: string; of: string } {
    const { what, people_before: before, people_after: after } = change;
    const from = before === undefined ? '' : `${decimal(before)} before, `;
    switch (what) {
        case 'totals_set':
            return {
                what: before === undefined ? kDeeds.totals_set : 'Totals changed',
                of: after === undefined ? '' : `${from}${decimal(after)} now, on average`,
            };
        case 'corrected':
            return {
                what: kDeeds.corrected,
                of: [
                    change.occupancy !== undefined &&
                        `${people(change.occupancy)} at ${momentText(change.at, zone)}`,
                    after !== undefined && `at the end ${from}${decimal(after)} now`,
                ]
                    .filter(Boolean)
                    .join('; '),
            };
        default:
            return { what: kDeeds[what], of: '' };
    }
}

/** Which of these were fitted to it and say something of today or soon. */
export function restingText(models: readonly Model[]): string | undefined {
    const live = models.filter(({ state }) => state !== 'retired');
    if (live.length === 0) return undefined;
    const names = live.map(({ version, state }) => `version ${version} (${state})`);
    return `${names.join(', ')} ${live.length === 1 ? 'was' : 'were'} fitted to this count and ${live.length === 1 ? 'stays as it is' : 'stay as they are'} when it changes: fit again.`;
}

export interface Moved {
    asset: string;
    from: string;
}

/** Those that leave another class, as an asset is in one at most. */
export function movedInto(
    chosen: readonly string[],
    own: string | undefined,
    classes: readonly SiteClass[],
    assets: readonly Pick<Asset, 'id' | 'name'>[],
): Moved[] {
    return chosen.flatMap(id => {
        const other = classes.find(each => each.id !== own && each.asset_ids.includes(id));
        if (!other) return [];
        return [{ asset: assets.find(each => each.id === id)?.name ?? id, from: other.name }];
    });
}

/** Beside what is published. */
const kDraftsMost = 3;

/** What is published first, then the newest drafts; the chosen one is always among them. */
export function besideEachOther(models: readonly Model[], chosen: Model): Model[] {
    const published = models.filter(({ state }) => state === 'published');
    const drafts = models
        .filter(({ state, id }) => state === 'draft' && id !== chosen.id)
        .slice(0, kDraftsMost - 1);
    const own = chosen.state === 'published' ? [] : [chosen];
    const first = published.length > 0 || own.length > 0 ? published : [chosen];
    return [...first, ...own, ...drafts];
}

/** Of one day alone it is half to twice: more is seldom of use. */
const kWideAbove = 4;

/** That its interval is too wide to tell people by. */
export function wideText({ factor_low, factor_high }: Model): string | undefined {
    if (factor_high <= factor_low * kWideAbove) return undefined;
    return `Its interval is wide: from ${decimal(factor_low, 2)} to ${decimal(factor_high, 2)} people a device, all of it is likely. Count on more days, or look whether devices were heard while people were counted, before it is published.`;
}

/** What a model says, a line for each thing, for several beside each other. */
export function sideBySide(models: readonly Model[]): { label: string; values: string[] }[] {
    const line = (label: string, of: (model: Model) => string) => ({
        label,
        values: models.map(of),
    });
    return [
        line('People a device', each => decimal(each.factor, 2)),
        line(
            '90 % of it',
            each => `${decimal(each.factor_low, 2)} to ${decimal(each.factor_high, 2)}`,
        ),
        line('Off, other days', each => (each.days > 1 ? ratioPercent(each.error) : 'not known')),
        line('Counted', each => `${plural(each.quarters, 'quarter')}, ${plural(each.days, 'day')}`),
        line('Newest day', each => each.newest_day),
        line('Dispersion', each => decimal(each.dispersion, 2)),
        line('Of', each =>
            each.input === 'addresses'
                ? 'addresses'
                : `devices at ${each.gate_dbm} dBm and stronger`,
        ),
        line('Counting', each => `${each.counted_by.name} ${each.counted_by.version}`),
        line('Its constants', each => each.counted_by.rules_hash),
    ];
}

export const countText = (of: Pick<Count, 'way' | 'taps'>) =>
    of.way === 'taps' ? plural(of.taps, 'tap') : 'totals';
