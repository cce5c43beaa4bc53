// A number with its unit, and behind it how it came about.

import { useState } from 'react';
import type { ReactNode } from 'react';
import { Popover } from '@mantine/core';
import { kNothing } from './format';
import type { Change, Shown } from './format';

/** Why a figure may be believed, and how far. */
export interface Explanation {
    title: string;
    definition: string;
    formula?: string;
    source: string;
    fresh: string;
    complete: string;
    certain: string;
    note?: string;
}

interface ChangeTextProps {
    change: Change | undefined;
    /** More of it is neither good nor bad. */
    neutral?: boolean | undefined;
}

export function ChangeText({ change, neutral }: ChangeTextProps) {
    if (!change) return <span className="change">none before</span>;
    if (change.direction === 'same') return <span className="change">unchanged</span>;
    return (
        <span
            className="change"
            data-direction={change.direction}
            data-neutral={neutral || undefined}
        >
            <span aria-hidden>{change.direction === 'more' ? '▲' : '▼'}</span>
            {change.size} {change.direction}
        </span>
    );
}

export function Explained({ explanation }: { explanation: Explanation }) {
    const facts: [string, string][] = [
        ['Made from', explanation.source],
        ['As of', explanation.fresh],
        ['Complete', explanation.complete],
        ['Certain', explanation.certain],
    ];
    return (
        <div className="explain">
            <h3>{explanation.title}</h3>
            <p>{explanation.definition}</p>
            {explanation.formula && <code>{explanation.formula}</code>}
            {explanation.note && <p>{explanation.note}</p>}
            <dl>
                {facts.map(([name, text]) => (
                    <div key={name} style={{ display: 'contents' }}>
                        <dt>{name}</dt>
                        <dd>{text}</dd>
                    </div>
                ))}
            </dl>
        </div>
    );
}

interface FigureProps {
    label: string;
    shown: Shown | null;
    explanation: Explanation;
    size?: 'lg' | 'md' | 'sm';
    /** Under the number: the change, an interval. */
    children?: ReactNode;
    /** Said instead of a number that is held back. */
    heldBack?: string;
    testId?: string;
}

export function Figure({
    label,
    shown,
    explanation,
    size = 'lg',
    children,
    heldBack,
    testId,
}: FigureProps) {
    const [opened, setOpened] = useState(false);
    const value = shown?.value ?? (heldBack ? 'held back' : kNothing);
    return (
        <Popover
            opened={opened}
            onChange={setOpened}
            position="bottom-start"
            trapFocus
            returnFocus
            withinPortal
            middlewares={{ flip: true, shift: { padding: 12 } }}
        >
            <Popover.Target>
                <button
                    type="button"
                    className="figure"
                    aria-expanded={opened}
                    onClick={() => setOpened(before => !before)}
                    data-testid={testId}
                >
                    <span className="figure-label">{label}</span>
                    <span
                        className="figure-value"
                        data-size={shown ? size : 'md'}
                        style={shown ? undefined : { color: 'var(--text-3)', fontWeight: 500 }}
                    >
                        {value}
                        {shown?.unit && <span className="figure-unit">{shown.unit}</span>}
                    </span>
                    {children}
                </button>
            </Popover.Target>
            <Popover.Dropdown aria-label={`How ${label.toLowerCase()} is computed`} p={14}>
                <div tabIndex={-1} data-autofocus style={{ outline: 'none' }}>
                    <Explained explanation={explanation} />
                </div>
            </Popover.Dropdown>
        </Popover>
    );
}
