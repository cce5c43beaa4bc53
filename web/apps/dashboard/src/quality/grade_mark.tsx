// What grade a day has, by shape as well as by colour.

import type { ReactNode } from 'react';
import type { QualityGrade } from '@mobilytics/api';

const shapes: Record<QualityGrade, ReactNode> = {
    good: <circle cx="7" cy="7" r="3.2" fill="var(--live)" />,
    fair: <path d="M7 2.2l5.2 9.3H1.8z" fill="var(--warn)" />,
    poor: (
        <>
            <rect x="1.8" y="1.8" width="10.4" height="10.4" rx="2" fill="var(--bad)" />
            <path d="M4.6 4.6l4.8 4.8M9.4 4.6L4.6 9.4" stroke="var(--surface)" strokeWidth="1.5" />
        </>
    ),
    running: (
        <circle
            cx="7"
            cy="7"
            r="3.6"
            fill="none"
            stroke="var(--text-3)"
            strokeWidth="1.5"
            strokeDasharray="2.2 1.5"
        />
    ),
    none: <path d="M4 7h6" stroke="var(--text-3)" strokeWidth="1.5" />,
};

export function GradeMark({ grade }: { grade: QualityGrade }) {
    return (
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden>
            {shapes[grade]}
        </svg>
    );
}
