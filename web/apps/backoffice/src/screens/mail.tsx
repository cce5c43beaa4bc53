// The mail outbox: what was written to whom, whether it left, and how it looks.

import { useState } from 'react';
import { Button, SegmentedControl, Tabs } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { client } from '@mobilytics/api';
import type { Mail as MailItem, MailState } from '@mobilytics/api';
import {
    Beside,
    Facts,
    Lines,
    Message,
    RemoteTable,
    Tag,
    Trouble,
    When,
    actionText,
} from '@mobilytics/ui';
import type { RemoteColumn, TagKind } from '@mobilytics/ui';
import { useCompanyFilter } from '../data/names';
import { useMay, useZone } from '../data/session';
import { CompanyName } from './company_name';

const kStates: Record<MailState, { kind: TagKind; word: string; means: string }> = {
    waiting: { kind: 'waiting', word: 'Waiting', means: 'It is sent in a moment.' },
    kept: { kind: 'idle', word: 'Kept here', means: 'No SMTP server is set up: it goes nowhere.' },
    sent: { kind: 'good', word: 'Sent', means: 'The SMTP server has taken it.' },
    refused: { kind: 'bad', word: 'Refused', means: 'The SMTP server will not have it.' },
    failed: { kind: 'bad', word: 'Given up', means: 'Tried many times in vain.' },
};

const columnsOf = (zone: string): RemoteColumn<MailItem>[] => [
    {
        id: 'subject',
        header: 'Subject',
        cell: row => <span className="row-name">{row.subject}</span>,
        text: row => row.subject,
    },
    { id: 'to', header: 'To', sort: 'to', cell: row => row.to, text: row => row.to },
    {
        id: 'state',
        header: 'State',
        sort: 'state',
        cell: row => <Tag kind={kStates[row.state].kind}>{kStates[row.state].word}</Tag>,
        text: row => row.state,
    },
    {
        id: 'template',
        header: 'Template',
        cell: row => <span title={row.template_name}>{actionText(row.template_name)}</span>,
        text: row => row.template_name,
    },
    {
        id: 'company',
        header: 'Company',
        cell: row => <CompanyName id={row.company_id} />,
        text: row => row.company_id,
    },
    {
        id: 'written_at',
        header: 'Written',
        sort: 'written_at',
        cell: row => <When at={row.written_at} zone={zone} relative />,
        text: row => row.written_at,
    },
    {
        id: 'attempts',
        header: 'Tries',
        number: true,
        optional: true,
        cell: row => row.attempts,
        text: row => row.attempts,
    },
];

function Preview({ title, html, text }: { title: string; html: string; text: string }) {
    const [shown, setShown] = useState('html');
    return (
        <>
            <SegmentedControl
                size="xs"
                mb="xs"
                aria-label="Shown as"
                value={shown}
                onChange={setShown}
                data={[
                    { value: 'html', label: 'As it looks' },
                    { value: 'text', label: 'Text' },
                ]}
            />
            {shown === 'html' ? (
                // No scripts, no forms, no way out: what is in a mail came from outside.
                <iframe className="mail-frame" sandbox="" srcDoc={html} title={title} />
            ) : (
                <pre className="json" style={{ maxHeight: 460 }} tabIndex={0}>
                    {text}
                </pre>
            )}
        </>
    );
}

function LetterBeside({ id, close }: { id: string; close: () => void }) {
    const zone = useZone();
    const queries = useQueryClient();
    const mayRetry = useMay('retry_mail');
    const params = { mail_id: id };
    const found = useQuery({
        queryKey: ['letter', id],
        queryFn: ({ signal }) => client.call('find_mail', { params, signal }),
    });
    const retry = useMutation({
        mutationFn: () => client.call('retry_mail', { params }),
        onSuccess: () => {
            notifications.show({ message: 'It waits to be sent again.' });
            void queries.invalidateQueries({ queryKey: ['mail'] });
            void queries.invalidateQueries({ queryKey: ['letter', id] });
        },
    });
    if (found.error && !found.data) {
        return (
            <Beside title="Mail" close={close}>
                <Trouble error={found.error} what="The mail" retry={() => void found.refetch()} />
            </Beside>
        );
    }
    if (!found.data) {
        return (
            <Beside title="Mail" close={close}>
                <Lines count={6} />
            </Beside>
        );
    }
    const { mail, html, text } = found.data;
    const state = kStates[mail.state];
    return (
        <Beside title={mail.subject} close={close} size={640}>
            <Facts
                facts={[
                    ['To', mail.to],
                    ['State', <Tag kind={state.kind}>{state.word}</Tag>],
                    ['Which means', state.means],
                    mail.answer !== undefined && ['It was answered', mail.answer],
                    ['Company', <CompanyName id={mail.company_id} />],
                    ['Template', actionText(mail.template_name)],
                    ['Written', <When at={mail.written_at} zone={zone} />],
                    ['Sent', <When at={mail.sent_at} zone={zone} nothing="not yet" />],
                ]}
            />
            <div className="drawer-part">
                <Preview title={mail.subject} html={html} text={text} />
            </div>
            {retry.error && (
                <p className="form-trouble" role="alert">
                    {retry.error.message}
                </p>
            )}
            {(mail.state === 'refused' || mail.state === 'failed') && (
                <Button
                    size="xs"
                    mt="sm"
                    disabled={!mayRetry}
                    loading={retry.isPending}
                    onClick={() => retry.mutate()}
                >
                    Send it again
                </Button>
            )}
        </Beside>
    );
}

function Templates() {
    const found = useQuery({
        queryKey: ['mail_templates'],
        queryFn: ({ signal }) => client.call('list_mail_templates', { signal }),
    });
    const [chosen, setChosen] = useState<string>();
    if (found.error) {
        return (
            <Trouble error={found.error} what="The templates" retry={() => void found.refetch()} />
        );
    }
    if (!found.data) return <Lines count={5} />;
    const template = found.data.items.find(({ name }) => name === chosen);
    if (found.data.items.length === 0) return <Message title="No module writes mail" />;
    return (
        <>
            <ul className="plain-list">
                {found.data.items.map(({ name, subject }) => (
                    <li key={name}>
                        <div>
                            <b>{actionText(name)}</b>
                            <span className="muted">{subject}</span>
                        </div>
                        <Button
                            size="compact-xs"
                            variant="default"
                            aria-label={`Look at it: ${actionText(name)}`}
                            onClick={() => setChosen(name)}
                        >
                            Look at it
                        </Button>
                    </li>
                ))}
            </ul>
            {template && (
                <Beside
                    title={actionText(template.name)}
                    close={() => setChosen(undefined)}
                    size={640}
                >
                    <Facts facts={[['Subject', template.subject]]} />
                    <div className="drawer-part">
                        <Preview
                            title={template.subject}
                            html={template.html}
                            text={template.text}
                        />
                    </div>
                </Beside>
            )}
        </>
    );
}

export function Mail() {
    const zone = useZone();
    const navigate = useNavigate();
    const search = useSearch({ strict: false }) as Record<string, string | undefined>;
    const byCompany = useCompanyFilter();
    const mayRead = useMay('find_mail');
    const change = (what: Record<string, string | undefined>) =>
        void navigate({
            to: '.',
            search: ((before: object) => ({ ...before, ...what })) as never,
        });
    const templates = useQuery({
        queryKey: ['mail_templates'],
        queryFn: ({ signal }) => client.call('list_mail_templates', { signal }),
    });
    return (
        <div className="page">
            <Tabs
                value={search['tab'] === 'templates' ? 'templates' : 'outbox'}
                onChange={value => change({ tab: value === 'templates' ? value : undefined })}
                keepMounted={false}
            >
                <Tabs.List mb="md">
                    <Tabs.Tab value="outbox">Outbox</Tabs.Tab>
                    <Tabs.Tab value="templates">Templates</Tabs.Tab>
                </Tabs.List>
                <Tabs.Panel value="outbox">
                    <RemoteTable<MailItem>
                        name="mail"
                        caption="Mail"
                        queryKey={['mail']}
                        load={client.page('list_mail')}
                        columns={columnsOf(zone)}
                        filters={[
                            {
                                name: 'state',
                                label: 'State',
                                kind: 'choice',
                                choices: Object.entries(kStates).map(([value, { word }]) => ({
                                    value,
                                    label: word,
                                })),
                            },
                            {
                                name: 'template_name',
                                label: 'Template',
                                kind: 'choice',
                                choices: (templates.data?.items ?? []).map(({ name }) => ({
                                    value: name,
                                    label: actionText(name),
                                })),
                            },
                            byCompany,
                        ]}
                        rowKey={row => row.id}
                        rowLabel={row => row.subject}
                        {...(mayRead ? { open: (row: MailItem) => change({ mail: row.id }) } : {})}
                        openKey={search['mail']}
                        refreshMs={10_000}
                        empty={{
                            title: 'No mail was written yet',
                            text: 'Invitations, forgotten passwords and warnings are written here before they leave.',
                        }}
                    />
                </Tabs.Panel>
                <Tabs.Panel value="templates">
                    <Templates />
                </Tabs.Panel>
            </Tabs>
            {search['mail'] && mayRead && (
                <LetterBeside
                    key={search['mail']}
                    id={search['mail']}
                    close={() => change({ mail: undefined })}
                />
            )}
        </div>
    );
}
