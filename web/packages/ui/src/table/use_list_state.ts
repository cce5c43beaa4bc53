// A list's state, read from the address and written to it.

import { useCallback, useMemo, useRef } from 'react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { readState, writeState } from './list_state';
import type { ListState } from './list_state';

export function useListState(filters: readonly string[], prefix = '') {
    const search = useSearch({ strict: false }) as Record<string, unknown>;
    const navigate = useNavigate();
    const names = filters.join();
    const state = useMemo(
        () => readState(search, names ? names.split(',') : [], prefix),
        [search, names, prefix],
    );
    /** The pages one came by, to go back to. */
    const trail = useRef<(string | undefined)[]>([]);
    const write = useCallback(
        (next: ListState, replace: boolean) =>
            void navigate({
                to: '.',
                search: ((before: object) => ({
                    ...before,
                    ...writeState(next, names ? names.split(',') : [], prefix),
                })) as never,
                replace,
                resetScroll: false,
            }),
        [navigate, names, prefix],
    );
    return {
        state,
        /** Another list begins at its first page. */
        change(change: Partial<ListState>, replace = false) {
            trail.current = [];
            write({ ...state, cursor: undefined, ...change }, replace);
        },
        turn(cursor: string | undefined) {
            if (cursor) trail.current.push(state.cursor);
            else trail.current = [];
            write({ ...state, cursor }, false);
        },
        before() {
            write({ ...state, cursor: trail.current.pop() }, false);
        },
    };
}
