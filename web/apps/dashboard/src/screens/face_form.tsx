// A face is written down, or changed from now on.

import { useRef } from 'react';
import { Modal, Select, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Asset, Face } from '@mobilytics/api';
import { Form, useForm } from '@mobilytics/ui';
import { client } from '../data/client';
import { venuesQuery } from '../data/face_queries';
import { faceBody, faceFaults, faceText, kLightWords, kSideWords } from '../figures/faces';
import type { FaceText } from '../figures/faces';

const choices = (words: Record<string, string>) =>
    Object.entries(words).map(([value, label]) => ({ value, label }));

export function FaceForm({ asset, face, close }: { asset: Asset; face?: Face; close: () => void }) {
    const queries = useQueryClient();
    const repeatable = useRef(client.repeatable());
    const venues = useQuery(venuesQuery);
    const moving = asset.kind === 'vehicle';
    const form = useForm({
        initial: faceText(face),
        check: faceFaults,
        send: (text: FaceText) => {
            const body = faceBody(text, moving);
            return face
                ? client.call('change_face', { params: { face_id: face.id }, body })
                : repeatable.current('add_face', { params: { asset_id: asset.id }, body });
        },
        done: () => {
            void queries.invalidateQueries({ queryKey: ['faces', asset.id] });
            void queries.invalidateQueries({ queryKey: ['sight'] });
            close();
        },
    });
    const { text, choice, values } = form;
    const metres = { inputMode: 'decimal', rightSection: 'm', maxLength: 10 } as const;
    const degrees = { inputMode: 'decimal', rightSection: '°', maxLength: 10 } as const;
    const seconds = { inputMode: 'decimal', rightSection: 's', maxLength: 10 } as const;
    return (
        <Modal
            opened
            onClose={close}
            title={face ? face.name : `A face of ${asset.name}`}
            size={560}
        >
            <Form form={form} submit={face ? 'Save' : 'Add'} label="Face">
                {face && (
                    <p className="hint">
                        It is so from now on. What was measured before stays with what it was.
                    </p>
                )}
                <div className="two">
                    <TextInput {...text('name')} label="Name" maxLength={100} data-autofocus />
                    <Select
                        {...choice('side')}
                        label="Side"
                        allowDeselect={false}
                        data={choices(kSideWords)}
                    />
                </div>
                <div className="two">
                    <TextInput {...text('width_m')} {...metres} label="Width" />
                    <TextInput {...text('height_m')} {...metres} label="Height" />
                </div>
                <div className="two">
                    <TextInput
                        {...text('letter_height_m')}
                        {...metres}
                        label="Height of its letters"
                        description="Read from 300 times as far"
                    />
                    <TextInput
                        {...text('viewing_distance_m')}
                        {...metres}
                        label="Seen from at most"
                        description="Else by its letters, or its size"
                    />
                </div>
                <div className="two">
                    <TextInput
                        {...text('center_height_m')}
                        {...metres}
                        label="Its middle above ground"
                    />
                    <TextInput
                        {...text('obstruction')}
                        label="Obstructed"
                        inputMode="decimal"
                        rightSection="%"
                        maxLength={10}
                    />
                </div>
                {moving ? (
                    <Select
                        {...choice('traffic_side')}
                        label="One drives on the"
                        allowDeselect={false}
                        data={choices({ right: 'Right', left: 'Left' })}
                    />
                ) : (
                    <>
                        <div className="two">
                            <TextInput
                                {...text('heading_deg')}
                                {...degrees}
                                label="Looks towards"
                                description="Clockwise from north"
                            />
                            <TextInput
                                {...text('road_angle_deg')}
                                {...degrees}
                                label="Angle to the road"
                                description="90 faces the traffic"
                            />
                        </div>
                        <div className="two">
                            <TextInput
                                {...text('speed_kmh')}
                                label="Speed of traffic"
                                inputMode="decimal"
                                rightSection="km/h"
                                rightSectionWidth={52}
                                maxLength={10}
                            />
                            <Select
                                {...choice('speed_source')}
                                label="That is"
                                allowDeselect={false}
                                data={choices({ limit: 'The limit', measured: 'Measured' })}
                            />
                        </div>
                    </>
                )}
                <Select
                    {...choice('lit')}
                    label="Lit"
                    allowDeselect={false}
                    data={choices(kLightWords)}
                />
                {values.lit === 'hours' && (
                    <div className="two">
                        <TextInput {...text('lit_from')} label="From" placeholder="18:00" />
                        <TextInput {...text('lit_to')} label="To" placeholder="02:00" />
                    </div>
                )}
                <Select
                    {...choice('medium')}
                    label="Medium"
                    allowDeselect={false}
                    data={choices({ printed: 'Printed', digital: 'Digital' })}
                />
                {values.medium === 'digital' && (
                    <div className="three">
                        <TextInput {...text('loop_s')} {...seconds} label="Loop" />
                        <TextInput {...text('spot_s')} {...seconds} label="Spot" />
                        <TextInput
                            {...text('slots')}
                            label="Slots"
                            inputMode="numeric"
                            maxLength={4}
                        />
                    </div>
                )}
                <Select
                    {...choice('venue_type')}
                    label="Venue type (OpenOOH)"
                    searchable
                    clearable
                    limit={60}
                    data={(venues.data ?? []).map(({ code, name }) => ({
                        value: String(code),
                        label: `${code} ${name}`,
                    }))}
                />
            </Form>
        </Modal>
    );
}
