// How passers-by are counted: the mode and the floor. To the stricter at once; to the looser slowly,
// by an owner, who says why and shows both factors.

import { useState } from 'react';
import { Button, Checkbox, NumberInput, Stack, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { Company, Consequence } from '@mobilytics/api';
import {
    ConfirmDialog,
    Form,
    Lines,
    Panel,
    ProofFields,
    Trouble,
    When,
    useForm,
    useMay,
    useSession,
} from '@mobilytics/ui';
import { companyQuery, floorQuery } from '../../../data/queries';
import { useSaved } from '../use_saved';

const kConsequences: Record<Consequence, string> = {
    devices_known_across_sensors:
        'The same device is known again at all of our sensors within a day.',
    rows_kept_a_day: 'Rows about one device are kept for a day instead of half an hour.',
    notices_to_be_renewed: 'Our signs and notices must say so before it begins.',
};
const kAll = Object.keys(kConsequences) as Consequence[];
const kReasonMin = 10;

function Loosen({ company, close }: { company: Company; close: () => void }) {
    const queries = useQueryClient();
    const [understood, setUnderstood] = useState<Consequence[]>([]);
    const form = useForm({
        initial: { reason: '', password: '', code: '' },
        send: ({ reason, password, code }) =>
            client.call('ask_for_standard', {
                body: { reason: reason.trim(), understood, password, code: code.trim() },
            }),
        done: () => {
            notifications.show({
                message: 'It begins with the next midnight. All owners are told.',
            });
            void queries.invalidateQueries({ queryKey: companyQuery.queryKey });
            close();
        },
        places: { wrong_password: 'password', wrong_code: 'code', code_needed: 'code' },
    });
    const { reason, password, code } = form.values;
    return (
        <Form
            form={form}
            submit="Leave the strict mode"
            disabled={
                understood.length < kAll.length ||
                reason.trim().length < kReasonMin ||
                !password ||
                !code.trim()
            }
            others={
                <Button variant="default" size="xs" onClick={close}>
                    Stay strict
                </Button>
            }
        >
            <Checkbox.Group
                label={`What follows for ${company.name}`}
                description="Each is to be understood."
                value={understood}
                onChange={value => setUnderstood(value as Consequence[])}
            >
                {kAll.map(each => (
                    <Checkbox key={each} mt="xs" value={each} label={kConsequences[each]} />
                ))}
            </Checkbox.Group>
            <Textarea
                {...form.text('reason')}
                label="Why"
                description="Kept in the audit; all owners read it."
                autosize
                minRows={2}
                maxLength={1000}
            />
            <ProofFields
                password={{ ...form.text('password'), maw: 340 }}
                code={{ ...form.text('code'), maw: 340 }}
            />
        </Form>
    );
}

function ModePanel({ company }: { company: Company }) {
    const saved = useSaved();
    const mayChange = useMay('change_company');
    const mayLoosen = useMay('ask_for_standard');
    const [asking, setAsking] = useState<'strict' | 'standard'>();
    const strict = company.privacy_mode === 'strict';
    const pending = company.standard_from;
    return (
        <Panel
            title={strict ? 'Mode: strict' : 'Mode: standard'}
            about={
                strict
                    ? 'Each sensor has pseudonyms of its own; reach over sensors is not measured'
                    : 'Pseudonyms hold within the company for a day; then their key is destroyed'
            }
        >
            <p className="page-about" style={{ margin: 0 }}>
                {strict
                    ? 'Rows about one device go within half an hour of when it was last heard.'
                    : 'Rows about one device go within a day.'}
            </p>
            {pending && (
                <p className="form-warning" role="status">
                    It becomes standard <When at={pending} zone={company.time_zone} />. Until then
                    it can be called off.
                </p>
            )}
            {asking !== 'standard' && (
                <div className="button-row" style={{ marginTop: 14 }}>
                    {(!strict || pending) && (
                        <Button
                            size="xs"
                            variant="default"
                            disabled={!mayChange}
                            onClick={() => setAsking('strict')}
                        >
                            {pending ? 'Stay strict' : 'Turn strict'}
                        </Button>
                    )}
                    {strict && !pending && (
                        <Button
                            size="xs"
                            variant="default"
                            disabled={!mayLoosen}
                            onClick={() => setAsking('standard')}
                        >
                            Leave the strict mode
                        </Button>
                    )}
                </div>
            )}
            {strict && !mayLoosen && <p className="hint">Only an owner leaves the strict mode.</p>}
            {asking === 'standard' && (
                <div style={{ marginTop: 14 }}>
                    <Loosen company={company} close={() => setAsking(undefined)} />
                </div>
            )}
            {asking === 'strict' && (
                <ConfirmDialog
                    title={pending ? 'Stay strict?' : 'Turn strict?'}
                    means={
                        pending
                            ? ['What was asked for is called off. All owners are told.']
                            : [
                                  'The company’s salts are destroyed at once; sensors take their own within minutes.',
                                  'Reach over several sensors is no longer measured.',
                                  'Rows about one device that are older than half an hour go within minutes.',
                                  'All owners are told.',
                              ]
                    }
                    confirm={pending ? 'Stay strict' : 'Turn strict'}
                    run={async () => {
                        saved(
                            await client.call('change_company', {
                                body: { privacy_mode: 'strict' },
                            }),
                        );
                    }}
                    close={() => setAsking(undefined)}
                />
            )}
        </Panel>
    );
}

function FloorPanel({ company }: { company: Company }) {
    const saved = useSaved();
    const mayChange = useMay('change_company');
    const inForce = useQuery(floorQuery).data;
    const [floor, setFloor] = useState<number | string>(company.suppress_below ?? '');
    const form = useForm({
        initial: {},
        send: () => client.call('change_company', { body: { suppress_below: Number(floor) } }),
        done: saved,
    });
    return (
        <Panel title="The privacy floor" about="Figures that rest on fewer devices are held back">
            <Form
                form={form}
                submit="Save"
                disabled={!mayChange || floor === '' || floor === company.suppress_below}
            >
                <NumberInput
                    label="Devices"
                    description="5 to 50. Counts of devices are rounded to a step that is no finer."
                    placeholder={`As the installation has it${inForce ? `: ${inForce}` : ''}`}
                    value={floor}
                    onChange={setFloor}
                    min={5}
                    max={50}
                    clampBehavior="strict"
                    allowDecimal={false}
                    readOnly={!mayChange}
                    maw={300}
                />
            </Form>
        </Panel>
    );
}

export function Mode() {
    const { sight } = useSession();
    const found = useQuery(companyQuery);
    if (found.error && !found.data) {
        return <Trouble error={found.error} what="The mode" retry={() => void found.refetch()} />;
    }
    if (!found.data) return <Lines count={6} />;
    return (
        <Stack gap="md">
            <ModePanel company={found.data} />
            {!sight && <FloorPanel key={found.data.suppress_below} company={found.data} />}
        </Stack>
    );
}
