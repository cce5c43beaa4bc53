import { useEffect, useRef } from 'react';
import { Button } from '@mantine/core';
import { Link, useRouter } from '@tanstack/react-router';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { ApiError } from '@mobilytics/api';
import { Lines, Message, Trouble } from '../panel';

export function NotFound() {
    return (
        <Message
            center
            title="There is no such page"
            actions={
                <Button component={Link} to="/" size="xs" variant="default">
                    To the beginning
                </Button>
            }
        >
            The link may be old, or mistyped.
        </Message>
    );
}

const kAgainMs = 4000;

export function Broken({ error, reset }: ErrorComponentProps) {
    const router = useRouter();
    const retry = () => {
        reset();
        void router.invalidate();
    };
    const latest = useRef(retry);
    latest.current = retry;
    // A server that still starts, or is started anew, is asked until it answers.
    const passing = error instanceof ApiError && error.passing;
    useEffect(() => {
        if (!passing) return;
        const timer = setTimeout(() => latest.current(), kAgainMs);
        return () => clearTimeout(timer);
    }, [passing, error]);
    return <Trouble center error={error as Error} what="The page" retry={retry} />;
}

export function Waiting() {
    return (
        <div className="page" role="status" aria-label="Loading">
            <Lines count={6} height={18} />
        </div>
    );
}
