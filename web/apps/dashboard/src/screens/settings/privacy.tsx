// What is kept about whom and how long; what a person may ask for; and who consented to what.

import { useRef, useState } from 'react';
import {
    Button,
    Modal,
    NumberInput,
    SegmentedControl,
    Select,
    Tabs,
    TextInput,
    Textarea,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { client, pathOf } from '@mobilytics/api';
import type {
    About,
    Consent,
    ConsentState,
    DataMapEntry,
    ErasureDone,
    Export,
    ExportState,
    OnErasure,
    Retention,
} from '@mobilytics/api';
import {
    ConfirmDialog,
    Form,
    Lines,
    Panel,
    RemoteTable,
    Tag,
    Trouble,
    When,
    count,
    kNothing,
    saveText,
    useForm,
    useMay,
    useSession,
} from '@mobilytics/ui';
import type { RemoteColumn, TagKind } from '@mobilytics/ui';
import { membersQuery } from '../../data/queries';

const kAbouts: Record<About, string> = {
    nobody: 'Nobody',
    people: 'People who sign in',
    contacts: 'Contacts',
    passers_by: 'Passers-by, as pseudonyms',
};

const kOnErasure: Record<OnErasure, string> = {
    nothing_personal: 'nothing personal in it',
    erased: 'erased',
    kept_by_law: 'kept, as the law asks',
    kept_as_audit: 'kept in the audit, without the name',
    ends_by_itself: 'ends by itself',
};

function daysText(days: number): string {
    if (days % 365 === 0) return days === 365 ? '1 year' : `${days / 365} years`;
    return days === 1 ? '1 day' : `${count(days)} days`;
}

function DataMapPart() {
    const found = useQuery({
        queryKey: ['data_map'],
        queryFn: ({ signal }) => client.call('data_map', { signal }),
        staleTime: 600_000,
    });
    const [about, setAbout] = useState<About | 'anybody' | 'all'>('anybody');
    if (found.error) {
        return (
            <Trouble error={found.error} what="The data map" retry={() => void found.refetch()} />
        );
    }
    if (!found.data) return <Lines count={8} />;
    const shown = found.data.items.filter(
        (entry: DataMapEntry) =>
            about === 'all' ||
            (about === 'anybody' ? entry.about !== 'nobody' : entry.about === about),
    );
    return (
        <>
            <Select
                size="xs"
                mb="sm"
                w={240}
                aria-label="About whom"
                allowDeselect={false}
                data={[
                    { value: 'anybody', label: 'About somebody' },
                    ...Object.entries(kAbouts).map(([value, label]) => ({ value, label })),
                    { value: 'all', label: 'All that is kept' },
                ]}
                value={about}
                onChange={value => setAbout(value as typeof about)}
            />
            <div className="data-table">
                <table className="rows wrapping">
                    <caption className="hidden">What is kept</caption>
                    <thead>
                        <tr>
                            <th scope="col">Where</th>
                            <th scope="col">About</th>
                            <th scope="col">What</th>
                            <th scope="col">What for</th>
                            <th scope="col">How long</th>
                            <th scope="col">On erasure</th>
                        </tr>
                    </thead>
                    <tbody>
                        {shown.map((entry: DataMapEntry) => (
                            <tr key={entry.place}>
                                <td data-label="">
                                    <span className="code place-name">{entry.place}</span>
                                </td>
                                <td data-label="About">{kAbouts[entry.about]}</td>
                                <td data-label="What">
                                    {entry.data || <span className="muted">{kNothing}</span>}
                                </td>
                                <td data-label="What for">{entry.purpose}</td>
                                <td data-label="How long">{entry.kept}</td>
                                <td data-label="On erasure">{kOnErasure[entry.on_erasure]}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </>
    );
}

function SetRetention({ retention, close }: { retention: Retention; close: () => void }) {
    const queries = useQueryClient();
    const [days, setDays] = useState<number | string>(retention.kept_days);
    const next = Number(days);
    const shorter = next < retention.kept_days;
    return (
        <ConfirmDialog
            title={`How long: ${retention.what}`}
            means={[
                shorter
                    ? `What is older than ${daysText(next)} goes within the hour. It cannot be undone.`
                    : `What is kept now stays until it is ${daysText(next)} old.`,
                'It holds for the whole company, and stands in the audit.',
            ]}
            confirm="Set it"
            harmless={!shorter}
            run={async () => {
                const reply = await client.call('set_retention', {
                    body: { kind: retention.kind, kept_days: next },
                });
                queries.setQueryData(['retention'], reply);
            }}
            done="It is set."
            close={close}
        >
            <NumberInput
                label="Days"
                description={`${count(retention.least_days)} to ${count(retention.most_days)}.`}
                value={days}
                onChange={setDays}
                min={retention.least_days}
                max={retention.most_days}
                clampBehavior="strict"
                allowDecimal={false}
                maw={200}
            />
        </ConfirmDialog>
    );
}

function RetentionPart() {
    const { company } = useSession();
    const maySet = useMay('set_retention');
    const [setting, setSetting] = useState<Retention>();
    const found = useQuery({
        queryKey: ['retention'],
        queryFn: ({ signal }) => client.call('list_retention', { signal }),
    });
    if (found.error && !found.data) {
        return <Trouble error={found.error} what="Retention" retry={() => void found.refetch()} />;
    }
    if (!found.data) return <Lines count={6} />;
    return (
        <>
            <div className="data-table">
                <table className="rows wrapping">
                    <caption className="hidden">How long each kind is kept</caption>
                    <thead>
                        <tr>
                            <th scope="col">Data</th>
                            <th scope="col">Kept for</th>
                            <th scope="col">Last round</th>
                            <th scope="col" className="number">
                                Went then
                            </th>
                            <th scope="col">
                                <span className="hidden">Actions</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        {found.data.items.map((row: Retention) => (
                            <tr key={row.kind}>
                                <td data-label="">{row.what}</td>
                                <td data-label="Kept for">{daysText(row.kept_days)}</td>
                                <td data-label="Last round">
                                    <When
                                        at={row.last_enforced_at}
                                        zone={company.time_zone}
                                        relative
                                        nothing="not yet"
                                    />
                                </td>
                                <td data-label="Went then" className="number">
                                    {row.last_gone === undefined ? kNothing : count(row.last_gone)}
                                </td>
                                <td data-label="" className="row-end">
                                    {row.settable ? (
                                        <Button
                                            size="compact-xs"
                                            variant="default"
                                            disabled={!maySet}
                                            aria-label={`Change ${row.what}`}
                                            onClick={() => setSetting(row)}
                                        >
                                            Change
                                        </Button>
                                    ) : (
                                        <span className="muted">the same for all</span>
                                    )}
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
            {!maySet && <p className="hint">Only an owner changes it.</p>}
            {setting && <SetRetention retention={setting} close={() => setSetting(undefined)} />}
        </>
    );
}

function sizeText(bytes: number): string {
    return bytes < 10_240 ? `${count(bytes)} bytes` : `${count(bytes / 1024)} kB`;
}

const kExportStates: Record<ExportState, { kind: TagKind; word: string }> = {
    waiting: { kind: 'waiting', word: 'Waiting' },
    running: { kind: 'info', word: 'Being made' },
    ready: { kind: 'good', word: 'Ready' },
    failed: { kind: 'bad', word: 'Failed' },
};

const kExportsMs = 3000;

const exportColumns = (
    zone: string,
    whose: (request: Export) => string,
): RemoteColumn<Export>[] => [
    {
        id: 'subject',
        header: 'Of whom',
        cell: row => <span className="row-name">{whose(row)}</span>,
        text: row => row.person_id ?? row.contact_id,
    },
    {
        id: 'state',
        header: 'State',
        sort: 'state',
        cell: row => {
            const { kind, word } = kExportStates[row.state];
            return <Tag kind={kind}>{word}</Tag>;
        },
        text: row => row.state,
    },
    {
        id: 'requested_at',
        header: 'Asked for',
        sort: 'requested_at',
        cell: row => <When at={row.requested_at} zone={zone} relative />,
        text: row => row.requested_at,
    },
    {
        id: 'items',
        header: 'Things in it',
        number: true,
        cell: row => (row.items === undefined ? kNothing : count(row.items)),
        text: row => row.items,
    },
    {
        id: 'bytes',
        header: 'Size',
        number: true,
        cell: row => (row.bytes === undefined ? kNothing : sizeText(row.bytes)),
        text: row => row.bytes,
    },
    {
        id: 'expires_at',
        header: 'The file goes',
        cell: row => <When at={row.expires_at} zone={zone} relative />,
        text: row => row.expires_at,
    },
    {
        id: 'sha256',
        header: 'SHA-256',
        optional: true,
        cell: row => <span className="code">{row.sha256 ?? kNothing}</span>,
        text: row => row.sha256,
    },
];

/** A job writes each: its state follows by itself, and the file is saved from here. */
function Exports({ whose }: { whose: (request: Export) => string }) {
    const { company } = useSession();
    const mayExport = useMay('export_file');
    return (
        <RemoteTable<Export>
            name="exports"
            caption="Files"
            queryKey={['exports']}
            load={client.page('list_exports')}
            columns={exportColumns(company.time_zone, whose)}
            rowKey={row => row.id}
            rowLabel={whose}
            refreshMs={kExportsMs}
            actions={row =>
                row.state === 'ready' &&
                mayExport && (
                    <Button
                        component="a"
                        size="compact-xs"
                        variant="default"
                        href={pathOf('export_file', { export_id: row.id })}
                        download
                        aria-label={`Save the file of ${whose(row)}`}
                    >
                        Save the file
                    </Button>
                )
            }
            empty={{
                title: 'No file is kept',
                text: 'Each that is asked for stands here until it goes by itself.',
            }}
        />
    );
}

function ErasureMade({ made }: { made: ErasureDone }) {
    const { company } = useSession();
    return (
        <div className="drawer-part">
            <h3>
                Erased <When at={made.erased_at} zone={company.time_zone} />
            </h3>
            <div className="data-table">
                <table className="rows wrapping">
                    <caption className="hidden">What was erased</caption>
                    <thead>
                        <tr>
                            <th scope="col">Where</th>
                            <th scope="col" className="number">
                                Erased
                            </th>
                            <th scope="col" className="number">
                                Kept
                            </th>
                            <th scope="col">Why kept</th>
                        </tr>
                    </thead>
                    <tbody>
                        {made.from.map(row => (
                            <tr key={row.place}>
                                <td data-label="">
                                    <span className="code">{row.place}</span>
                                </td>
                                <td data-label="Erased" className="number">
                                    {count(row.erased)}
                                </td>
                                <td data-label="Kept" className="number">
                                    {count(row.kept)}
                                </td>
                                <td data-label="Why kept">{row.why_kept || kNothing}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
            <Button
                size="xs"
                mt="sm"
                onClick={() =>
                    saveText(
                        `mobilytics-erasure-${made.id}.txt`,
                        `${made.certificate}\n\nkey: ${made.key_id}\nEd25519: ${made.signature}\n`,
                        'text/plain;charset=utf-8',
                    )
                }
            >
                Save the signed certificate
            </Button>
        </div>
    );
}

type SubjectKind = 'person' | 'contact';

/** Whoever may ask: people who sign in, and contacts. */
function useSubjects() {
    const members = useQuery(membersQuery);
    const contacts = useQuery({
        queryKey: ['contacts', 'all'],
        queryFn: ({ signal }) => client.all('list_contacts', signal),
        staleTime: 60_000,
    });
    return { person: members.data ?? [], contact: contacts.data ?? [] };
}

function Requests() {
    const subjects = useSubjects();
    const mayExport = useMay('request_export');
    const mayErase = useMay('request_erasure');
    const [kind, setKind] = useState<SubjectKind>('person');
    const [subject, setSubject] = useState<string | null>(null);
    const [reason, setReason] = useState('');
    const [asking, setAsking] = useState<'export' | 'erase'>();
    const [erased, setErased] = useState<ErasureDone>();
    const queries = useQueryClient();
    const repeatable = useRef(client.repeatable());
    const who = subjects[kind].find(each => each.id === subject);
    const body = {
        ...(kind === 'person' ? { person_id: subject ?? '' } : { contact_id: subject ?? '' }),
        reason: reason.trim(),
    };
    const ready = who !== undefined && reason.trim() !== '';
    const begin = () => {
        setSubject(null);
        setReason('');
    };
    const whose = ({ person_id, contact_id }: Export) =>
        person_id
            ? (subjects.person.find(({ id }) => id === person_id)?.name ?? 'Somebody who has left')
            : (subjects.contact.find(({ id }) => id === contact_id)?.name ?? 'A contact of before');
    return (
        <>
            <p className="page-about">
                Somebody asks what you keep of them, or that it goes. Say how you know that it is
                them; it stands in the audit.
            </p>
            <div className="form" style={{ maxWidth: 460, marginTop: 14 }}>
                <SegmentedControl
                    size="xs"
                    aria-label="Who asks"
                    value={kind}
                    onChange={value => {
                        setKind(value as SubjectKind);
                        setSubject(null);
                    }}
                    data={[
                        { value: 'person', label: 'Somebody who signs in' },
                        { value: 'contact', label: 'A contact' },
                    ]}
                />
                <Select
                    label="Of whom"
                    searchable
                    placeholder={kind === 'person' ? 'A person of the company' : 'A contact'}
                    nothingFoundMessage="Nobody is called that"
                    data={subjects[kind].map(({ id, name, email }) => ({
                        value: id,
                        label: email ? `${name}, ${email}` : name,
                    }))}
                    value={subject}
                    onChange={setSubject}
                />
                <Textarea
                    label="Who asked, and how you know that it is them"
                    autosize
                    minRows={2}
                    maxLength={500}
                    value={reason}
                    onChange={event => setReason(event.currentTarget.value)}
                />
                <div className="button-row">
                    <Button
                        size="xs"
                        disabled={!mayExport || !ready}
                        onClick={() => setAsking('export')}
                    >
                        Put it into a file
                    </Button>
                    <Button
                        size="xs"
                        variant="default"
                        c={mayErase && ready ? 'var(--bad)' : undefined}
                        disabled={!mayErase || !ready}
                        onClick={() => setAsking('erase')}
                    >
                        Erase it
                    </Button>
                </div>
                {!mayErase && <p className="hint">Only an owner erases.</p>}
            </div>
            {erased && <ErasureMade made={erased} />}
            <h2 className="section-head">Files</h2>
            <Exports whose={whose} />
            {asking === 'export' && who && (
                <ConfirmDialog
                    title={`A file of what is kept of ${who.name}?`}
                    means={[
                        'All that any part of Mobilytics keeps of them, a line each.',
                        'It is made in the background, and stands below when it is ready.',
                        'Give it to nobody else. It goes by itself.',
                    ]}
                    confirm="Make it"
                    harmless
                    run={async () => {
                        await repeatable.current('request_export', { body });
                        await queries.invalidateQueries({ queryKey: ['exports'] });
                        begin();
                    }}
                    done="The file is being made."
                    close={() => setAsking(undefined)}
                />
            )}
            {asking === 'erase' && who && (
                <ConfirmDialog
                    title={`Erase ${who.name}?`}
                    means={[
                        kind === 'person'
                            ? 'All that is kept of them goes at once, everywhere; they cannot sign in any more.'
                            : 'All that is kept of them goes at once, everywhere.',
                        'What the law or the audit needs is kept without their name.',
                        'You get a signed certificate. It cannot be undone.',
                    ]}
                    word={who.email || who.name}
                    confirm="Erase"
                    keep="Keep it"
                    run={async () => {
                        setErased(await repeatable.current('request_erasure', { body }));
                        begin();
                        void queries.invalidateQueries({ queryKey: ['people'] });
                        void queries.invalidateQueries({ queryKey: ['contacts'] });
                    }}
                    close={() => setAsking(undefined)}
                />
            )}
        </>
    );
}

const consentColumns = (zone: string, naming: (id: string) => string): RemoteColumn<Consent>[] => [
    {
        id: 'subject',
        header: 'Whose',
        sort: 'subject',
        cell: row => <span className="row-name">{naming(row.subject)}</span>,
        text: row => row.subject,
    },
    {
        id: 'purpose',
        header: 'What for',
        sort: 'purpose',
        cell: row => row.purpose,
        text: row => row.purpose,
    },
    {
        id: 'state',
        header: 'State',
        cell: row =>
            row.state === 'given' ? <Tag kind="good">Given</Tag> : <Tag kind="idle">Withdrawn</Tag>,
        text: row => row.state,
    },
    {
        id: 'at',
        header: 'When',
        cell: row => <When at={row.at} zone={zone} />,
        text: row => row.at,
    },
    { id: 'how', header: 'How', cell: row => row.how, text: row => row.how },
    { id: 'version', header: 'Text', cell: row => row.version, text: row => row.version },
];

function NewConsent({ close }: { close: () => void }) {
    const queries = useQueryClient();
    const repeatable = useRef(client.repeatable());
    const form = useForm({
        initial: { subject: '', purpose: '', version: '', state: 'given', how: '' },
        send: ({ state, ...rest }) =>
            repeatable.current('record_consent', {
                body: { ...rest, state: state as ConsentState },
            }),
        done: () => {
            notifications.show({ message: 'It is written down.' });
            void queries.invalidateQueries({ queryKey: ['consents'] });
            close();
        },
    });
    const { subject, purpose, version, how } = form.values;
    return (
        <Modal opened onClose={close} title="Write down a consent">
            <Form
                form={form}
                submit="Write it down"
                disabled={![subject, purpose, version, how].every(text => text.trim())}
            >
                <TextInput
                    {...form.text('subject')}
                    label="Whose"
                    description="An id, or what you call them."
                    maxLength={200}
                    data-autofocus
                />
                <Select
                    {...form.choice('state')}
                    label="What they said"
                    allowDeselect={false}
                    data={[
                        { value: 'given', label: 'They consent' },
                        { value: 'withdrawn', label: 'They withdraw' },
                    ]}
                />
                <div className="two">
                    <TextInput {...form.text('purpose')} label="What for" maxLength={64} />
                    <TextInput
                        {...form.text('version')}
                        label="Version of the text"
                        maxLength={64}
                    />
                </div>
                <TextInput
                    {...form.text('how')}
                    label="How"
                    placeholder="By a form, on paper, on the telephone"
                    maxLength={500}
                />
            </Form>
        </Modal>
    );
}

function Consents() {
    const { company } = useSession();
    const members = useQuery(membersQuery);
    const mayRecord = useMay('record_consent');
    const [adding, setAdding] = useState(false);
    const naming = (id: string) => members.data?.find(member => member.id === id)?.name ?? id;
    const add = mayRecord && (
        <Button size="xs" onClick={() => setAdding(true)}>
            Write one down
        </Button>
    );
    return (
        <>
            <RemoteTable<Consent>
                name="consents"
                caption="Consents"
                queryKey={['consents']}
                load={client.page('list_consents')}
                columns={consentColumns(company.time_zone, naming)}
                filters={[{ name: 'subject', label: 'Whose', kind: 'text' }]}
                rowKey={row => row.id}
                rowLabel={row => `${naming(row.subject)}, ${row.purpose}`}
                create={add}
                empty={{
                    title: 'No consent is written down',
                    text: 'Who agreed to what, when, by which text; and who has changed their mind.',
                    action: add,
                }}
            />
            {adding && <NewConsent close={() => setAdding(false)} />}
        </>
    );
}

const kTabs = [
    ['data', 'What is kept'],
    ['retention', 'How long'],
    ['requests', 'Requests'],
    ['consents', 'Consents'],
] as const;

export function Privacy() {
    const search = useSearch({ strict: false }) as { tab?: string };
    const navigate = useNavigate();
    const tab = kTabs.find(([name]) => name === search.tab)?.[0] ?? 'data';
    return (
        <div className="page">
            <Panel title="Whom we measure" about="In short; each part below in full">
                <p className="page-about" style={{ margin: 0 }}>
                    Devices of passers-by are counted as pseudonyms whose key is destroyed every
                    day. No name, number or address of a device is kept. What is below is what
                    Mobilytics keeps of your people and contacts, and for how long.
                </p>
            </Panel>
            <Tabs
                value={tab}
                onChange={value =>
                    void navigate({
                        to: '.',
                        search: { tab: value === 'data' ? undefined : value } as never,
                    })
                }
                keepMounted={false}
            >
                <Tabs.List mb="md" className="scrolling-tabs">
                    {kTabs.map(([name, label]) => (
                        <Tabs.Tab key={name} value={name}>
                            {label}
                        </Tabs.Tab>
                    ))}
                </Tabs.List>
                <Tabs.Panel value="data">
                    <DataMapPart />
                </Tabs.Panel>
                <Tabs.Panel value="retention">
                    <RetentionPart />
                </Tabs.Panel>
                <Tabs.Panel value="requests">
                    <Requests />
                </Tabs.Panel>
                <Tabs.Panel value="consents">
                    <Consents />
                </Tabs.Panel>
            </Tabs>
        </div>
    );
}
