// Somebody asks what is kept of them, or that it goes.

import { useRef, useState } from 'react';
import { Button, SegmentedControl, Select, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { ErasureDone, Export } from '@mobilytics/api';
import { ConfirmDialog, When, count, kNothing, saveText, useMay, useSession } from '@mobilytics/ui';
import { membersQuery } from '../../../data/queries';
import { Exports } from './exports';

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

export function Requests() {
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
