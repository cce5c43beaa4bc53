// The company itself: what it is called, where its days begin, how it looks, and who may look in.

import { ColorInput, Button, SegmentedControl, Select, TextInput, Checkbox } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import { client } from '@mobilytics/api';
import type { Company as CompanyData, ConsentMode, Impersonation, Share } from '@mobilytics/api';
import {
    Facts,
    Form,
    Lines,
    Panel,
    RemoteTable,
    Tag,
    Trouble,
    When,
    sessionQuery,
    useForm,
    useMay,
    useSession,
} from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { accentOf, inkOn, isColour, kSurfaces } from '@mobilytics/ui/brand';
import { companyQuery } from '../../data/queries';
import { currencyChoices, zoneChoices } from './choices';
import { kKinds } from './companies';

const kOurAccent = '#2f55e0';

function useSaved() {
    const queries = useQueryClient();
    return (company: CompanyData) => {
        queries.setQueryData(companyQuery.queryKey, company);
        void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
        notifications.show({ message: 'Saved.' });
    };
}

function Basics({ company }: { company: CompanyData }) {
    const saved = useSaved();
    const mayChange = useMay('change_company');
    const form = useForm({
        initial: {
            name: company.name,
            time_zone: company.time_zone,
            currency: company.currency,
        },
        check: ({ name }) => ({ ...(name.trim() ? {} : { name: 'It needs a name.' }) }),
        send: body => client.call('change_company', { body }),
        done: saved,
    });
    const { name, time_zone, currency } = form.values;
    const same =
        name === company.name && time_zone === company.time_zone && currency === company.currency;
    return (
        <Panel title="Basics">
            <Form form={form} submit="Save" disabled={!mayChange || same}>
                <TextInput
                    {...form.text('name')}
                    label="Name"
                    maxLength={200}
                    readOnly={!mayChange}
                />
                <div className="two">
                    <Select
                        {...form.choice('time_zone')}
                        label="Time zone"
                        description="Days of every figure are cut in it."
                        searchable
                        allowDeselect={false}
                        limit={100}
                        data={zoneChoices()}
                        disabled={!mayChange}
                    />
                    <Select
                        {...form.choice('currency')}
                        label="Currency"
                        description="Of prices and invoices."
                        searchable
                        allowDeselect={false}
                        limit={100}
                        data={currencyChoices()}
                        disabled={!mayChange}
                    />
                </div>
                {time_zone !== company.time_zone && (
                    <p className="form-warning" role="status">
                        <IconAlertTriangle size={15} stroke={1.8} aria-hidden />
                        What was counted a day stays cut in {company.time_zone}; from now on days
                        begin in {time_zone}.
                    </p>
                )}
            </Form>
            <div style={{ marginTop: 18 }}>
                <Facts
                    facts={[
                        ['Kind', kKinds[company.kind]],
                        [
                            'Privacy',
                            company.privacy_mode === 'strict'
                                ? 'Strict: each sensor has its own pseudonyms, reach across sensors is not measured.'
                                : 'Standard: pseudonyms hold within the company for one day, then their key is destroyed.',
                        ],
                        [
                            'Data',
                            company.synthetic
                                ? 'Synthetic: simulated for demonstration, nobody was measured.'
                                : 'Measured.',
                        ],
                        ['Id', <span className="code">{company.id}</span>],
                    ]}
                />
            </div>
        </Panel>
    );
}

interface PreviewProps {
    name: string;
    accent: string;
}

function Preview({ name, accent }: PreviewProps) {
    const fit = accentOf(accent);
    const sides = [
        { word: 'Light', surface: kSurfaces.light, text: '#19191d', colour: fit.light },
        { word: 'Dark', surface: kSurfaces.dark, text: '#ececf0', colour: fit.dark },
    ];
    return (
        <div className="brand-preview" role="img" aria-label={`How ${name} looks, light and dark`}>
            {sides.map(({ word, surface, text, colour }) => (
                <div key={word} style={{ background: surface, color: text }}>
                    <span
                        className="preview-mark"
                        style={{ background: colour, color: inkOn(colour) }}
                    >
                        {name.trim()[0]?.toUpperCase() ?? 'M'}
                    </span>
                    <strong>{name}</strong>
                    <span className="preview-end">
                        <span style={{ color: colour, fontWeight: 500 }}>A link</span>
                        <span
                            className="preview-button"
                            style={{ background: colour, color: inkOn(colour) }}
                        >
                            A button
                        </span>
                    </span>
                </div>
            ))}
        </div>
    );
}

function Looks({ company }: { company: CompanyData }) {
    const saved = useSaved();
    const mayChange = useMay('change_company');
    const { brand } = company;
    const initial = {
        name: brand.name ?? '',
        accent_color: brand.accent_color ?? '',
        domain: brand.domain ?? '',
    };
    const form = useForm({
        initial,
        check: ({ accent_color }) => ({
            ...(!accent_color || isColour(accent_color)
                ? {}
                : { accent_color: 'Six digits, as #0b7a75.' }),
        }),
        send: values => client.call('change_company', { body: { brand: values } }),
        done: saved,
        places: { brand: 'accent_color' },
    });
    const { name, accent_color, domain } = form.values;
    const accent = isColour(accent_color) ? accent_color : kOurAccent;
    const { changed } = accentOf(accent);
    const same =
        name === initial.name && accent_color === initial.accent_color && domain === initial.domain;
    return (
        <Panel title="Looks" about="Your name and colour over ours, for everybody of the company">
            <Form form={form} submit="Save" disabled={!mayChange || same}>
                <div className="two">
                    <TextInput
                        {...form.text('name')}
                        label="Name that is shown"
                        placeholder="Mobilytics"
                        maxLength={100}
                        readOnly={!mayChange}
                    />
                    <ColorInput
                        {...form.choice('accent_color')}
                        value={accent_color}
                        label="Accent colour"
                        placeholder={kOurAccent}
                        format="hex"
                        disabled={!mayChange}
                        eyeDropperButtonProps={{ 'aria-label': 'Pick it from the screen' }}
                    />
                </div>
                <TextInput
                    {...form.text('domain')}
                    label="Own domain"
                    description="Where the dashboard is reached besides ours; its DNS has to lead here."
                    placeholder="insights.example.com"
                    maxLength={253}
                    readOnly={!mayChange}
                />
                <Preview name={name || 'Mobilytics'} accent={accent} />
                {isColour(accent_color) && changed.length > 0 && (
                    <p className="form-warning" role="status" data-testid="contrast-warning">
                        <IconAlertTriangle size={15} stroke={1.8} aria-hidden />
                        {accent_color} cannot be read on a {changed.join(' or a ')} page: there a{' '}
                        {changed.includes('light') ? 'darker' : 'lighter'} shade of it is used, as
                        above.
                    </p>
                )}
            </Form>
        </Panel>
    );
}

const kConsents: Record<ConsentMode, string> = {
    not_needed: 'They may look, and you see that they did',
    needed: 'They ask each time',
    refused: 'They may not',
};

const kShares: Record<Share, string> = {
    profile: 'Name, zone and currency',
    people: 'Who belongs to it',
    assets: 'Assets and where they are',
    reports: 'Figures',
};

const impersonationColumns = (zone: string): RemoteColumn<Impersonation>[] => [
    {
        id: 'begun_at',
        header: 'When',
        cell: row => <When at={row.begun_at} zone={zone} />,
        text: row => row.begun_at,
    },
    { id: 'staff', header: 'Who', cell: row => row.staff_name, text: row => row.staff_name },
    { id: 'person', header: 'As', cell: row => row.person_name, text: row => row.person_name },
    {
        id: 'reason',
        header: 'Why',
        cell: row => (
            <span title={row.reason}>
                {row.reason} <span className="muted">{row.ticket}</span>
            </span>
        ),
        text: row => `${row.reason} (${row.ticket})`,
    },
    {
        id: 'may_write',
        header: 'Could',
        cell: row => (row.may_write ? 'change things' : 'read only'),
        text: row => row.may_write,
    },
    {
        id: 'state',
        header: 'State',
        cell: row =>
            row.state === 'running' ? (
                <Tag kind="warn">Looking now</Tag>
            ) : row.state === 'waiting' ? (
                <Tag kind="waiting">Asks you</Tag>
            ) : (
                <Tag kind="idle">Over</Tag>
            ),
        text: row => row.state,
    },
];

function Consent({ impersonation }: { impersonation: Impersonation }) {
    const queries = useQueryClient();
    const may = useMay('answer_impersonation');
    const answering = useMutation({
        mutationFn: (allowed: boolean) =>
            client.call('answer_impersonation', {
                params: { impersonation_id: impersonation.id },
                body: { allowed },
            }),
        onSuccess: () => void queries.invalidateQueries({ queryKey: ['impersonations'] }),
        onError: error => notifications.show({ color: 'red', message: error.message }),
    });
    if (impersonation.state !== 'waiting' || !may) return null;
    return (
        <span className="row-actions">
            <Button size="compact-xs" onClick={() => answering.mutate(true)}>
                Allow
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => answering.mutate(false)}>
                Refuse
            </Button>
        </span>
    );
}

function OurStaff({ company }: { company: CompanyData }) {
    const saved = useSaved();
    const mayChange = useMay('change_company');
    const maySee = useMay('list_impersonations');
    const changing = useMutation({
        mutationFn: (mode: ConsentMode) =>
            client.call('change_company', { body: { impersonation_consent: mode } }),
        onSuccess: saved,
        onError: error => notifications.show({ color: 'red', message: error.message }),
    });
    return (
        <Panel
            title="When our staff look in"
            about="To help, they can see what one of you sees: with a reason, for an hour at most, reading only"
        >
            <SegmentedControl
                aria-label="Whether our staff may look in"
                size="xs"
                className="wrapping-control"
                value={changing.isPending ? changing.variables : company.impersonation_consent}
                disabled={!mayChange}
                onChange={value => changing.mutate(value as ConsentMode)}
                data={Object.entries(kConsents).map(([value, label]) => ({ value, label }))}
            />
            {maySee && (
                <div style={{ marginTop: 14 }}>
                    <RemoteTable<Impersonation>
                        name="impersonations"
                        caption="When they looked in"
                        queryKey={['impersonations']}
                        load={client.page('list_impersonations')}
                        columns={impersonationColumns(company.time_zone)}
                        rowKey={row => row.id}
                        rowLabel={row => `${row.staff_name}, ${row.ticket}`}
                        actions={row => <Consent impersonation={row} />}
                        pageSize={10}
                        refreshMs={15_000}
                        empty={{
                            title: 'Nobody of our staff has looked in',
                            text: 'When somebody does, it stands here and in the audit, with the reason.',
                        }}
                    />
                </div>
            )}
        </Panel>
    );
}

function Above() {
    const queries = useQueryClient();
    const mayChange = useMay('change_contract');
    const found = useQuery({
        queryKey: ['contract'],
        queryFn: ({ signal }) => client.call('find_contract', { signal }),
    });
    const changing = useMutation({
        mutationFn: (shares: Share[]) => client.call('change_contract', { body: { shares } }),
        onSuccess: reply => queries.setQueryData(['contract'], reply),
        onError: error => notifications.show({ color: 'red', message: error.message }),
    });
    const contract = found.data;
    if (!contract?.parent_id) return null;
    const shares = changing.isPending ? changing.variables : contract.shares;
    return (
        <Panel
            title={`What ${contract.parent_name ?? 'the company above'} may see`}
            about="It brought you here. It sees nothing of yours but what is ticked"
        >
            <div className="choices">
                {(Object.keys(kShares) as Share[]).map(share => (
                    <Checkbox
                        key={share}
                        size="xs"
                        label={kShares[share]}
                        checked={shares.includes(share)}
                        disabled={!mayChange || changing.isPending}
                        onChange={event =>
                            changing.mutate(
                                event.currentTarget.checked
                                    ? [...shares, share]
                                    : shares.filter(each => each !== share),
                            )
                        }
                    />
                ))}
            </div>
            {!mayChange && <p className="hint">Only an owner changes it.</p>}
        </Panel>
    );
}

export function Company() {
    const { company } = useSession();
    const found = useQuery(companyQuery);
    if (found.error && !found.data) {
        return (
            <div className="page narrow">
                <Trouble
                    error={found.error}
                    what="The company"
                    retry={() => void found.refetch()}
                />
            </div>
        );
    }
    if (!found.data) {
        return (
            <div className="page narrow">
                <Lines count={8} />
            </div>
        );
    }
    return (
        <div className="page narrow" key={company.id}>
            <Basics company={found.data} />
            <Looks company={found.data} />
            <OurStaff company={found.data} />
            <Above />
        </div>
    );
}
