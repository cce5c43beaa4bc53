// A play log from a file: chosen, tried by the server, then taken at once or not at all.

import { useState } from 'react';
import { Button, FileButton, Group, Modal, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { ApiError } from '@mobilytics/api';
import type { Face, PlayLogImported } from '@mobilytics/api';
import { count, sentence } from '@mobilytics/ui';
import { client } from '../data/client';
import { lookIntoPlays } from '../data/play_files';
import type { PlayFile } from '../data/play_files';
import { findingText, importedText } from '../figures/plays';

const kFaultsShown = 8;

function Faults({ error }: { error: Error }) {
    const faults = error instanceof ApiError ? error.faults : [];
    return (
        <div role="alert" data-testid="play-faults">
            <p className="fault">{sentence(error.message)}</p>
            {faults.length > 0 && (
                <ul className="play-findings">
                    {faults.slice(0, kFaultsShown).map(({ pointer, detail }) => (
                        <li key={pointer + detail}>
                            <code>{pointer}</code> {detail}
                        </li>
                    ))}
                    {faults.length > kFaultsShown && (
                        <li>and {faults.length - kFaultsShown} more</li>
                    )}
                </ul>
            )}
        </div>
    );
}

function Tried({ reply }: { reply: PlayLogImported }) {
    return (
        <div role="status" data-testid="play-tried">
            <p>
                {reply.already ? '' : 'The file can be taken: '}
                {importedText(reply)}
            </p>
            {reply.findings.length > 0 && (
                <ul className="play-findings">
                    {reply.findings.map(found => (
                        <li key={found.kind}>{findingText(found)}</li>
                    ))}
                </ul>
            )}
        </div>
    );
}

interface ImportProps {
    face: Face;
    done: () => void;
    close: () => void;
}

export function ImportPlayLog({ face, done, close }: ImportProps) {
    const [file, setFile] = useState<PlayFile>();
    const [trouble, setTrouble] = useState('');
    const [called, setCalled] = useState('');
    const choose = useMutation({
        mutationFn: (chosen: File) => lookIntoPlays(chosen, chosen.name),
        onSuccess: found => {
            send.reset();
            setTrouble('trouble' in found ? found.trouble : '');
            setFile('trouble' in found ? undefined : found);
        },
        onError: error => setTrouble(error.message),
    });
    const send = useMutation({
        mutationFn: (dryRun: boolean) =>
            client.call('import_play_log', {
                params: { face_id: face.id },
                query: {
                    source: file!.name.slice(0, 60),
                    ...(called.trim() ? { face_name: called.trim() } : {}),
                    dry_run: dryRun,
                },
                body: file!.blob,
            }),
        onSuccess: reply => {
            if (reply.dry_run || reply.already) return;
            notifications.show({ message: `${count(reply.plays)} plays were added.` });
            done();
        },
    });
    return (
        <Modal opened onClose={close} size={560} title={`Play log of ${face.name}`}>
            <form
                className="form"
                onSubmit={event => {
                    event.preventDefault();
                    if (file && !send.isPending) send.mutate(false);
                }}
            >
                <FileButton
                    accept=".csv,.txt,.jsonl,.ndjson,text/csv,application/x-ndjson"
                    onChange={chosen => chosen && choose.mutate(chosen)}
                >
                    {props => (
                        <Button {...props} size="xs" w="fit-content" loading={choose.isPending}>
                            Choose a file
                        </Button>
                    )}
                </FileButton>
                {trouble && (
                    <p className="fault" role="alert">
                        {trouble}
                    </p>
                )}
                {file ? (
                    <>
                        <p className="foot-note" data-testid="play-file">
                            {file.name} begins with
                        </p>
                        <code className="play-head" tabIndex={0}>
                            {file.head}
                        </code>
                    </>
                ) : (
                    <p className="foot-note">
                        CSV with the columns <code>start</code> and <code>duration_s</code> (or{' '}
                        <code>end</code>), or an hour’s counts as <code>hour</code> and{' '}
                        <code>plays</code>; beside them <code>creative</code> and <code>face</code>.
                        JSON lines have the same names. Times carry their offset:{' '}
                        <code>2026-08-21T17:00:00-05:00</code>. At most 64 MiB and a million lines.
                    </p>
                )}
                <TextInput
                    label="What the file calls this face"
                    description={`Only where its column face has neither ${face.name} nor the face’s id`}
                    maxLength={60}
                    value={called}
                    onChange={event => {
                        send.reset();
                        setCalled(event.currentTarget.value);
                    }}
                />
                {send.error && <Faults error={send.error} />}
                {send.data && <Tried reply={send.data} />}
                <Group gap="xs">
                    <Button type="submit" size="xs" disabled={!file} loading={send.isPending}>
                        Import
                    </Button>
                    <Button
                        size="xs"
                        variant="default"
                        disabled={!file || send.isPending}
                        onClick={() => send.mutate(true)}
                    >
                        Try it first
                    </Button>
                </Group>
            </form>
        </Modal>
    );
}
