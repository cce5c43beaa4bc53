// How it looks for everybody of the company: logo, name, colour, own domain.

import { ColorInput, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { client } from '@mobilytics/api';
import type { Company } from '@mobilytics/api';
import { Form, Panel, useForm, useMay } from '@mobilytics/ui';
import { accentOf, inkOn, isColour, kSurfaces } from '@mobilytics/ui/brand';
import { Logo } from './company_logo';
import { useSaved } from './use_saved';

const kOurAccent = '#2f55e0';

interface PreviewProps {
    name: string;
    accent: string;
    logo?: string | undefined;
}

function Preview({ name, accent, logo }: PreviewProps) {
    const fit = accentOf(accent);
    const sides = [
        { word: 'Light', surface: kSurfaces.light, text: '#19191d', colour: fit.light },
        { word: 'Dark', surface: kSurfaces.dark, text: '#ececf0', colour: fit.dark },
    ];
    return (
        <div className="brand-preview" role="img" aria-label={`How ${name} looks, light and dark`}>
            {sides.map(({ word, surface, text, colour }) => (
                <div key={word} style={{ background: surface, color: text }}>
                    {logo ? (
                        <img src={logo} alt="" className="preview-logo" />
                    ) : (
                        <span
                            className="preview-mark"
                            style={{ background: colour, color: inkOn(colour) }}
                        >
                            {name.trim()[0]?.toUpperCase() ?? 'M'}
                        </span>
                    )}
                    <strong>{name}</strong>
                    <span className="preview-end">
                        <span style={{ color: colour, fontWeight: 500 }}>A link</span>
                        <span
                            className="preview-button"
                            style={{ background: colour, color: inkOn(colour) }}
                        >
                            A button
                        </span>
                    </span>
                </div>
            ))}
        </div>
    );
}

export function Looks({ company }: { company: Company }) {
    const saved = useSaved();
    const mayChange = useMay('change_company');
    const { brand } = company;
    const initial = {
        name: brand.name ?? '',
        accent_color: brand.accent_color ?? '',
        domain: brand.domain ?? '',
    };
    const form = useForm({
        initial,
        check: ({ accent_color }) => ({
            ...(!accent_color || isColour(accent_color)
                ? {}
                : { accent_color: 'Six digits, as #0b7a75.' }),
        }),
        send: values => client.call('change_company', { body: { brand: values } }),
        done: saved,
        places: {
            brand: 'accent_color',
            bad_color: 'accent_color',
            bad_domain: 'domain',
            domain_taken: 'domain',
            bad_name: 'name',
        },
    });
    const { name, accent_color, domain } = form.values;
    const accent = isColour(accent_color) ? accent_color : kOurAccent;
    const { changed } = accentOf(accent);
    const same =
        name === initial.name && accent_color === initial.accent_color && domain === initial.domain;
    return (
        <Panel
            title="Looks"
            about="Your logo, name and colour over ours, for everybody of the company"
        >
            <Logo company={company} />
            <Form form={form} submit="Save" disabled={!mayChange || same}>
                <div className="two">
                    <TextInput
                        {...form.text('name')}
                        label="Name that is shown"
                        placeholder="Mobilytics"
                        maxLength={100}
                        readOnly={!mayChange}
                    />
                    <ColorInput
                        {...form.choice('accent_color')}
                        value={accent_color}
                        label="Accent colour"
                        placeholder={kOurAccent}
                        format="hex"
                        disabled={!mayChange}
                        eyeDropperButtonProps={{ 'aria-label': 'Pick it from the screen' }}
                    />
                </div>
                <TextInput
                    {...form.text('domain')}
                    label="Own domain"
                    description="Where the dashboard is reached besides ours; its DNS has to lead here."
                    placeholder="insights.example.com"
                    maxLength={253}
                    readOnly={!mayChange}
                />
                <Preview name={name || 'Mobilytics'} accent={accent} logo={brand.logo} />
                {isColour(accent_color) && changed.length > 0 && (
                    <p className="form-warning" role="status" data-testid="contrast-warning">
                        <IconAlertTriangle size={15} stroke={1.8} aria-hidden />
                        {accent_color} cannot be read on a {changed.join(' or a ')} page: there a{' '}
                        {changed.includes('light') ? 'darker' : 'lighter'} shade of it is used, as
                        above.
                    </p>
                )}
            </Form>
        </Panel>
    );
}
