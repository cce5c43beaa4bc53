// Regions from a file: chosen, its properties named, tried by the server, then taken at once.

import { useState } from 'react';
import {
    Button,
    Checkbox,
    FileButton,
    Group,
    Modal,
    NumberInput,
    Select,
    TextInput,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { ApiError } from '@mobilytics/api';
import type { RegionSet, RegionSetKind, RegionsImported } from '@mobilytics/api';
import { count, decimal, sentence } from '@mobilytics/ui';
import { client } from '../data/client';
import { guessed, lookInto, usOutlines } from '../data/region_files';
import type { Outlines, RegionFile } from '../data/region_files';
import { Mended } from './regions_mended';

interface ImportProps {
    /** What is to be replaced; a new set, when left out. */
    into: RegionSet | undefined;
    done: (setId: string) => void;
    close: () => void;
}

const kKinds: { value: RegionSetKind; label: string }[] = [
    { value: 'state', label: 'States or provinces' },
    { value: 'county', label: 'Counties' },
    { value: 'postal', label: 'Postal codes' },
    { value: 'market', label: 'Markets' },
    { value: 'custom', label: 'Custom' },
];
const kFaultsShown = 8;

interface Mapping {
    code: string;
    name: string;
    population: string;
    populationSource: string;
    buffer: string;
    repair: boolean;
}

function Faults({ error }: { error: Error }) {
    const faults = error instanceof ApiError ? error.faults : [];
    return (
        <div role="alert" className="regions-faults" data-testid="import-faults">
            <p className="fault">{sentence(error.message)}</p>
            {faults.length > 0 && (
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
            )}
        </div>
    );
}

export function ImportRegions({ into, done, close }: ImportProps) {
    const [name, setName] = useState('');
    const [kind, setKind] = useState<RegionSetKind>('custom');
    const [file, setFile] = useState<RegionFile>();
    const [trouble, setTrouble] = useState('');
    /** Regions that the file does not have, though it should. */
    const [without, setWithout] = useState<string[]>([]);
    const [mapping, setMapping] = useState<Mapping>();
    /** Made already, when its file was refused: it is not made twice. */
    const [made, setMade] = useState<RegionSet>();

    const choose = useMutation({
        mutationFn: async (from: File | Outlines) => {
            const { file: chosen, without } =
                typeof from === 'string' ? await usOutlines(from) : { file: from, without: [] };
            return { from, found: await lookInto(chosen, chosen.name), without };
        },
        onSuccess: ({ from, found, without }) => {
            send.reset();
            setWithout(without);
            if ('trouble' in found) {
                setFile(undefined);
                return setTrouble(found.trouble);
            }
            setTrouble('');
            setFile(found);
            const guess = guessed(found);
            setMapping({
                code: guess.code ?? '',
                name: guess.name ?? '',
                population: guess.population ?? '',
                populationSource: '',
                buffer: '',
                repair: from === 'counties',
            });
            if (typeof from === 'string') setKind(from === 'states' ? 'state' : 'county');
            const called =
                typeof from === 'string' ? `US ${from}` : found.name.replace(/\.\w+$/, '');
            setName(before => before || called);
        },
        onError: error => setTrouble(error.message),
    });

    const sent = async (dryRun: boolean): Promise<RegionsImported> => {
        const set =
            into ?? made ?? (await client.call('make_region_set', { body: { name, kind } }));
        if (!into) setMade(set);
        return client.call('import_regions', {
            params: { set_id: set.id },
            query: {
                code_property: mapping!.code,
                name_property: mapping!.name || mapping!.code,
                ...(mapping!.population
                    ? {
                          population_property: mapping!.population,
                          population_source: mapping!.populationSource,
                      }
                    : {}),
                ...(mapping!.buffer ? { buffer_m: Number(mapping!.buffer) } : {}),
                source: file!.name.slice(0, 200),
                repair: mapping!.repair,
                dry_run: dryRun,
            },
            body: file!.blob,
        });
    };
    const send = useMutation({
        mutationFn: sent,
        onSuccess: reply => {
            if (reply.dry_run) return;
            const mended =
                reply.mended_regions > 0 ? ` ${count(reply.mended_regions)} of them mended.` : '';
            notifications.show({ message: `${count(reply.regions)} regions are there.${mended}` });
            done(reply.id);
        },
    });
    const tried = send.data?.dry_run ? send.data : undefined;
    const properties = file?.properties.map(each => ({
        value: each.name,
        label: `${each.name} (${each.example.slice(0, 30)})`,
    }));
    const ready = file && mapping?.code && (into || name.trim());
    const change = (more: Partial<Mapping>) => {
        send.reset();
        setMapping(before => ({ ...before!, ...more }));
    };
    return (
        <Modal
            opened
            onClose={close}
            size={560}
            title={into ? `Replace ${into.name}` : 'Add regions'}
        >
            <form
                className="form"
                onSubmit={event => {
                    event.preventDefault();
                    if (ready && !send.isPending) send.mutate(false);
                }}
            >
                <Group gap="xs">
                    <FileButton
                        accept=".geojson,.json,application/geo+json,application/json"
                        onChange={chosen => chosen && choose.mutate(chosen)}
                    >
                        {props => (
                            <Button {...props} size="xs" loading={choose.isPending}>
                                Choose a GeoJSON file
                            </Button>
                        )}
                    </FileButton>
                    <Button size="xs" variant="default" onClick={() => choose.mutate('states')}>
                        US states
                    </Button>
                    <Button size="xs" variant="default" onClick={() => choose.mutate('counties')}>
                        US counties
                    </Button>
                </Group>
                {trouble && (
                    <p className="fault" role="alert">
                        {trouble}
                    </p>
                )}
                {!file && !trouble && (
                    <p className="foot-note">
                        Polygons in WGS 84, of 32 MiB at most. Lines become road segments with a
                        width. Outlines of the USA are those of the US Census, in the public domain.
                    </p>
                )}
                {file && mapping && (
                    <>
                        <p className="foot-note" data-testid="import-file">
                            {file.name}: {count(file.features)} features
                            {without.length > 0 &&
                                `; without ${without.join('; ')}: too small to have an outline`}
                        </p>
                        {!into && (
                            <Group grow align="start">
                                <TextInput
                                    label="Name of the set"
                                    value={name}
                                    maxLength={100}
                                    disabled={made !== undefined}
                                    onChange={event => setName(event.currentTarget.value)}
                                />
                                <Select
                                    label="Kind"
                                    data={kKinds}
                                    allowDeselect={false}
                                    disabled={made !== undefined}
                                    value={kind}
                                    onChange={value => setKind((value ?? 'custom') as never)}
                                />
                            </Group>
                        )}
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
                                label="Population, if any"
                                clearable
                                data={properties ?? []}
                                value={mapping.population || null}
                                onChange={value => change({ population: value ?? '' })}
                            />
                            <TextInput
                                label="Its source"
                                placeholder="US Census 2020"
                                maxLength={200}
                                disabled={!mapping.population}
                                value={mapping.populationSource}
                                onChange={event =>
                                    change({ populationSource: event.currentTarget.value })
                                }
                            />
                            <NumberInput
                                label="Metres beside lines"
                                placeholder="none"
                                min={1}
                                max={10_000}
                                value={mapping.buffer}
                                onChange={value => change({ buffer: String(value) })}
                            />
                        </Group>
                        {send.error && <Faults error={send.error} />}
                        <Checkbox
                            label="Mend borders that are not sound"
                            description="Those that cross or touch themselves, run back or do not end. All other places stay as they are; you are told how areas change."
                            checked={mapping.repair}
                            onChange={event => change({ repair: event.currentTarget.checked })}
                        />
                        {tried && (
                            <div role="status" data-testid="import-tried">
                                <p>
                                    The file can be taken: {count(tried.regions)} regions,{' '}
                                    {decimal(tried.area_km2, 0)} km²; {count(tried.added)} new,{' '}
                                    {count(tried.changed)} changed, {count(tried.removed)} gone.
                                </p>
                                <Mended of={tried} />
                            </div>
                        )}
                        <Group gap="xs">
                            <Button
                                type="submit"
                                size="xs"
                                disabled={!ready}
                                loading={send.isPending}
                            >
                                {into ? 'Replace all regions' : 'Add the regions'}
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
