// Ctrl K: every page, every thing, everything one can do; and what the server finds of a word.

import { useEffect, useState } from 'react';
import { Spotlight, spotlight } from '@mantine/spotlight';
import type { SpotlightActionData, SpotlightActionGroupData } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { IconSearch } from '@tabler/icons-react';
import { UnstyledButton } from '@mantine/core';

export interface Found {
    id: string;
    label: string;
    about?: string;
    open: () => void;
}

export interface FoundGroup {
    group: string;
    items: Found[];
}

interface PaletteProps {
    groups: FoundGroup[];
    placeholder: string;
    /** What the server has of that name. */
    find?: (text: string, signal: AbortSignal) => Promise<FoundGroup[]>;
}

const kTypingMs = 200;
const kFindMin = 2;

function actionOf({ id, label, about, open }: Found): SpotlightActionData {
    return { id, label, onClick: open, ...(about ? { description: about } : {}) };
}

export function CommandPalette({ groups, placeholder, find }: PaletteProps) {
    const [typed, setTyped] = useState('');
    const [asked, setAsked] = useState('');
    useEffect(() => {
        const timer = setTimeout(() => setAsked(typed.trim()), kTypingMs);
        return () => clearTimeout(timer);
    }, [typed]);
    const found = useQuery({
        queryKey: ['find', asked],
        queryFn: ({ signal }) => find!(asked, signal),
        enabled: Boolean(find) && asked.length >= kFindMin,
        staleTime: 10_000,
        retry: false,
    });
    const word = typed.trim().toLowerCase();
    const fits = ({ label, about }: Found) =>
        !word || `${label} ${about ?? ''}`.toLowerCase().includes(word);
    const remote = word.length >= kFindMin ? (found.data ?? []) : [];
    const known = new Set(remote.flatMap(({ items }) => items.map(item => item.id)));
    const shown: SpotlightActionGroupData[] = [
        ...groups.map(({ group, items }) => ({
            group,
            actions: items.filter(item => fits(item) && !known.has(item.id)).map(actionOf),
        })),
        ...remote.map(({ group, items }) => ({ group, actions: items.map(actionOf) })),
    ].filter(({ actions }) => actions.length > 0);
    return (
        <Spotlight
            actions={shown}
            query={typed}
            onQueryChange={setTyped}
            // What is shown has been chosen above; the server's answers need not hold the word.
            filter={(_, all) => all}
            attributes={{ content: { 'aria-label': 'Find anything' } }}
            shortcut={['mod + K']}
            limit={24}
            nothingFound={found.isFetching ? 'Looking…' : 'Nothing is called that.'}
            scrollable
            maxHeight={420}
            overlayProps={{ backgroundOpacity: 0.28, blur: 0 }}
            searchProps={{
                leftSection: <IconSearch size={17} stroke={1.7} />,
                placeholder,
                'aria-label': 'Find anything',
            }}
        />
    );
}

/** Looks like a field, for that is what one looks for. */
export function FindField() {
    return (
        <UnstyledButton className="find" onClick={() => spotlight.open()}>
            <IconSearch size={14} stroke={1.8} />
            <span>Find anything</span>
            <kbd>Ctrl K</kbd>
        </UnstyledButton>
    );
}

export const openPalette = () => spotlight.open();
