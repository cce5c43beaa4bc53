// What is around every page: where one is, what it is about, and whether it is up to date.

import { useEffect, useRef } from 'react';
import { ActionIcon, Menu, Tooltip, UnstyledButton } from '@mantine/core';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import {
    IconChartBar,
    IconDownload,
    IconHome2,
    IconLink,
    IconMapPin,
    IconRoute,
    IconSearch,
    IconSettings,
} from '@tabler/icons-react';
import { notifications } from '@mantine/notifications';
import { spotlight } from '@mantine/spotlight';
import { liveStore, useLive, useLiveStream } from '../data/live_store';
import { kReport } from '../data/queries';
import { Palette } from './palette';
import { RangePicker } from './range_picker';
import { AssetFilter, SourceFilter } from './filters';
import { SheetsProvider, saveSheet, useOpenSheets } from './sheets';
import { useSession, useView } from './view';
import { copyText } from './copy';
import { pinned } from '../time/ranges';
import { StreamNotice, SyntheticLabel } from './status';

const kPages = [
    { to: '/', label: 'Overview', icon: IconHome2, about: true },
    { to: '/map', label: 'Live map', icon: IconRoute, about: true },
    { to: '/exposure', label: 'Exposure', icon: IconChartBar, about: true },
    { to: '/assets', label: 'Assets', icon: IconMapPin, about: false },
    { to: '/settings', label: 'Settings', icon: IconSettings, about: false },
] as const;

const kFiguresPauseMs = 10_000;

/** New facts were committed: figures on the screen follow, at a calm pace. */
function useFreshFigures() {
    const client = useQueryClient();
    const last = useRef(0);
    useEffect(
        () =>
            liveStore.onFigures(() => {
                if (document.hidden || Date.now() - last.current < kFiguresPauseMs) return;
                last.current = Date.now();
                void client.invalidateQueries({ queryKey: [kReport] });
            }),
        [client],
    );
}

export function useShareLink() {
    const view = useView();
    return () => {
        const url = new URL(window.location.href);
        const range = pinned(view.range, view.zone);
        for (const [name, value] of Object.entries(range)) url.searchParams.set(name, value);
        url.searchParams.set('tz', view.zone);
        void copyText(url.href).then(copied =>
            notifications.show({
                message: copied
                    ? 'Link copied. It shows this very range, also tomorrow.'
                    : `Copy it from here: ${url.href}`,
            }),
        );
    };
}

function Downloads() {
    const sheets = useOpenSheets();
    const view = useView();
    return (
        <Menu>
            <Menu.Target>
                <Tooltip label="Download CSV">
                    <ActionIcon
                        variant="subtle"
                        color="gray"
                        size={32}
                        aria-label="Download CSV"
                        disabled={sheets.length === 0}
                        data-testid="downloads"
                    >
                        <IconDownload size={17} stroke={1.7} />
                    </ActionIcon>
                </Tooltip>
            </Menu.Target>
            <Menu.Dropdown>
                <Menu.Label>What is on the screen, as CSV</Menu.Label>
                {sheets.map(open => (
                    <Menu.Item
                        key={open.sheet.name}
                        data-testid={`download-${open.sheet.name}`}
                        onClick={() => saveSheet(open, view)}
                    >
                        {open.sheet.title}
                    </Menu.Item>
                ))}
            </Menu.Dropdown>
        </Menu>
    );
}

function Bar({ title, about }: { title: string; about: boolean }) {
    const share = useShareLink();
    return (
        <header className="bar">
            <h1>{title}</h1>
            <span className="bar-synthetic">
                <SyntheticLabel />
            </span>
            {about && (
                <div className="bar-filters">
                    <AssetFilter />
                    <SourceFilter />
                    <RangePicker />
                </div>
            )}
            <div className="bar-actions">
                {about && (
                    <>
                        <Downloads />
                        <Tooltip label="Copy a link to this very view">
                            <ActionIcon
                                variant="subtle"
                                color="gray"
                                size={32}
                                aria-label="Copy link"
                                onClick={share}
                                className="wide-only"
                            >
                                <IconLink size={17} stroke={1.7} />
                            </ActionIcon>
                        </Tooltip>
                    </>
                )}
                <ActionIcon
                    variant="subtle"
                    color="gray"
                    size={32}
                    aria-label="Find anything"
                    onClick={() => spotlight.open()}
                    className="narrow-only"
                >
                    <IconSearch size={17} stroke={1.7} />
                </ActionIcon>
            </div>
        </header>
    );
}

function Side() {
    const { company } = useSession();
    const live = useLive();
    const heard = live.items.filter(item => item.state === 'live').length;
    return (
        <aside className="side">
            <div className="brand">
                <img src="/mark.svg" alt="" width="24" height="24" />
                <div>
                    <strong>Mobilytics</strong>
                    <span title={company.name}>{company.name}</span>
                </div>
            </div>
            <UnstyledButton className="find" onClick={() => spotlight.open()}>
                <IconSearch size={14} stroke={1.8} />
                <span>Find anything</span>
                <kbd>Ctrl K</kbd>
            </UnstyledButton>
            <nav aria-label="Pages">
                {kPages.map(page => (
                    <Link
                        key={page.to}
                        to={page.to}
                        className="nav"
                        activeOptions={{ exact: page.to === '/', includeSearch: false }}
                    >
                        <page.icon size={17} stroke={1.7} aria-hidden />
                        <span>{page.label}</span>
                        {page.to === '/map' && live.loaded && heard > 0 && (
                            <span className="nav-count" aria-label={`${heard} live`}>
                                <i /> {heard}
                            </span>
                        )}
                    </Link>
                ))}
            </nav>
            <div className="side-foot">
                <SyntheticLabel />
                <Link to="/definitions" className="quiet-link">
                    How figures are computed
                </Link>
            </div>
        </aside>
    );
}

function Bottom() {
    return (
        <nav className="bottom" aria-label="Pages">
            {kPages.map(page => (
                <Link
                    key={page.to}
                    to={page.to}
                    activeOptions={{ exact: page.to === '/', includeSearch: false }}
                >
                    <page.icon size={21} stroke={1.6} aria-hidden />
                    <span>{page.to === '/map' ? 'Map' : page.label}</span>
                </Link>
            ))}
        </nav>
    );
}

export function Layout() {
    useLiveStream();
    useFreshFigures();
    const path = useRouterState({ select: state => state.location.pathname });
    const page = kPages.find(each => each.to === path);
    const title = page?.label ?? (path === '/definitions' ? 'Definitions' : 'Mobilytics');
    useEffect(() => {
        document.title = `${title} · Mobilytics`;
    }, [title]);
    return (
        <SheetsProvider>
            <a className="skip" href="#main">
                To the content
            </a>
            <div className="frame">
                <Side />
                <div className="stage">
                    <Bar title={title} about={page?.about ?? false} />
                    <StreamNotice />
                    <main id="main" tabIndex={-1} data-page={path}>
                        <Outlet />
                    </main>
                </div>
                <Bottom />
            </div>
            <Palette />
        </SheetsProvider>
    );
}
