// Who asked not to be counted: addresses are entered, looked for and taken off; and which sensors
// follow. No address is ever shown, for nobody keeps it: nor does this page, once it was sent.

import { useRef, useState } from 'react';
import { Button, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { OptOut, OptOutList, OptOutSensor } from '@mobilytics/api';
import {
    ConfirmDialog,
    Form,
    Lines,
    Panel,
    RemoteTable,
    RowMenu,
    Tag,
    Trouble,
    When,
    count,
    useForm,
    useMay,
    useSession,
} from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';

const kQueryKey = ['opt-outs'] as const;
const kRefreshMs = 15_000; // Sensors follow within minutes.

type Deed = 'add' | 'check';
interface Found {
    deed: Deed;
    optOut: OptOut | undefined;
}

function TakeOff({ optOut, close }: { optOut: OptOut; close: () => void }) {
    const queries = useQueryClient();
    return (
        <ConfirmDialog
            title={`Take ${optOut.mark} off the list?`}
            means={[
                'Sensors count the device again, within some two minutes.',
                'It stands in the audit, without the address.',
            ]}
            confirm="Take it off"
            run={async () => {
                await client.call('remove_opt_out', { params: { opt_out_id: optOut.id } });
                await queries.invalidateQueries({ queryKey: kQueryKey });
            }}
            done="It is off the list."
            close={close}
        />
    );
}

function Answer({ found, takeOff }: { found: Found; takeOff: (optOut: OptOut) => void }) {
    const { company } = useSession();
    if (!found.optOut) {
        return (
            <p className="hint" role="status">
                This address is not on the list.
            </p>
        );
    }
    return (
        <p className="hint" role="status">
            {found.deed === 'add' ? 'It is on the list' : 'This address is on the list'}, as{' '}
            <span className="code">{found.optOut.mark}</span>, since{' '}
            <When at={found.optOut.added_at} zone={company.time_zone} />.{' '}
            {found.deed === 'add' ? (
                'Sensors pass over it within some two minutes of reaching the server.'
            ) : (
                <Button
                    size="compact-xs"
                    variant="default"
                    onClick={() => found.optOut && takeOff(found.optOut)}
                >
                    Take it off
                </Button>
            )}
        </p>
    );
}

function Enter({ takeOff }: { takeOff: (optOut: OptOut) => void }) {
    const queries = useQueryClient();
    const mayAdd = useMay('add_opt_out');
    const [found, setFound] = useState<Found>();
    const deed = useRef<Deed>('add');
    const form = useForm<{ address: string }, Found>({
        initial: { address: '' },
        send: async ({ address }) => {
            const asked = deed.current;
            deed.current = 'add';
            setFound(undefined);
            const body = { address: address.trim() };
            if (asked === 'check') {
                return {
                    deed: asked,
                    optOut: (await client.call('check_opt_out', { body })).opt_out,
                };
            }
            return { deed: asked, optOut: await client.call('add_opt_out', { body }) };
        },
        done: reply => {
            setFound(reply);
            form.reset();
            if (reply.deed === 'add') void queries.invalidateQueries({ queryKey: kQueryKey });
        },
    });
    const empty = form.values.address.trim() === '';
    return (
        <>
            <Form
                form={form}
                label="Opt an address out"
                submit="Put it on the list"
                disabled={!mayAdd || empty}
                others={
                    <Button
                        size="xs"
                        variant="default"
                        disabled={!mayAdd || empty || form.pending}
                        onClick={() => {
                            deed.current = 'check';
                            form.submit();
                        }}
                    >
                        Is it on the list?
                    </Button>
                }
            >
                <TextInput
                    {...form.text('address')}
                    label="Address of the device"
                    description="Its Wi-Fi or Bluetooth address: 12 digits and letters A to F."
                    placeholder="a4:83:e7:01:02:03"
                    maxLength={64}
                    maw={460}
                    autoComplete="off"
                    spellCheck={false}
                />
            </Form>
            {found && (
                <Answer
                    found={found}
                    takeOff={optOut => {
                        setFound(undefined);
                        takeOff(optOut);
                    }}
                />
            )}
        </>
    );
}

/** Who follows the newest list, in a sentence; those that do not by name. */
function Sensors({ list }: { list: OptOutList }) {
    const { company } = useSession();
    const behind = list.sensors.filter(sensor => !sensor.follows);
    const last = list.sensors
        .map(sensor => sensor.since ?? '')
        .sort()
        .at(-1);
    const { sensors_in_all: all, sensors_following: following } = list;
    if (all === 0) return <p>There is no sensor yet. Whichever joins follows the list.</p>;
    return (
        <>
            <p data-testid="followers" className="page-about" style={{ margin: 0 }}>
                {following === all ? (
                    <Tag kind="good">All follow</Tag>
                ) : (
                    <Tag kind="warn">
                        {count(following)} of {count(all)} follow
                    </Tag>
                )}{' '}
                {following === all ? (
                    <>
                        {all === 1 ? 'The sensor follows' : `All ${count(all)} sensors follow`} the
                        newest list{last && <>, since </>}
                        {last && <When at={last} zone={company.time_zone} />}.
                    </>
                ) : (
                    'A sensor that is away follows the list it had, and the newest when it is back.'
                )}
            </p>
            {behind.length > 0 && (
                <p className="hint" style={{ margin: '6px 0 18px' }}>
                    Not yet: {behind.map((sensor: OptOutSensor) => sensor.name).join(', ')}
                    {all - following > behind.length && ' and more'}.
                </p>
            )}
        </>
    );
}

const columns = (zone: string): RemoteColumn<OptOut>[] => [
    {
        id: 'mark',
        header: 'Mark',
        cell: row => (
            <span className="row-name">
                <span className="code">{row.mark}</span>
            </span>
        ),
        text: row => row.mark,
    },
    {
        id: 'added',
        header: 'Added',
        cell: row => <When at={row.added_at} zone={zone} />,
        text: row => row.added_at,
    },
];

function HowToFind() {
    return (
        <Panel title="What to tell who asks" about="Most phones cannot be opted out: say so">
            <dl className="definitions">
                <div>
                    <dt>Where the address is</dt>
                    <dd>
                        iPhone: Settings, General, About, Wi-Fi Address. Android: Settings, About
                        phone, Device Wi-Fi MAC address. A computer: the properties of its network
                        adapter. Headphones, watches, trackers: on the box or in their app, as
                        Bluetooth address.
                    </dd>
                </div>
                <div>
                    <dt>Most phones change it</dt>
                    <dd>
                        iPhones since 2014 and Android phones since 2019 send an address that they
                        make up and change. Such a one cannot be opted out: its second digit is 2,
                        6, A or E, and it is refused here. The list works for devices that send
                        their own address: older phones, many computers, watches and headphones, and
                        phones where their owner has switched off the private (randomised) address.
                    </dd>
                </div>
                <div>
                    <dt>What holds anyhow</dt>
                    <dd>
                        Whoever is met under an address that changes is a pseudonym for a day at
                        most, and is known to nobody on the next. Do not ask people to switch off
                        Wi-Fi: that is no way to object.
                    </dd>
                </div>
            </dl>
        </Panel>
    );
}

export function OptOuts() {
    const { company } = useSession();
    const mayRemove = useMay('remove_opt_out');
    const [taking, setTaking] = useState<OptOut>();
    const found = useQuery({
        queryKey: [...kQueryKey, 'sensors'],
        queryFn: ({ signal }) => client.call('list_opt_outs', { query: { limit: 1 }, signal }),
        refetchInterval: kRefreshMs,
    });
    if (found.error && !found.data) {
        return <Trouble error={found.error} what="The list" retry={() => void found.refetch()} />;
    }
    if (!found.data) return <Lines count={8} />;
    return (
        <div style={{ display: 'grid', gap: 16 }}>
            <Panel
                title="Who is not counted"
                about="Sensors pass over these devices before anything is computed of them"
            >
                {found.error && (
                    <Trouble
                        error={found.error}
                        what="What is new"
                        retry={() => void found.refetch()}
                    />
                )}
                <Sensors list={found.data} />
                <Enter takeOff={setTaking} />
                <p className="hint">
                    The address is not kept, here or anywhere: only a mark that your sensors compare
                    with, made with a secret of your company.
                </p>
            </Panel>
            <RemoteTable<OptOut>
                name="opt-outs"
                caption="Opt-outs"
                queryKey={kQueryKey}
                load={client.page('list_opt_outs')}
                columns={columns(company.time_zone)}
                rowKey={row => row.id}
                rowLabel={row => row.mark}
                actions={row => (
                    <RowMenu
                        of={row.mark}
                        deeds={[
                            mayRemove && {
                                label: 'Take it off…',
                                run: () => setTaking(row),
                                danger: true,
                            },
                        ]}
                    />
                )}
                empty={{
                    title: 'Nobody has opted out',
                    text: 'Enter above the address that somebody gives you.',
                }}
            />
            <HowToFind />
            {taking && <TakeOff optOut={taking} close={() => setTaking(undefined)} />}
        </div>
    );
}
