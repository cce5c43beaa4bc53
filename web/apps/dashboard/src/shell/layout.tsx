// What is around every page: where one is, what it is about, and whether it is up to date.

import { useEffect, useRef } from 'react';
import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { IconDownload, IconLink } from '@tabler/icons-react';
import { notifications } from '@mantine/notifications';
import { BrandStyle, Shell, copyText, useMay, useSession } from '@mobilytics/ui';
import { House, Impersonated, Me, Switcher } from './who';
import { NotShared, Seen } from './sight';
import { liveStore, useLive, useLiveStream } from '../data/live_store';
import { kReport } from '../data/queries';
import { Palette } from './palette';
import { RangePicker } from './range_picker';
import { AssetFilter, SourceFilter } from './filters';
import { SheetsProvider, saveSheet, useOpenSheets } from './sheets';
import { isSettings, isShown, pageAt, pagesOf, settingsOf } from './pages';
import type { PlacedPage } from './pages';
import { useView } from './view';
import { pinned } from '../time/ranges';
import { StreamNotice, SyntheticLabel } from './status';

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

function ShareButton() {
    const share = useShareLink();
    return (
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
    );
}

function LiveCount() {
    const live = useLive();
    const heard = live.items.filter(item => item.state === 'live').length;
    if (!live.loaded || heard === 0) return null;
    return (
        <span className="nav-count" aria-label={`${heard} live`}>
            <i /> {heard}
        </span>
    );
}

const mainOf = (pages: PlacedPage[]) => [
    { pages: pages.map(page => (page.to === '/map' ? { ...page, note: <LiveCount /> } : page)) },
];

/** From one endpoint to all of them, from a page of the settings to their list. */
function upFrom(path: string) {
    return path.startsWith('/settings/webhooks/')
        ? { to: '/settings/webhooks', label: 'Webhooks' }
        : { to: '/settings', label: 'Settings' };
}

export function Layout() {
    const session = useSession();
    useLiveStream(useMay('live_assets'));
    useFreshFigures();
    const path = useRouterState({ select: state => state.location.pathname });
    const page = pageAt(path);
    const title = page?.label ?? (path === '/definitions' ? 'Definitions' : 'Mobilytics');
    const settings = isSettings(path);
    const pages = pagesOf(session);
    const visible = isShown(session, path);
    return (
        <SheetsProvider>
            <BrandStyle accent={session.company.brand?.accent_color} />
            <Shell
                title={title}
                {...(page && page.to !== path ? { titleTo: page.to } : {})}
                path={path}
                brand={<Switcher />}
                banner={
                    <>
                        <Impersonated />
                        <Seen />
                    </>
                }
                groups={settings ? settingsOf(session) : mainOf(pages)}
                {...(settings && pages[0] ? { back: pages[0] } : {})}
                {...(settings && path !== '/settings' ? { up: upFrom(path) } : {})}
                bottom={pages}
                foot={
                    <>
                        <SyntheticLabel />
                        <Link to="/definitions" className="quiet-link">
                            How figures are computed
                        </Link>
                        <Me />
                    </>
                }
                beside={
                    <span className="bar-synthetic">
                        <SyntheticLabel />
                    </span>
                }
                filters={
                    visible &&
                    page?.about && (
                        <>
                            <AssetFilter />
                            {!page.allRadio && <SourceFilter />}
                            <RangePicker />
                        </>
                    )
                }
                actions={
                    visible &&
                    page?.about && (
                        <>
                            <Downloads />
                            <ShareButton />
                        </>
                    )
                }
                notice={<StreamNotice />}
            >
                {!visible ? (
                    <NotShared path={path} />
                ) : session.company.kind === 'house' && !settings ? (
                    <House />
                ) : (
                    <Outlet />
                )}
            </Shell>
            <Palette />
        </SheetsProvider>
    );
}
