// The audit as both apps show it: who did what to what, and one entry in full.

import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import type { AuditRecord, Outcome } from '@mobilytics/api';
import { Beside, Facts } from './beside';
import { browserText } from './browser';
import { kNothing } from './format';
import { Tag } from './tag';
import type { RemoteColumn, RemoteFilter } from './table/remote_table';
import { When } from './when';

/** Names for ids, where they are known. */
export type Naming = (id: string) => string | undefined;

const kOutcomes: Record<Outcome, ReactNode> = {
    success: <Tag kind="good">Done</Tag>,
    failure: <Tag kind="bad">Failed</Tag>,
    denied: <Tag kind="warn">Denied</Tag>,
};

/** assets.asset_retired as "Asset retired". */
export function actionText(action: string): string {
    const deed = action.split('.').slice(1).join(' ') || action;
    const words = deed.replaceAll('_', ' ');
    return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Ids are for programs: who cannot be named is at least told by kind. */
export function actorText({ actor, targets }: AuditRecord, naming: Naming): string {
    const name = naming(actor.id) ?? targets.find(({ id }) => id === actor.id)?.name;
    switch (actor.kind) {
        case 'person':
            return name ?? 'Somebody who has left';
        case 'api_key':
            return name ? `Key ${name}` : 'A key';
        case 'device':
            return name ?? 'A sensor';
        case 'system':
            return actor.id ? `Mobilytics (${actor.id})` : 'Mobilytics';
    }
}

/** Made by us: "person_01a1fabc174979d29f1a0eb13ac597e9". */
const isId = (text: string) => /^[a-z_]+_[0-9a-f-]{32,36}$/.test(text);

/** What has a name, by it; else of which kind it is. */
function targetText({ targets }: AuditRecord, naming: Naming): string {
    const names = targets
        .map(({ name, id }) => name || naming(id) || (isId(id) ? '' : id))
        .filter(Boolean);
    const words = targets.map(({ type }) => type.replaceAll('_', ' '));
    return (names.length > 0 ? names : words).join(', ');
}

export function auditColumns(zone: string, naming: Naming): RemoteColumn<AuditRecord>[] {
    return [
        {
            id: 'occurred_at',
            header: 'When',
            cell: row => <When at={row.occurred_at} zone={zone} />,
            text: row => row.occurred_at,
        },
        {
            id: 'actor',
            header: 'Who',
            cell: row => (
                <span title={row.actor.id}>
                    {actorText(row, naming)}
                    {row.actor.impersonator && (
                        <span className="row-under">
                            by {naming(row.actor.impersonator) ?? 'our staff'}
                        </span>
                    )}
                </span>
            ),
            text: row => naming(row.actor.id) ?? row.actor.id,
        },
        {
            id: 'action',
            header: 'What',
            cell: row => <span title={row.action}>{actionText(row.action)}</span>,
            text: row => row.action,
        },
        {
            id: 'target',
            header: 'To',
            cell: row => (
                <span title={row.targets.map(({ id }) => id).join(', ')}>
                    {targetText(row, naming) || <span className="muted">{kNothing}</span>}
                </span>
            ),
            text: row => row.targets.map(({ name, id, type }) => name ?? (id || type)).join(', '),
        },
        {
            id: 'outcome',
            header: 'Outcome',
            cell: row => kOutcomes[row.outcome],
            text: row => row.outcome,
        },
        {
            id: 'address',
            header: 'From',
            wideOnly: true,
            cell: row => row.address ?? <span className="muted">{kNothing}</span>,
            text: row => row.address,
        },
        {
            id: 'reason',
            header: 'Why',
            optional: true,
            cell: row => row.reason ?? <span className="muted">{kNothing}</span>,
            text: row => row.reason,
        },
        {
            id: 'request_id',
            header: 'Request',
            optional: true,
            cell: row => <span className="code">{row.request_id}</span>,
            text: row => row.request_id,
        },
    ];
}

export const kAuditFilters: RemoteFilter[] = [
    {
        name: 'outcome',
        label: 'Outcome',
        kind: 'choice',
        choices: [
            { value: 'success', label: 'Done' },
            { value: 'failure', label: 'Failed' },
            { value: 'denied', label: 'Denied' },
        ],
    },
    { name: 'action', label: 'Action or area', kind: 'text' },
    { name: 'target', label: 'To: its id', kind: 'text' },
    { name: 'from', label: 'From', kind: 'day' },
    { name: 'to', label: 'To', kind: 'day', end: true },
];

/** JSON as a person reads it: text without its quotes. */
function valueText(json: string | undefined): string {
    if (json === undefined) return kNothing;
    try {
        const value: unknown = JSON.parse(json);
        return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
    } catch {
        return json;
    }
}

function Changes({ record }: { record: AuditRecord }) {
    if (record.changes.length === 0) return null;
    return (
        <div className="drawer-part">
            <h3>What changed</h3>
            <table className="diff">
                <caption className="hidden">What changed</caption>
                <thead>
                    <tr>
                        <th scope="col" style={{ width: '28%' }}>
                            Field
                        </th>
                        <th scope="col">Before</th>
                        <th scope="col">After</th>
                    </tr>
                </thead>
                <tbody>
                    {record.changes.map(change => (
                        <tr key={change.field}>
                            <th scope="row">{change.field || 'all of it'}</th>
                            <td data-side={change.before === undefined ? undefined : 'before'}>
                                {valueText(change.before)}
                            </td>
                            <td data-side={change.after === undefined ? undefined : 'after'}>
                                {valueText(change.after)}
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

interface RecordBesideProps {
    record: AuditRecord;
    zone: string;
    naming: Naming;
    close: () => void;
    /** The backoffice says whose it is. */
    company?: ReactNode;
    /** The list shows only what these filters leave. */
    narrow: (filters: Record<string, string>) => void;
}

export function RecordBeside(props: RecordBesideProps) {
    const { record, zone, naming, close, company, narrow } = props;
    const { actor } = record;
    const { impersonator } = actor;
    const target = record.targets.find(({ id }) => id);
    return (
        <Beside title={actionText(record.action)} close={close} size={560}>
            <Facts
                facts={[
                    ['When', <When at={record.occurred_at} zone={zone} />],
                    [
                        'Who',
                        <>
                            {actorText(record, naming)} <span className="code">{actor.id}</span>
                        </>,
                    ],
                    impersonator !== undefined && [
                        'In their place',
                        `${naming(impersonator) ?? 'Somebody'}, of our staff`,
                    ],
                    company !== undefined && ['Company', company],
                    ['Action', <span className="code">{record.action}</span>],
                    ['Outcome', kOutcomes[record.outcome]],
                    record.reason !== undefined && ['Why', record.reason],
                    ...record.targets.map(({ type, name, id }): [string, ReactNode] => [
                        `To: ${type.replaceAll('_', ' ')}`,
                        <>
                            {name && <>{name} </>}
                            <span className="code">{id}</span>
                        </>,
                    ]),
                    record.address !== undefined && ['From', record.address],
                    record.user_agent !== undefined && [
                        'With',
                        <span title={record.user_agent}>{browserText(record.user_agent)}</span>,
                    ],
                    record.request_id !== undefined && [
                        'Request',
                        <span className="code">{record.request_id}</span>,
                    ],
                    [
                        'Sealed',
                        record.position === undefined
                            ? 'in a moment'
                            : `as number ${record.position} of the company's chain`,
                    ],
                ]}
            />
            {record.blacked_out && (
                <p className="hint">What was about a person here has been erased.</p>
            )}
            <Changes record={record} />
            <div className="button-row">
                {actor.id && (
                    <Button size="xs" variant="default" onClick={() => narrow({ actor: actor.id })}>
                        All by {actorText(record, naming)}
                    </Button>
                )}
                {target && (
                    <Button
                        size="xs"
                        variant="default"
                        onClick={() => narrow({ target: target.id })}
                    >
                        All about {target.name ?? `this ${target.type.replaceAll('_', ' ')}`}
                    </Button>
                )}
            </div>
        </Beside>
    );
}
