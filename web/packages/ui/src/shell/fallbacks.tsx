import { Button } from '@mantine/core';
import { Link, useRouter } from '@tanstack/react-router';
import type { ErrorComponentProps } from '@tanstack/react-router';
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

export function Broken({ error, reset }: ErrorComponentProps) {
    const router = useRouter();
    return (
        <Trouble
            center
            error={error as Error}
            what="The page"
            retry={() => {
                reset();
                void router.invalidate();
            }}
        />
    );
}

export function Waiting() {
    return (
        <div className="page" role="status" aria-label="Loading">
            <Lines count={6} height={18} />
        </div>
    );
}
