// A part of a page, and what it shows while there is nothing to show yet, or no more.

import type { ReactNode } from 'react';
import { Button, Skeleton } from '@mantine/core';
import { sentence } from './form/use_form';

interface PanelProps {
    title: ReactNode;
    /** One line: what question it answers, or how it is to be read. */
    about?: ReactNode;
    actions?: ReactNode;
    children: ReactNode;
    bodyStyle?: React.CSSProperties;
    testId?: string;
}

export function Panel({ title, about, actions, children, bodyStyle, testId }: PanelProps) {
    return (
        <section className="panel" data-testid={testId}>
            <header className="panel-head">
                <div style={{ minWidth: 0 }}>
                    <h2>{title}</h2>
                    {about && <p>{about}</p>}
                </div>
                {actions && <div className="panel-actions">{actions}</div>}
            </header>
            <div className="panel-body" style={bodyStyle}>
                {children}
            </div>
        </section>
    );
}

interface MessageProps {
    title: string;
    children?: ReactNode;
    actions?: ReactNode;
    center?: boolean;
    role?: 'alert' | 'status';
}

export function Message({ title, children, actions, center, role }: MessageProps) {
    return (
        <div className={center ? 'message center' : 'message'} role={role}>
            <strong>{title}</strong>
            {children && <span>{children}</span>}
            {actions && <div className="message-actions">{actions}</div>}
        </div>
    );
}

interface TroubleProps {
    error: { message: string; status?: number; retryAfterSeconds?: number };
    retry: () => void;
    what?: string;
    center?: boolean;
}

/** What went wrong, in words, what it means, and the way out. */
export function Trouble({ error, retry, what = 'This', center }: TroubleProps) {
    const status = error.status ?? 0;
    const advice =
        status === 0
            ? 'Check the connection to the server. Nothing that was measured is lost meanwhile: sensors keep it.'
            : status === 403
              ? 'Your role does not allow it. Ask an owner of the company.'
              : status === 404
                ? 'It is gone, or never was.'
                : status >= 500 || status === 429
                  ? 'It usually passes. Measuring goes on meanwhile.'
                  : 'Change the range or the filters and try again.';
    return (
        <Message
            role="alert"
            center={center}
            title={`${what} could not be loaded`}
            actions={
                <Button size="xs" variant="default" onClick={retry}>
                    Try again
                </Button>
            }
        >
            {sentence(error.message)} {advice}
        </Message>
    );
}

export function Lines({ count, height = 14 }: { count: number; height?: number }) {
    return (
        <div aria-hidden style={{ display: 'grid', gap: 14, padding: '8px 0' }}>
            {Array.from({ length: count }, (_, i) => (
                <Skeleton key={i} height={height} width={`${92 - ((i * 17) % 40)}%`} radius={4} />
            ))}
        </div>
    );
}

/** In place of figures that are on their way. */
export function Skeletons({ count }: { count: number }) {
    return Array.from({ length: count }, (_, i) => (
        <div key={i} aria-hidden>
            <Skeleton height={12} width={84} radius={4} mt={3} />
            <Skeleton height={20} width={64} radius={5} mt={6} />
        </div>
    ));
}
