// From nothing to a company that measures: an asset, its sensor, a colleague. Each step knows
// whether it is done, and once all are, they are gone.

import { useState } from 'react';
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import { Panel, recall, remember, useMay } from '@mobilytics/ui';
import { assetsQuery, devicesQuery } from '../data/queries';

interface Step {
    title: string;
    about: string;
    done: boolean | undefined;
    to: string;
    search: object;
    go: string;
}

const kHidden = 'first-steps.hidden';
const isTrue = (value: unknown): value is true => value === true;

export function useFirstSteps() {
    const mayInvite = useMay('invite');
    const mayConnect = useMay('create_claim');
    const assets = useQuery(assetsQuery);
    const devices = useQuery(devicesQuery);
    const colleagues = useQuery({
        queryKey: ['people', 'colleagues'],
        queryFn: async ({ signal }) => {
            const people = await client.call('list_people', { query: { limit: 2 }, signal });
            if (people.items.length > 1) return true;
            const invited = await client.call('list_invitations', { query: { limit: 1 }, signal });
            return invited.items.length > 0;
        },
        enabled: mayInvite,
        staleTime: 60_000,
    });
    const steps: Step[] = [];
    if (mayConnect) {
        steps.push(
            {
                title: 'Your first asset',
                about: 'A truck, a billboard or a screen: what carries advertising gets a name.',
                done: assets.data && assets.data.length > 0,
                to: '/assets',
                search: { connect: 'new' },
                go: 'Name it',
            },
            {
                title: 'Its sensor',
                about: 'A command with a code that is good once. A few seconds after the sensor hears the air, visits are here. Without hardware, any radio capture can be replayed through it.',
                done: devices.data && devices.data.length > 0,
                to: '/assets',
                search: { connect: 'new' },
                go: 'Connect a sensor',
            },
        );
    }
    if (mayInvite) {
        steps.push({
            title: 'A colleague',
            about: 'They get a mail with a link, and a role that says what they may.',
            done: colleagues.data,
            to: '/settings/people',
            search: { invite: 'new' },
            go: 'Invite somebody',
        });
    }
    const known = steps.every(step => step.done !== undefined);
    return { steps, open: known && steps.some(step => !step.done) };
}

export function FirstSteps({ whole }: { whole?: boolean }) {
    const { steps, open } = useFirstSteps();
    const [hidden, setHidden] = useState(() => recall(kHidden, isTrue) ?? false);
    if (!whole && (!open || hidden)) return null;
    const next = steps.findIndex(step => !step.done);
    return (
        <Panel
            title={whole ? 'Nothing is measured yet' : 'What is left to begin with'}
            about={
                whole
                    ? 'Three steps, a few minutes. Each can be left and taken up again'
                    : undefined
            }
            testId="first-steps"
            actions={
                !whole && (
                    <Button
                        size="compact-xs"
                        variant="subtle"
                        color="gray"
                        onClick={() => {
                            remember(kHidden, true);
                            setHidden(true);
                        }}
                    >
                        Not now
                    </Button>
                )
            }
        >
            <ol className="first-steps">
                {steps.map((step, i) => (
                    <li key={step.title} data-done={step.done || undefined}>
                        <i aria-label={step.done ? 'Done' : undefined} />
                        <div>
                            <b>{step.title}</b>
                            <span>{step.about}</span>
                        </div>
                        {!step.done && (
                            <Button
                                component={Link}
                                to={step.to as never}
                                search={step.search as never}
                                size="sm"
                                variant={i === next ? 'filled' : 'default'}
                            >
                                {step.go}
                            </Button>
                        )}
                    </li>
                ))}
            </ol>
        </Panel>
    );
}
