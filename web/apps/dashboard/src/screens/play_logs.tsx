// What an asset's digital faces showed: the play logs that were imported, and one more.

import { useState } from 'react';
import { Button, Group, Select } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Face, PlayLog } from '@mobilytics/api';
import {
    ConfirmDialog,
    Lines,
    Message,
    Panel,
    RowMenu,
    Tag,
    Trouble,
    When,
    count,
    useMay,
} from '@mobilytics/ui';
import { minuteText } from '@mobilytics/ui/zones';
import { client } from '../data/client';
import { playLogsQuery } from '../data/play_queries';
import { kReport, membersQuery } from '../data/queries';
import { findingText, hoursText } from '../figures/plays';
import { useView } from '../shell/view';
import { ImportPlayLog } from './play_log_import';
import '../plays.css';

const moment = (at: string, zone: string) => minuteText(Date.parse(at), zone).replace('T', ' ');

function LogRow({ log, remove }: { log: PlayLog; remove: (() => void) | false }) {
    const { zone } = useView();
    const mayPeople = useMay('list_people');
    const people = useQuery({ ...membersQuery, enabled: mayPeople });
    const who = people.data?.find(each => each.id === log.made_by)?.name;
    const name = log.source || 'A play log';
    return (
        <li data-testid="play-log">
            <div>
                <span className="strong">{name}</span>
                <span className="muted">
                    {moment(log.from, zone)} to {moment(log.to, zone)} ·{' '}
                    {hoursText(log.covered_s / 3600)} covered · {count(log.plays)} plays of{' '}
                    {count(log.lines)} lines
                    {log.form === 'counts' ? ', counted by the hour' : ''}
                </span>
                <span className="muted">
                    Imported <When at={log.made_at} zone={zone} />
                    {who ? ` by ${who}` : ''}
                </span>
                {log.findings.length > 0 && (
                    <details>
                        <summary>
                            <Tag kind="info">
                                {log.findings.length === 1
                                    ? '1 finding'
                                    : `${log.findings.length} findings`}
                            </Tag>
                        </summary>
                        <ul className="play-findings">
                            {log.findings.map(found => (
                                <li key={found.kind}>{findingText(found)}</li>
                            ))}
                        </ul>
                    </details>
                )}
            </div>
            {remove && (
                <RowMenu of={name} deeds={[{ label: 'Remove…', run: remove, danger: true }]} />
            )}
        </li>
    );
}

export function PlayLogs({ faces }: { faces: Face[] }) {
    const digital = faces.filter(face => face.medium === 'digital');
    const queries = useQueryClient();
    const mayImport = useMay('import_play_log');
    const mayRemove = useMay('remove_play_log');
    const [chosen, choose] = useState<string>();
    const [importing, setImporting] = useState(false);
    const [removing, setRemoving] = useState<PlayLog>();
    const face = digital.find(each => each.id === chosen) ?? digital[0];
    const logs = useQuery({ ...playLogsQuery(face?.id ?? ''), enabled: face !== undefined });
    if (!face) return null;
    const changed = () =>
        Promise.all([
            queries.invalidateQueries({ queryKey: ['play_logs', face.id] }),
            queries.invalidateQueries({ queryKey: [kReport] }),
        ]);
    const add = mayImport && (
        <Button size="xs" onClick={() => setImporting(true)}>
            Import a play log
        </Button>
    );
    return (
        <Panel
            title="Play logs"
            about="What the player says that it showed. Hours that a log covers are reported by it, all others by the face’s loop."
            actions={
                <Group gap="xs">
                    {digital.length > 1 && (
                        <Select
                            size="xs"
                            w={150}
                            aria-label="Face of the play logs"
                            allowDeselect={false}
                            data={digital.map(({ id, name }) => ({ value: id, label: name }))}
                            value={face.id}
                            onChange={id => choose(id ?? undefined)}
                        />
                    )}
                    {logs.data && logs.data.length > 0 && add}
                </Group>
            }
        >
            {logs.error && !logs.data ? (
                <Trouble
                    error={logs.error}
                    what="The play logs"
                    retry={() => void logs.refetch()}
                />
            ) : !logs.data ? (
                <Lines count={3} height={22} />
            ) : logs.data.length === 0 ? (
                <Message center title="No play log yet" actions={add}>
                    Contacts and multipliers of {face.name} go by its loop: as if every slot had
                    been played all the time.
                </Message>
            ) : (
                <ul className="play-logs">
                    {logs.data.map(log => (
                        <LogRow
                            key={log.id}
                            log={log}
                            remove={mayRemove && (() => setRemoving(log))}
                        />
                    ))}
                </ul>
            )}
            {importing && (
                <ImportPlayLog
                    face={face}
                    done={() => {
                        setImporting(false);
                        void changed();
                    }}
                    close={() => setImporting(false)}
                />
            )}
            {removing && (
                <ConfirmDialog
                    title={`Remove ${removing.source || 'this play log'}?`}
                    means={[
                        `${count(removing.plays)} plays that came with it are taken back.`,
                        'Hours that no other log covers go by the loop again.',
                    ]}
                    confirm="Remove"
                    run={() =>
                        client
                            .call('remove_play_log', {
                                params: { face_id: face.id, play_log_id: removing.id },
                            })
                            .then(changed)
                    }
                    done="The play log is removed."
                    close={() => setRemoving(undefined)}
                />
            )}
        </Panel>
    );
}
