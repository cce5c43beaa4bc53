// Who belongs to the company and what they may, and who is invited.

import { useState } from 'react';
import { Button, Modal, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { client } from '@mobilytics/api';
import type { Invitation, Member, Role } from '@mobilytics/api';
import {
    ConfirmDialog,
    Form,
    RemoteTable,
    RowMenu,
    Tag,
    When,
    kCustomerRoles,
    kRoles,
    kStaffRoles,
    useForm,
    useMay,
    useSession,
} from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { RoleChoice } from './role_choice';

const columnsOf = (zone: string, own: string): RemoteColumn<Member>[] => [
    {
        id: 'name',
        header: 'Name',
        sort: 'name',
        cell: row => (
            <>
                <span className="row-name">{row.name}</span>
                {row.id === own && <span className="muted"> you</span>}
            </>
        ),
        text: row => row.name,
    },
    {
        id: 'email',
        header: 'E-mail',
        sort: 'email',
        cell: row => row.email,
        text: row => row.email,
    },
    {
        id: 'role',
        header: 'Role',
        sort: 'role',
        cell: row => <span title={kRoles[row.role].means}>{kRoles[row.role].word}</span>,
        text: row => row.role,
    },
    {
        id: 'state',
        header: 'State',
        cell: row =>
            row.state === 'active' ? (
                <Tag kind="good">Active</Tag>
            ) : (
                <Tag kind="idle">Suspended</Tag>
            ),
        text: row => row.state,
    },
    {
        id: 'second_factor',
        header: 'Second factor',
        cell: row =>
            row.has_second_factor ? <Tag kind="good">Yes</Tag> : <Tag kind="warn">Not yet</Tag>,
        text: row => row.has_second_factor,
    },
    {
        id: 'seen_at',
        header: 'Last here',
        cell: row => <When at={row.seen_at} zone={zone} relative nothing="never" />,
        text: row => row.seen_at,
    },
    {
        id: 'joined_at',
        header: 'Joined',
        sort: 'joined_at',
        optional: true,
        cell: row => <When at={row.joined_at} zone={zone} />,
        text: row => row.joined_at,
    },
];

const invitationColumns = (zone: string): RemoteColumn<Invitation>[] => [
    {
        id: 'email',
        header: 'Invited',
        sort: 'email',
        cell: row => <span className="row-name">{row.email}</span>,
        text: row => row.email,
    },
    {
        id: 'role',
        header: 'As',
        cell: row => kRoles[row.role].word,
        text: row => row.role,
    },
    {
        id: 'invited_at',
        header: 'When',
        sort: 'invited_at',
        cell: row => <When at={row.invited_at} zone={zone} relative />,
        text: row => row.invited_at,
    },
    {
        id: 'expires_at',
        header: 'Good until',
        sort: 'expires_at',
        cell: row => <When at={row.expires_at} zone={zone} />,
        text: row => row.expires_at,
    },
];

/** Of those that this company has, not above one's own. */
function useGivenRoles(): Role[] {
    const { company, user } = useSession();
    if (company.kind === 'house') return kStaffRoles;
    return user.role === 'owner' ? kCustomerRoles : kCustomerRoles.filter(role => role !== 'owner');
}

function Invite({ close }: { close: () => void }) {
    const queries = useQueryClient();
    const roles = useGivenRoles();
    const form = useForm({
        initial: { email: '', role: roles[0]! as string },
        send: ({ email, role }) =>
            client.call('invite', { body: { email: email.trim(), role: role as Role } }),
        done: reply => {
            notifications.show({ message: `A mail with a link goes to ${reply.email}.` });
            void queries.invalidateQueries({ queryKey: ['invitations'] });
            close();
        },
        places: { already_member: 'email', already_invited: 'email' },
    });
    return (
        <Modal opened onClose={close} title="Invite somebody">
            <Form form={form} submit="Invite" disabled={!form.values.email.trim()}>
                <TextInput
                    {...form.text('email')}
                    label="E-mail"
                    type="email"
                    maxLength={254}
                    data-autofocus
                />
                <RoleChoice
                    label="Role"
                    roles={roles}
                    value={form.values.role as Role}
                    set={role => form.set('role', role)}
                />
            </Form>
        </Modal>
    );
}

function ChangeRole({ member, close }: { member: Member; close: () => void }) {
    const queries = useQueryClient();
    const roles = useGivenRoles();
    const form = useForm({
        initial: { role: member.role as string },
        send: ({ role }) =>
            client.call('change_member', {
                params: { person_id: member.id },
                body: { role: role as Role },
            }),
        done: reply => {
            notifications.show({
                message: `${reply.name} is ${kRoles[reply.role].word.toLowerCase()} from now on.`,
            });
            void queries.invalidateQueries({ queryKey: ['people'] });
            close();
        },
    });
    return (
        <Modal opened onClose={close} title={`The role of ${member.name}`}>
            <Form form={form} submit="Change it" disabled={form.values.role === member.role}>
                <RoleChoice
                    label="Role"
                    roles={roles}
                    value={form.values.role as Role}
                    set={role => form.set('role', role)}
                />
                <p className="hint" style={{ margin: 0 }}>
                    It holds at once, also where they are signed in now.
                </p>
            </Form>
        </Modal>
    );
}

type Deed = 'role' | 'suspend' | 'remove' | 'sessions' | 'owner';

function Deeds({ member, deed, close }: { member: Member; deed: Deed; close: () => void }) {
    const { company } = useSession();
    const queries = useQueryClient();
    const params = { person_id: member.id };
    const again = () => queries.invalidateQueries({ queryKey: ['people'] });
    if (deed === 'role') return <ChangeRole member={member} close={close} />;
    if (deed === 'suspend') {
        return (
            <ConfirmDialog
                title={`Suspend ${member.name}?`}
                means={[
                    `They cannot get into ${company.name} any more; their sessions here end.`,
                    'Nothing of theirs is lost. They can be let in again at any time.',
                ]}
                confirm="Suspend"
                keep="Leave them in"
                run={() =>
                    client
                        .call('change_member', { params, body: { state: 'suspended' } })
                        .then(again)
                }
                done={`${member.name} is suspended.`}
                close={close}
            />
        );
    }
    if (deed === 'remove') {
        return (
            <ConfirmDialog
                title={`Remove ${member.name}?`}
                means={[
                    `They belong to ${company.name} no more; their sessions here end.`,
                    'What they did stays in the audit. Keys that they made go on working.',
                    'To come back they have to be invited.',
                ]}
                confirm="Remove"
                keep="Keep them"
                run={() => client.call('remove_member', { params }).then(again)}
                done={`${member.name} belongs to the company no more.`}
                close={close}
            />
        );
    }
    if (deed === 'sessions') {
        return (
            <ConfirmDialog
                title={`End the sessions of ${member.name}?`}
                means={[
                    'Wherever they are signed in for this company, they have to sign in again.',
                ]}
                confirm="End them"
                run={() => client.call('end_sessions_of', { params })}
                done="Their sessions have ended."
                close={close}
            />
        );
    }
    return (
        <ConfirmDialog
            title={`Hand ${company.name} on to ${member.name}?`}
            means={[
                `${member.name} becomes owner: they decide about everything here.`,
                'You become admin. Only they can make you owner again.',
            ]}
            word={company.name}
            confirm="Hand it on"
            run={async () => {
                await client.call('transfer_ownership', { body: { person_id: member.id } });
                await again();
                await queries.invalidateQueries({ queryKey: ['session'] });
            }}
            done={`${member.name} is the owner now.`}
            close={close}
        />
    );
}

export function People() {
    const { company, user } = useSession();
    const zone = company.time_zone;
    const queries = useQueryClient();
    const navigate = useNavigate();
    const search = useSearch({ strict: false }) as { invite?: string };
    const mayInvite = useMay('invite');
    const mayChange = useMay('change_member');
    const mayHandOn = useMay('transfer_ownership');
    const [doing, setDoing] = useState<{ member: Member; deed: Deed }>();
    const [withdrawing, setWithdrawing] = useState<Invitation>();
    const roles = company.kind === 'house' ? kStaffRoles : kCustomerRoles;
    const invite = (on: boolean) =>
        void navigate({
            to: '.',
            search: ((before: object) => ({ ...before, invite: on ? 'new' : undefined })) as never,
        });
    const deedsOf = (member: Member) => {
        if (!mayChange || member.id === user.id) return [];
        if (member.role === 'owner' && user.role !== 'owner') return [];
        const start = (deed: Deed) => () => setDoing({ member, deed });
        return [
            { label: 'Change the role…', run: start('role') },
            { label: 'End their sessions…', run: start('sessions') },
            mayHandOn &&
                member.state === 'active' && { label: 'Make them the owner…', run: start('owner') },
            member.state === 'active'
                ? { label: 'Suspend…', run: start('suspend'), danger: true }
                : {
                      label: 'Let them in again',
                      run: () =>
                          void client
                              .call('change_member', {
                                  params: { person_id: member.id },
                                  body: { state: 'active' },
                              })
                              .then(() => queries.invalidateQueries({ queryKey: ['people'] }))
                              .catch((error: Error) =>
                                  notifications.show({ color: 'red', message: error.message }),
                              ),
                  },
            { label: 'Remove…', run: start('remove'), danger: true },
        ];
    };
    const button = mayInvite && (
        <Button size="xs" onClick={() => invite(true)}>
            Invite
        </Button>
    );
    return (
        <div className="page">
            <RemoteTable<Member>
                name="people"
                caption="People"
                queryKey={['people']}
                load={client.page('list_people')}
                columns={columnsOf(zone, user.id)}
                searches="Search name or e-mail"
                filters={[
                    {
                        name: 'role',
                        label: 'Role',
                        kind: 'choice',
                        choices: roles.map(role => ({ value: role, label: kRoles[role].word })),
                    },
                    {
                        name: 'state',
                        label: 'State',
                        kind: 'choice',
                        choices: [
                            { value: 'active', label: 'Active' },
                            { value: 'suspended', label: 'Suspended' },
                        ],
                    },
                ]}
                rowKey={row => row.id}
                rowLabel={row => row.name}
                actions={row => <RowMenu of={row.name} deeds={deedsOf(row)} />}
                create={button}
                empty={{
                    title: 'Nobody is here',
                    text: 'Invite a colleague: they get a mail with a link.',
                    action: button,
                }}
            />
            {mayInvite && (
                <section aria-labelledby="invited">
                    <h2 className="section-head" id="invited">
                        Invited, not here yet
                    </h2>
                    <RemoteTable<Invitation>
                        name="invitations"
                        caption="Invitations"
                        prefix="invited."
                        queryKey={['invitations']}
                        load={client.page('list_invitations')}
                        columns={invitationColumns(zone)}
                        rowKey={row => row.id}
                        rowLabel={row => row.email}
                        actions={row => (
                            <RowMenu
                                of={row.email}
                                deeds={[
                                    {
                                        label: 'Withdraw…',
                                        run: () => setWithdrawing(row),
                                        danger: true,
                                    },
                                ]}
                            />
                        )}
                        empty={{
                            title: 'No invitation is open',
                            text: 'Whom you invite stands here until they join, for a week at most.',
                        }}
                    />
                </section>
            )}
            <section aria-labelledby="roles">
                <h2 className="section-head" id="roles">
                    What each role may do
                </h2>
                <dl className="facts">
                    {roles.map(role => (
                        <div key={role}>
                            <dt>{kRoles[role].word}</dt>
                            <dd>{kRoles[role].means}</dd>
                        </div>
                    ))}
                </dl>
            </section>
            {search.invite !== undefined && mayInvite && <Invite close={() => invite(false)} />}
            {doing && <Deeds {...doing} close={() => setDoing(undefined)} />}
            {withdrawing && (
                <ConfirmDialog
                    title={`Withdraw the invitation of ${withdrawing.email}?`}
                    means={['The link in the mail opens nothing any more.']}
                    confirm="Withdraw it"
                    run={() =>
                        client
                            .call('withdraw_invitation', {
                                params: { invitation_id: withdrawing.id },
                            })
                            .then(() => queries.invalidateQueries({ queryKey: ['invitations'] }))
                    }
                    done="The invitation is withdrawn."
                    close={() => setWithdrawing(undefined)}
                />
            )}
        </div>
    );
}
