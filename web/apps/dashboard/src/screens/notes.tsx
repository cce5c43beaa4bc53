// What the company notes beside its figures: that it snowed, that the street was closed. It changes
// no figure; charts show it.

import { useRef, useState } from 'react';
import { Button, Modal, MultiSelect, Select, TextInput, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Annotation } from '@mobilytics/api';
import { ConfirmDialog, Form, RowMenu, useForm, useMay, useSession } from '@mobilytics/ui';
import { client } from '../data/client';
import { assetsQuery, kNotes } from '../data/queries';
import { fieldsFor, fieldsOf, kNoteLabels, noteBody, noteFaults } from '../quality/notes';
import { assetName, useView } from '../shell/view';
import { spanText } from '../time/ranges';
import type { Span } from '../time/ranges';

interface NoteFormProps {
    note?: Annotation;
    span: Span;
    assetId?: string | undefined;
    close: () => void;
}

function NoteForm({ note, span, assetId, close }: NoteFormProps) {
    const queries = useQueryClient();
    const { zone } = useView();
    const { data: assets = [] } = useQuery(assetsQuery);
    const repeatable = useRef(client.repeatable());
    const form = useForm({
        initial: note ? fieldsOf(note, zone) : fieldsFor(span, zone, assetId),
        check: fields => noteFaults(fields, zone),
        send: fields => {
            const body = noteBody(fields, zone);
            return note
                ? client.call('replace_annotation', { params: { annotation_id: note.id }, body })
                : repeatable.current('make_annotation', { body });
        },
        done: () => {
            void queries.invalidateQueries({ queryKey: [kNotes] });
            close();
        },
        places: { no_such_asset: 'asset_ids' },
    });
    return (
        <Modal opened onClose={close} title={note ? 'Change the note' : 'Add a note'}>
            <Form form={form} submit={note ? 'Save' : 'Add'}>
                <Textarea
                    {...form.text('text')}
                    label="What happened"
                    placeholder="Heavy snow; the bridge was closed"
                    autosize
                    minRows={2}
                    maxLength={500}
                    data-autofocus
                />
                <Select
                    {...form.choice('kind')}
                    value={form.values.kind}
                    label="Kind"
                    allowDeselect={false}
                    data={Object.entries(kNoteLabels).map(([value, label]) => ({ value, label }))}
                />
                <div className="two">
                    <TextInput {...form.text('from')} label="From" type="datetime-local" />
                    <TextInput {...form.text('to')} label="Until" type="datetime-local" />
                </div>
                <MultiSelect
                    {...form.choice('asset_ids')}
                    value={form.values.asset_ids}
                    label="Assets"
                    description={`All of them, when none is chosen. Times are in ${zone}.`}
                    placeholder={form.values.asset_ids.length === 0 ? 'All assets' : ''}
                    data={assets.map(({ id, name, code }) => ({
                        value: id,
                        label: `${name} (${code})`,
                    }))}
                    maxValues={200}
                    searchable
                    hidePickedOptions
                    clearable
                    clearButtonProps={{ 'aria-label': 'All assets' }}
                />
            </Form>
        </Modal>
    );
}

const kShown = 12;
const kNamed = 3;

interface NoteListProps {
    title: string;
    nothing: string;
    notes: Annotation[];
    /** What a new one is about, until it is changed. */
    span: Span;
    assetId?: string;
}

export function NoteList({ title, nothing, notes, span, assetId }: NoteListProps) {
    const { sight } = useSession();
    const { zone } = useView();
    const queries = useQueryClient();
    const { data: assets } = useQuery(assetsQuery);
    const mayWrite = useMay('make_annotation');
    const [editing, setEditing] = useState<Annotation | 'new'>();
    const [removing, setRemoving] = useState<Annotation>();
    const [all, setAll] = useState(false);
    const ofWhich = ({ asset_ids }: Annotation) => {
        if (asset_ids.length === 0) return 'all assets';
        const names = asset_ids.slice(0, kNamed).map(id => assetName(assets, id));
        const others = asset_ids.length - names.length;
        return names.join(', ') + (others > 0 ? ` and ${others} more` : '');
    };
    const shown = all ? notes : notes.slice(0, kShown);
    return (
        <section className="notes" data-testid="notes" aria-label={title}>
            <header>
                <h3>{title}</h3>
                <Button
                    size="xs"
                    variant="default"
                    disabled={!mayWrite}
                    onClick={() => setEditing('new')}
                >
                    Add a note
                </Button>
            </header>
            {!mayWrite && (
                <p className="muted">
                    {sight
                        ? 'Notes are written by the company itself.'
                        : 'Viewers read notes; operators, analysts and admins write them.'}
                </p>
            )}
            {shown.length === 0 ? (
                <p className="calm">{nothing}</p>
            ) : (
                <ul className="plain-list">
                    {shown.map(note => (
                        <li key={note.id} data-note={note.id}>
                            <div>
                                <b>{note.text}</b>
                                <span className="muted">
                                    {kNoteLabels[note.kind]} ·{' '}
                                    {spanText(
                                        { from: Date.parse(note.from), to: Date.parse(note.to) },
                                        zone,
                                    )}{' '}
                                    · {ofWhich(note)}
                                </span>
                            </div>
                            {mayWrite && (
                                <RowMenu
                                    of={note.text}
                                    deeds={[
                                        { label: 'Change…', run: () => setEditing(note) },
                                        {
                                            label: 'Remove…',
                                            run: () => setRemoving(note),
                                            danger: true,
                                        },
                                    ]}
                                />
                            )}
                        </li>
                    ))}
                </ul>
            )}
            {notes.length > shown.length && (
                <Button size="compact-xs" variant="subtle" onClick={() => setAll(true)}>
                    Show all {notes.length}
                </Button>
            )}
            {editing && (
                <NoteForm
                    {...(editing === 'new' ? {} : { note: editing })}
                    span={span}
                    assetId={assetId}
                    close={() => setEditing(undefined)}
                />
            )}
            {removing && (
                <ConfirmDialog
                    title="Remove this note?"
                    means={[`“${removing.text}” is gone from all charts. No figure changes.`]}
                    confirm="Remove"
                    run={() =>
                        client
                            .call('remove_annotation', { params: { annotation_id: removing.id } })
                            .then(() => queries.invalidateQueries({ queryKey: [kNotes] }))
                    }
                    done="The note is removed."
                    close={() => setRemoving(undefined)}
                />
            )}
        </section>
    );
}
