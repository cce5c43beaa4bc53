// Where one is signed in, and how to end it there.

import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import { client } from '@mobilytics/api';
import type { OwnSession } from '@mobilytics/api';
import { Lines, Panel, Tag, Trouble, When, browserText, isPhone, useSession } from '@mobilytics/ui';

function SessionRow({ session, zone }: { session: OwnSession; zone: string }) {
    const queries = useQueryClient();
    const ending = useMutation({
        mutationFn: () => client.call('end_own_session', { params: { session_id: session.id } }),
        onSettled: () => void queries.invalidateQueries({ queryKey: ['own_sessions'] }),
    });
    const Icon = isPhone(session.user_agent) ? IconDeviceMobile : IconDeviceDesktop;
    return (
        <li>
            <Icon size={19} stroke={1.5} aria-hidden />
            <div>
                <b>{browserText(session.user_agent)}</b>
                <span className="muted">
                    {session.address}, {session.company_name}, seen{' '}
                    <When at={session.seen_at} zone={zone} relative />
                </span>
            </div>
            {session.current ? (
                <Tag kind="good">This one</Tag>
            ) : (
                <Button
                    size="compact-xs"
                    variant="default"
                    loading={ending.isPending}
                    aria-label={`End it: ${browserText(session.user_agent)} at ${session.address}`}
                    onClick={() => ending.mutate()}
                >
                    End it
                </Button>
            )}
        </li>
    );
}

export function Sessions() {
    const { company } = useSession();
    const queries = useQueryClient();
    const found = useQuery({
        queryKey: ['own_sessions'],
        queryFn: ({ signal }) => client.call('list_own_sessions', { signal }),
    });
    const ending = useMutation({
        mutationFn: () => client.call('end_other_sessions'),
        onSuccess: () => {
            notifications.show({ message: 'All other sessions have ended.' });
            void queries.invalidateQueries({ queryKey: ['own_sessions'] });
        },
    });
    const others = found.data?.items.filter(session => !session.current).length ?? 0;
    return (
        <Panel
            title="Where you are signed in"
            about="End what you do not know, then change your password"
            actions={
                others > 0 && (
                    <Button
                        size="xs"
                        variant="default"
                        mr={6}
                        loading={ending.isPending}
                        onClick={() => ending.mutate()}
                    >
                        End all others
                    </Button>
                )
            }
        >
            {found.error && !found.data ? (
                <Trouble error={found.error} retry={() => void found.refetch()} />
            ) : !found.data ? (
                <Lines count={4} />
            ) : (
                <ul className="plain-list">
                    {found.data.items.map(session => (
                        <SessionRow key={session.id} session={session} zone={company.time_zone} />
                    ))}
                </ul>
            )}
        </Panel>
    );
}
