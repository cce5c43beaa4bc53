// How it looks, in which zone, the password; and what this installation is.

import { useState } from 'react';
import {
    Button,
    PasswordInput,
    SegmentedControl,
    Select,
    useMantineColorScheme,
} from '@mantine/core';
import type { MantineColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ApiError } from '@mobilytics/api';
import { Panel } from '@mobilytics/ui';
import { client } from '../data/client';
import { sessionQuery } from '../data/queries';
import { useSignOut } from '../shell/sign_out';
import { useChangeSearch, useView } from '../shell/view';
import { minuteText, offsetText } from '@mobilytics/ui/zones';

const kShortestPassword = 12;

function Zone() {
    const { zone, companyZone } = useView();
    const change = useChangeSearch();
    const zones = [...new Set([companyZone, zone, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
    const now = Date.now();
    return (
        <Panel title="Time zone" about="Hours and days of every figure are cut in it">
            <Select
                searchable
                allowDeselect={false}
                aria-label="Time zone"
                value={zone}
                data={zones.map(name => ({
                    value: name,
                    label: name === companyZone ? `${name} (the company’s)` : name,
                }))}
                onChange={value =>
                    change({ tz: !value || value === companyZone ? undefined : value })
                }
                limit={200}
                maw={340}
            />
            <p className="hint">
                There it is {minuteText(now, zone).slice(11)} now, {offsetText(now, zone)} from UTC.
                The zone is part of each page’s address, so a link shows the same to everybody.
                Devices are counted once a day of the company’s zone, {companyZone}, whatever is
                chosen here.
            </p>
        </Panel>
    );
}

function Password() {
    const { session } = useView();
    const queries = useQueryClient();
    const [current, setCurrent] = useState('');
    const [next, setNext] = useState('');
    const changing = useMutation({
        mutationFn: () => client.call('change_password', { body: { current, next } }),
        onSuccess: () => {
            setCurrent('');
            setNext('');
            notifications.show({ message: 'The password is changed. Other sessions have ended.' });
            void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
        },
    });
    const wrong = changing.error instanceof ApiError && changing.error.code === 'wrong_password';
    const short = next !== '' && next.length < kShortestPassword;
    return (
        <Panel
            title="Password"
            about={
                session.user.has_one_time_password
                    ? 'You signed in with the one-time password: choose your own now'
                    : undefined
            }
        >
            <form
                className="password"
                onSubmit={event => {
                    event.preventDefault();
                    if (current && next.length >= kShortestPassword) changing.mutate();
                }}
            >
                <PasswordInput
                    label="Now"
                    size="sm"
                    autoComplete="current-password"
                    value={current}
                    maxLength={256}
                    onChange={event => setCurrent(event.currentTarget.value)}
                    error={wrong ? 'That password is not right.' : undefined}
                />
                <PasswordInput
                    label="New"
                    size="sm"
                    autoComplete="new-password"
                    value={next}
                    maxLength={256}
                    onChange={event => setNext(event.currentTarget.value)}
                    error={
                        short
                            ? `At least ${kShortestPassword} characters.`
                            : changing.error && !wrong
                              ? changing.error.message
                              : undefined
                    }
                />
                <Button
                    type="submit"
                    size="xs"
                    loading={changing.isPending}
                    disabled={!current || next.length < kShortestPassword}
                >
                    Change it
                </Button>
            </form>
        </Panel>
    );
}

export function Settings() {
    const { session } = useView();
    const { colorScheme, setColorScheme } = useMantineColorScheme();
    const signOut = useSignOut();
    const about = [
        ['Company', session.company.name],
        [
            'Data',
            session.company.synthetic
                ? 'Synthetic: simulated for demonstration, nobody was measured'
                : 'Measured',
        ],
        [
            'Privacy',
            session.company.privacy_mode === 'strict'
                ? 'Strict: each sensor has its own pseudonyms, reach across sensors is not measured'
                : 'Standard: pseudonyms hold within the company for one day, then their key is destroyed',
        ],
        ['You', `${session.user.name}, ${session.user.role}`],
        ['Map', '© OpenStreetMap contributors; outlines: Natural Earth and US Census'],
    ];
    return (
        <div className="page narrow">
            <Panel title="Appearance">
                <SegmentedControl
                    aria-label="Appearance"
                    size="xs"
                    value={colorScheme}
                    onChange={value => setColorScheme(value as MantineColorScheme)}
                    data={[
                        { value: 'auto', label: 'As the system' },
                        { value: 'light', label: 'Light' },
                        { value: 'dark', label: 'Dark' },
                    ]}
                />
            </Panel>
            <Zone />
            <Password />
            <Panel
                title="About"
                actions={
                    <Button size="xs" variant="default" onClick={signOut} mr={6}>
                        Sign out
                    </Button>
                }
            >
                <dl className="about">
                    {about.map(([name, text]) => (
                        <div key={name}>
                            <dt>{name}</dt>
                            <dd>{text}</dd>
                        </div>
                    ))}
                </dl>
                <Link to="/definitions" className="quiet-link">
                    How figures are computed
                </Link>
            </Panel>
        </div>
    );
}
