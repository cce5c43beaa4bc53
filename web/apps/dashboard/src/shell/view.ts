// What a page is about: who looks, at which time, in which zone, at which assets.

import { useEffect, useMemo, useState } from 'react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Asset, ReportQuery, Session } from '@mobilytics/api';
import { useMay, useSession } from '@mobilytics/ui';
import { resolveRange } from '../time/ranges';
import type { Range, Span } from '../time/ranges';
import { sharedSearch } from './search';
import type { SharedSearch } from './search';

const kMinuteMs = 60_000;

/** The time, by whole minutes: enough for ranges, and it does not redraw all the time. */
function useMinute(): number {
    const [minute, setMinute] = useState(() => Math.floor(Date.now() / kMinuteMs));
    useEffect(() => {
        const timer = setInterval(() => setMinute(Math.floor(Date.now() / kMinuteMs)), 5000);
        return () => clearInterval(timer);
    }, []);
    return minute * kMinuteMs;
}

/** Whether they may register, move, retire. */
export function useMayChange(): boolean {
    return useMay('register_asset');
}

export interface View {
    session: Session;
    zone: string;
    companyZone: string;
    range: Range;
    compare: boolean;
    assetIds: string[];
    source: 'all' | 'wifi' | 'ble';
    sourceText: string;
    /** What a report of a span is asked with. */
    ask(span: Span, assetIds?: string[]): ReportQuery;
}

export const kSourceTexts = {
    all: 'Wi-Fi and Bluetooth',
    wifi: 'Wi-Fi',
    ble: 'Bluetooth',
} as const;

export function useView(): View {
    const search = sharedSearch(useSearch({ strict: false }));
    const session = useSession();
    const minute = useMinute();
    const companyZone = session.company.time_zone;
    const zone = search.tz ?? companyZone;
    const { range: name, from, to } = search;
    const range = useMemo(
        () => resolveRange({ range: name, from, to }, zone, minute),
        [name, from, to, zone, minute],
    );
    return useMemo(() => {
        const assetIds = search.assets?.split(',').filter(Boolean) ?? [];
        const source = search.source ?? 'all';
        return {
            session,
            zone,
            companyZone,
            range,
            compare: search.compare !== 'none',
            assetIds,
            source,
            sourceText: kSourceTexts[source],
            ask: (span, ids = assetIds) => ({
                from: new Date(span.from).toISOString(),
                to: new Date(span.to).toISOString(),
                time_zone: zone,
                asset_id: ids,
                source,
            }),
        };
    }, [session, zone, companyZone, range, search.compare, search.assets, search.source]);
}

/** Changes what the address holds; `replace` for what "back" should not step through. */
export function useChangeSearch<S extends object = SharedSearch>() {
    const navigate = useNavigate();
    return (change: Partial<S>, replace = false) =>
        void navigate({
            to: '.',
            search: ((before: object) => ({ ...before, ...change })) as never,
            replace,
        });
}

export function assetName(assets: Asset[] | undefined, id: string): string {
    return assets?.find(asset => asset.id === id)?.name ?? id;
}
