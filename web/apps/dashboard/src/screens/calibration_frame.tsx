// What is around the pages of calibration: the way from one to the other.

import type { ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import '../calibration/calibration.css';

const kParts = [
    { to: '/calibration', label: 'Sites' },
    { to: '/calibration/classes', label: 'Classes of sites' },
    { to: '/calibration/factors', label: 'Factors' },
] as const;

interface FrameProps {
    /** The part that one is in. */
    at: (typeof kParts)[number]['to'];
    /** One of its things, below it. */
    below?: ReactNode;
    children: ReactNode;
}

export function CalibrationFrame({ at, below, children }: FrameProps) {
    return (
        <div className="page">
            <nav className="calibration-tabs" aria-label="Calibration">
                {kParts.map(({ to, label }) => (
                    <Link
                        key={to}
                        to={to}
                        aria-current={to === at ? 'page' : undefined}
                        activeProps={{}}
                        activeOptions={{ exact: true }}
                    >
                        {label}
                    </Link>
                ))}
            </nav>
            {below && <p className="page-about">{below}</p>}
            {children}
        </div>
    );
}

/** That what one sees is from before, and could not be asked anew. */
export function Stale({ query }: { query: { error: Error | null; data?: unknown } }) {
    if (!query.error || query.data === undefined) return null;
    return (
        <p className="form-warning" role="status">
            It could not be asked anew: what you see may be old. {query.error.message}
        </p>
    );
}
