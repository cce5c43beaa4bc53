// What one is told by mail, for this company.

import { Fragment } from 'react';
import { Switch } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { Notice } from '@mobilytics/api';
import { Lines, Message, Panel, Tag, Trouble, useSession } from '@mobilytics/ui';
import { noticesQuery } from '../../data/queries';

/** In the order that the server says, each heading once. */
function grouped(notices: Notice[]): [string, Notice[]][] {
    const groups = new Map<string, Notice[]>();
    for (const notice of notices) {
        groups.set(notice.group, [...(groups.get(notice.group) ?? []), notice]);
    }
    return [...groups];
}

interface NoticeRowProps {
    notice: Notice;
    set: (mailed: boolean) => void;
}

function NoticeRow({ notice, set }: NoticeRowProps) {
    if (!notice.settable) {
        return (
            <li className="notice-fixed">
                <div>
                    <b>{notice.title}</b>
                    <span>{notice.about}</span>
                </div>
                <Tag kind="good">Always</Tag>
            </li>
        );
    }
    return (
        <li>
            <Switch
                checked={notice.mailed}
                onChange={event => set(event.currentTarget.checked)}
                label={notice.title}
                description={notice.about}
                labelPosition="left"
            />
        </li>
    );
}

function Choices({ items }: { items: Notice[] }) {
    const queries = useQueryClient();
    const { queryKey } = noticesQuery;
    const setting = useMutation({
        mutationFn: (next: Notice[]) =>
            client.call('set_notices', {
                body: {
                    mailed: next
                        .filter(each => each.settable && each.mailed)
                        .map(({ kind }) => kind),
                },
            }),
        onMutate: async next => {
            await queries.cancelQueries({ queryKey });
            const before = queries.getQueryData(queryKey);
            queries.setQueryData(queryKey, { items: next });
            return before;
        },
        onSuccess: reply => queries.setQueryData(queryKey, reply),
        onError: (error, _, before) => {
            if (before) queries.setQueryData(queryKey, before);
            notifications.show({ color: 'red', message: `Not saved. ${error.message}` });
        },
    });
    return grouped(items).map(([group, notices]) => (
        <Fragment key={group}>
            <h3 className="section-head">{group}</h3>
            <ul className="notice-list" aria-label={group}>
                {notices.map(notice => (
                    <NoticeRow
                        key={notice.kind}
                        notice={notice}
                        set={mailed =>
                            setting.mutate(
                                items.map(each =>
                                    each.kind === notice.kind ? { ...each, mailed } : each,
                                ),
                            )
                        }
                    />
                ))}
            </ul>
        </Fragment>
    ));
}

export function Notices() {
    const { user, company, impersonation } = useSession();
    const found = useQuery({ ...noticesQuery, enabled: !impersonation });
    return (
        <div className="page narrow">
            {impersonation ? (
                <Message title="Not in the place of somebody else">
                    What somebody is told is chosen by themselves.
                </Message>
            ) : (
                <Panel
                    title="By mail"
                    about={`What ${company.name} tells you, at ${user.email}. A change is kept at once`}
                    testId="notices"
                >
                    {found.error && !found.data ? (
                        <Trouble error={found.error} retry={() => void found.refetch()} />
                    ) : !found.data ? (
                        <Lines count={6} />
                    ) : found.data.items.length === 0 ? (
                        <Message title="Nothing to choose">
                            In your role nothing is sent by mail.
                        </Message>
                    ) : (
                        <Choices items={found.data.items} />
                    )}
                </Panel>
            )}
        </div>
    );
}
