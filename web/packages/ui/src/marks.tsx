// What state something is in, by shape, word and colour: never by colour alone.

import type { ReactNode } from 'react';

export type MarkState = 'live' | 'quiet' | 'silent' | 'never';

export const kStateWords: Record<MarkState, { word: string; means: string }> = {
    live: { word: 'Live', means: 'heard in the last 30 seconds' },
    quiet: { word: 'Quiet', means: 'heard in the last 10 minutes' },
    silent: { word: 'Silent', means: 'not heard for more than 10 minutes' },
    never: { word: 'Never heard', means: 'no sensor has reported for it yet' },
};

const shapes: Record<MarkState, ReactNode> = {
    live: <circle cx="6" cy="6" r="4.5" fill="var(--live)" />,
    quiet: (
        <>
            <circle cx="6" cy="6" r="4" fill="none" stroke="var(--warn)" strokeWidth="1.6" />
            <circle cx="6" cy="6" r="1.6" fill="var(--warn)" />
        </>
    ),
    silent: (
        <>
            <rect x="1.8" y="1.8" width="8.4" height="8.4" rx="1.5" fill="var(--bad)" />
            <path d="M4 4l4 4M8 4l-4 4" stroke="var(--surface)" strokeWidth="1.3" />
        </>
    ),
    never: (
        <path
            d="M6 1.2L10.8 6 6 10.8 1.2 6z"
            fill="none"
            stroke="var(--text-3)"
            strokeWidth="1.4"
            strokeDasharray="2 1.4"
        />
    ),
};

export function StateMark({ state, label }: { state: MarkState; label?: string | false }) {
    return (
        <span className="mark" title={kStateWords[state].means}>
            <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden={label !== false}>
                {label === false && <title>{kStateWords[state].word}</title>}
                {shapes[state]}
            </svg>
            {label !== false && <span>{label ?? kStateWords[state].word}</span>}
        </span>
    );
}
