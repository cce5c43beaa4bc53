// How it looks, in which zone; what this installation is; on a narrow screen the way to all settings.

import { Fragment } from 'react';
import { Button, SegmentedControl, Select, useMantineColorScheme } from '@mantine/core';
import type { MantineColorScheme } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { IconChevronRight } from '@tabler/icons-react';
import { settingsOf } from '../shell/pages';
import { Panel, useSignOut, kRoles } from '@mobilytics/ui';
import { useChangeSearch, useView } from '../shell/view';
import { minuteText, offsetText } from '@mobilytics/ui/zones';

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
        ['You', `${session.user.name}, ${kRoles[session.user.role].word.toLowerCase()}`],
        ['Map', '© OpenStreetMap contributors; outlines: Natural Earth and US Census'],
    ];
    return (
        <div className="page narrow">
            <nav className="settings-list narrow-list" aria-label="Settings">
                {settingsOf(session).map(({ label, pages }) => (
                    <Fragment key={label}>
                        <h2 className="nav-head">{label}</h2>
                        {pages
                            .filter(page => page.to !== '/settings')
                            .map(page => (
                                <Link key={page.to} to={page.to} className="nav">
                                    <page.icon size={19} stroke={1.6} aria-hidden />
                                    <span>{page.label}</span>
                                    <IconChevronRight size={16} stroke={1.6} aria-hidden />
                                </Link>
                            ))}
                    </Fragment>
                ))}
            </nav>
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
