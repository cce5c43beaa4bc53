// A day of a filter is a day of the company's zone: its midnight is what is asked.

import { parseLocal, startOfDay } from '../time/zones';
import type { ListState } from './list_state';

interface DayFilter {
    name: string;
    kind: string;
    end?: boolean;
}

/** Days as the instants that the contract asks for; what is no day is left out. */
export function zoned(state: ListState, filters: readonly DayFilter[], zone: string): ListState {
    const asked = { ...state.filters };
    for (const { name, kind, end } of filters) {
        const day = asked[name];
        if (kind !== 'day' || !day) continue;
        const begins = parseLocal(day, zone);
        if (begins === undefined) delete asked[name];
        else asked[name] = new Date(end ? startOfDay(begins, zone, 1) : begins).toISOString();
    }
    return { ...state, filters: asked };
}
