// The files with what is kept of somebody.

import { Button } from '@mantine/core';
import { client, pathOf } from '@mobilytics/api';
import type { Export, ExportState } from '@mobilytics/api';
import { RemoteTable, Tag, When, count, kNothing, useMay, useSession } from '@mobilytics/ui';
import type { RemoteColumn, TagKind } from '@mobilytics/ui';

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
export function Exports({ whose }: { whose: (request: Export) => string }) {
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
