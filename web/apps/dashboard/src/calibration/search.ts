// What the addresses of the calibration pages hold.

import type { ModelState, Scope } from '@mobilytics/api';
import { word } from '@mobilytics/ui/address';
import type { Raw } from '@mobilytics/ui/address';

export interface FactorsSearch {
    /** Only those of this scope, of this state. */
    scope?: Scope;
    state?: ModelState;
}

export const kScopes: readonly Scope[] = ['asset', 'class', 'company'];
export const kModelStates: readonly ModelState[] = ['draft', 'published', 'retired'];

export function factorsSearch(raw: Raw): FactorsSearch {
    const scope = kScopes.find(each => each === raw['scope']);
    const state = kModelStates.find(each => each === raw['state']);
    return { ...(scope ? { scope } : {}), ...(state ? { state } : {}) };
}

export interface SiteSearch {
    /** The count that stands open, the model that is looked at. */
    count?: string;
    model?: string;
}

export function siteSearch(raw: Raw): SiteSearch {
    const count = word(raw['count']);
    const model = word(raw['model']);
    return { ...(count ? { count } : {}), ...(model ? { model } : {}) };
}
