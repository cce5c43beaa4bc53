// A word about a state: its shape and its text tell it, the colour only helps.

import type { ReactNode } from 'react';
import {
    IconAlertTriangle,
    IconCircleCheck,
    IconCircleDashed,
    IconCircleX,
    IconClock,
    IconInfoCircle,
} from '@tabler/icons-react';

export type TagKind = 'good' | 'bad' | 'warn' | 'waiting' | 'idle' | 'info';

const kIcons = {
    good: IconCircleCheck,
    bad: IconCircleX,
    warn: IconAlertTriangle,
    waiting: IconClock,
    idle: IconCircleDashed,
    info: IconInfoCircle,
};

export function Tag({ kind, children }: { kind: TagKind; children: ReactNode }) {
    const Icon = kIcons[kind];
    return (
        <span className="tag" data-kind={kind}>
            <Icon size={14} stroke={1.8} aria-hidden />
            {children}
        </span>
    );
}
