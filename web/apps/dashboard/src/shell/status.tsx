// Whether what is shown is simulated, and whether it still follows what happens.

import { IconFlask2, IconPlugConnectedX } from '@tabler/icons-react';
import { useLive } from '../data/live_store';
import { useSession } from '@mobilytics/ui';

export function SyntheticLabel() {
    const { company } = useSession();
    if (!company.synthetic) return null;
    return (
        <span className="synthetic" title="Simulated for demonstration: nobody was measured.">
            <IconFlask2 size={13} stroke={1.8} aria-hidden />
            Synthetic data
        </span>
    );
}

const kNotices = {
    stale: 'No sign of life from the server for over half a minute. What you see may be old; it is tried again by itself.',
    down: 'The live connection is broken. What you see stands still; it is tried again by itself.',
};

export function StreamNotice() {
    const { stream } = useLive();
    if (stream !== 'stale' && stream !== 'down') return null;
    return (
        <div className="notice" role="status" data-testid="stream-notice">
            <IconPlugConnectedX size={16} stroke={1.8} aria-hidden />
            {kNotices[stream]}
        </div>
    );
}
