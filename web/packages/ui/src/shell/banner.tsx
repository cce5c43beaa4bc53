// Above everything, on every page: that somebody of our staff is looking, who, why and how long; or
// that one sees a company below one's own.

import { useEffect, useRef, useState } from 'react';
import { Button } from '@mantine/core';
import { IconBuildingCommunity, IconEye } from '@tabler/icons-react';
import { minuteText } from '../time/zones';

interface ImpersonationBannerProps {
    who: string;
    as: string;
    why: string;
    ticket?: string | undefined;
    until: string;
    mayWrite: boolean;
    /** The company is asked first. */
    waiting: boolean;
    zone: string;
    end: () => void;
    ending: boolean;
    over: () => void;
}

export function ImpersonationBanner(props: ImpersonationBannerProps) {
    const { until, over } = props;
    const [left, setLeft] = useState(() => Date.parse(until) - Date.now());
    useEffect(() => {
        const timer = setInterval(() => setLeft(Date.parse(until) - Date.now()), 5000);
        return () => clearInterval(timer);
    }, [until]);
    const isOver = left <= 0;
    const told = useRef(false);
    useEffect(() => {
        if (!isOver || told.current) return;
        told.current = true;
        over();
    }, [isOver, over]);
    const minutes = Math.max(0, Math.ceil(left / 60_000));
    return (
        <section className="impersonation" aria-label="Impersonation" data-testid="impersonation">
            <IconEye size={17} stroke={1.8} aria-hidden />
            <p>
                <strong>
                    {props.who} sees this as {props.as},{' '}
                    {props.waiting
                        ? 'once somebody of the company agrees'
                        : props.mayWrite
                          ? 'and may change things'
                          : 'reading only'}
                </strong>
                <span>
                    {props.why}
                    {props.ticket && ` (${props.ticket})`}. Until{' '}
                    {minuteText(Date.parse(until), props.zone).slice(11)}, {minutes} min left. Each
                    step is in the company’s audit.
                </span>
            </p>
            <Button size="xs" variant="default" onClick={props.end} loading={props.ending}>
                End it
            </Button>
        </section>
    );
}

interface SightBannerProps {
    whom: string;
    as: string;
    shares: string[];
    home: string;
    back: () => void;
    pending: boolean;
}

export function SightBanner({ whom, as, shares, home, back, pending }: SightBannerProps) {
    return (
        <section className="impersonation sight" aria-label="Another company" data-testid="sight">
            <IconBuildingCommunity size={17} stroke={1.8} aria-hidden />
            <p>
                <strong>
                    {shares.length > 0
                        ? `You see ${whom} as ${as}: ${shares.join(', ')}`
                        : `${whom} shares nothing with you any more`}
                </strong>
                {shares.length > 0 && (
                    <span>You can look, not change. What you look at is in their audit.</span>
                )}
            </p>
            <Button size="xs" variant="default" onClick={back} loading={pending}>
                Back to {home}
            </Button>
        </section>
    );
}
