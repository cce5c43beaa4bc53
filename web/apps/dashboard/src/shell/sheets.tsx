// The tables of the page that is on the screen, for the download menu and the command palette.

import { createContext, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Basics } from '@mobilytics/api';
import { saveText } from '@mobilytics/ui/csv';
import { csvOf } from '../figures/sheet';
import type { Sheet } from '../figures/sheet';
import { dayText } from '@mobilytics/ui/zones';
import type { Span } from '../time/ranges';
import { kSourceTexts } from './view';
import type { View } from './view';

export interface OpenSheet {
    sheet: Sheet;
    basics: Basics | undefined;
    /** When it is not the page's. */
    span?: Span | undefined;
}

interface Sheets {
    open: OpenSheet[];
    set(key: string, sheet: OpenSheet | undefined): void;
}

const Context = createContext<Sheets>({ open: [], set: () => undefined });

export function SheetsProvider({ children }: { children: ReactNode }) {
    const [open, setOpen] = useState<[string, OpenSheet][]>([]);
    const value = useMemo<Sheets>(
        () => ({
            open: open.map(([, sheet]) => sheet),
            set: (key, sheet) =>
                setOpen(before => {
                    const rest = before.filter(([other]) => other !== key);
                    return sheet ? [...rest, [key, sheet]] : rest;
                }),
        }),
        [open],
    );
    return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useOpenSheets(): OpenSheet[] {
    return useContext(Context).open;
}

/** Offers a table for download for as long as it is on the screen. */
export function useSheet(sheet: Sheet | undefined, basics: Basics | undefined, span?: Span) {
    const { set } = useContext(Context);
    const latest = useRef(set);
    latest.current = set;
    useEffect(() => {
        if (!sheet) return;
        latest.current(sheet.name, { sheet, basics, span });
        return () => latest.current(sheet.name, undefined);
    }, [sheet, basics, span]);
}

export function saveSheet({ sheet, basics, span }: OpenSheet, view: View) {
    const range = span ?? view.range;
    const { zone } = view;
    const text = csvOf(sheet, {
        company: view.session.company.name,
        range,
        zone,
        source: sheet.allRadio ? kSourceTexts.all : view.sourceText,
        assets: sheet.assets ?? (view.assetIds.join(' ') || 'all'),
        basics,
    });
    const days = [dayText(range.from, zone), dayText(range.to - 1, zone)];
    saveText(`mobilytics-${sheet.name}-${[...new Set(days)].join('-to-')}.csv`, text);
}
