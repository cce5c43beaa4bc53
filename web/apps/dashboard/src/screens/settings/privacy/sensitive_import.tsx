// Sensitive places from a file: chosen, its properties named, tried by the server, then taken.

import { useState } from 'react';
import { Button, FileButton, Group, Modal, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { ApiError } from '@mobilytics/api';
import type { SensitiveKind } from '@mobilytics/api';
import { count, sentence } from '@mobilytics/ui';
import { client } from '../../../data/client';
import { guessed, lookInto } from '../../../data/region_files';
import type { RegionFile } from '../../../data/region_files';
import { kSensitiveKinds } from '../../../data/sensitive_queries';

const kFaultsShown = 8;

interface Mapping {
    code: string;
    name: string;
    kindProperty: string;
    kind: SensitiveKind | undefined;
}

export function ImportSensitive({ done, close }: { done: () => void; close: () => void }) {
    const [file, setFile] = useState<RegionFile>();
    const [trouble, setTrouble] = useState('');
    const [mapping, setMapping] = useState<Mapping>();

    const choose = async (from: File) => {
        const found = await lookInto(from, from.name);
        send.reset();
        if ('trouble' in found) {
            setFile(undefined);
            setTrouble(found.trouble);
            return;
        }
        setTrouble('');
        setFile(found);
        const guess = guessed(found);
        const says = found.properties.find(({ name }) => name.toLowerCase() === 'kind');
        setMapping({
            code: guess.code ?? '',
            name: guess.name ?? '',
            kindProperty: says?.name ?? '',
            kind: undefined,
        });
    };
    const send = useMutation({
        mutationFn: (dryRun: boolean) =>
            client.call('import_sensitive_places', {
                query: {
                    code_property: mapping!.code,
                    name_property: mapping!.name || mapping!.code,
                    ...(mapping!.kindProperty ? { kind_property: mapping!.kindProperty } : {}),
                    ...(mapping!.kind ? { kind: mapping!.kind } : {}),
                    source: file!.name.slice(0, 200),
                    dry_run: dryRun,
                },
                body: file!.blob,
            }),
        onSuccess: reply => {
            if (reply.dry_run) return;
            notifications.show({ message: `${count(reply.places)} places are marked.` });
            done();
        },
    });
    const tried = send.data?.dry_run ? send.data : undefined;
    const faults = send.error instanceof ApiError ? send.error.faults : [];
    const properties = file?.properties.map(each => ({
        value: each.name,
        label: `${each.name} (${each.example.slice(0, 30)})`,
    }));
    const ready = file && mapping?.code && (mapping.kindProperty || mapping.kind);
    const change = (more: Partial<Mapping>) => {
        send.reset();
        setMapping(before => ({ ...before!, ...more }));
    };
    return (
        <Modal opened onClose={close} size={560} title="Import sensitive places">
            <form
                className="form"
                onSubmit={event => {
                    event.preventDefault();
                    if (ready && !send.isPending) send.mutate(false);
                }}
            >
                <FileButton
                    accept=".geojson,.json,application/geo+json,application/json"
                    onChange={chosen => chosen && void choose(chosen)}
                >
                    {props => (
                        <Button {...props} size="xs" w="fit-content">
                            Choose a GeoJSON file
                        </Button>
                    )}
                </FileButton>
                {trouble && (
                    <p className="fault" role="alert">
                        {trouble}
                    </p>
                )}
                {!file && !trouble && (
                    <p className="foot-note">
                        Polygons in WGS 84, of 32 MiB at most. They are added to those that are
                        marked; of the same code, they take their place.
                    </p>
                )}
                {file && mapping && (
                    <>
                        <p className="foot-note" data-testid="import-file">
                            {file.name}: {count(file.features)} features
                        </p>
                        <Group grow align="start">
                            <Select
                                label="Property that is the code"
                                data={properties ?? []}
                                value={mapping.code || null}
                                onChange={value => change({ code: value ?? '' })}
                            />
                            <Select
                                label="Property that is the name"
                                data={properties ?? []}
                                value={mapping.name || null}
                                onChange={value => change({ name: value ?? '' })}
                            />
                        </Group>
                        <Group grow align="start">
                            <Select
                                label="Property that is the kind"
                                clearable
                                data={properties ?? []}
                                value={mapping.kindProperty || null}
                                onChange={value => change({ kindProperty: value ?? '' })}
                            />
                            <Select
                                label="Kind of those that do not say"
                                clearable
                                data={kSensitiveKinds}
                                value={mapping.kind ?? null}
                                onChange={value =>
                                    change({ kind: (value as SensitiveKind | null) ?? undefined })
                                }
                            />
                        </Group>
                        {send.error && (
                            <div
                                role="alert"
                                className="regions-faults"
                                data-testid="import-faults"
                            >
                                <p className="fault">{sentence(send.error.message)}</p>
                                <ul>
                                    {faults.slice(0, kFaultsShown).map(({ pointer, detail }) => (
                                        <li key={pointer + detail}>
                                            <code>{pointer}</code> {detail}
                                        </li>
                                    ))}
                                    {faults.length > kFaultsShown && (
                                        <li>and {faults.length - kFaultsShown} more</li>
                                    )}
                                </ul>
                            </div>
                        )}
                        {tried && (
                            <p role="status" data-testid="import-tried">
                                The file can be taken: {count(tried.added)} new,{' '}
                                {count(tried.changed)} changed; then {count(tried.places)} places
                                touch {count(tried.cells)} cells of the map. What was heard in them
                                is deleted for good.
                            </p>
                        )}
                        <Group gap="xs">
                            <Button
                                type="submit"
                                size="xs"
                                disabled={!ready}
                                loading={send.isPending}
                            >
                                Mark the places
                            </Button>
                            <Button
                                size="xs"
                                variant="default"
                                disabled={!ready || send.isPending}
                                onClick={() => send.mutate(true)}
                            >
                                Try it first
                            </Button>
                        </Group>
                    </>
                )}
            </form>
        </Modal>
    );
}
