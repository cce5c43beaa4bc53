// One row of a list in full, beside it.

import type { ReactNode } from 'react';
import { Drawer } from '@mantine/core';

interface BesideProps {
    title: ReactNode;
    close: () => void;
    children: ReactNode;
    size?: number;
}

export function Beside({ title, close, children, size = 480 }: BesideProps) {
    return (
        <Drawer
            opened
            onClose={close}
            title={title}
            position="right"
            size={`min(${size}px, 100vw)`}
            closeButtonProps={{ 'aria-label': 'Close' }}
            overlayProps={{ backgroundOpacity: 0.18 }}
        >
            {children}
        </Drawer>
    );
}

interface FactsProps {
    facts: ([string, ReactNode] | false | undefined)[];
    /** In two columns, where there is room. */
    beside?: boolean;
}

export function Facts({ facts, beside }: FactsProps) {
    return (
        <dl className={beside ? 'facts beside' : 'facts'}>
            {facts.map(
                fact =>
                    fact && (
                        <div key={fact[0]}>
                            <dt>{fact[0]}</dt>
                            <dd>{fact[1]}</dd>
                        </div>
                    ),
            )}
        </dl>
    );
}

/** JSON as it can be read, or the text as it is. */
export function prettyJson(text: string): string {
    try {
        return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
        return text;
    }
}
