// Above everything, on every page: that somebody of our staff is looking, who, why and how long.

import { useEffect, useState } from 'react';
import { Button } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
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
    useEffect(() => {
        if (isOver) over();
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
