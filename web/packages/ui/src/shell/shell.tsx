// What is around every page of an app: where one is, for which company, as whom.

import { useEffect } from 'react';
import type { ComponentType, ReactNode } from 'react';
import { ActionIcon, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { IconArrowLeft, IconChevronRight, IconDots, IconSearch } from '@tabler/icons-react';
import { FindField, openPalette } from './palette';

export interface NavPage {
    to: string;
    label: string;
    /** Where there is little room. */
    short?: string;
    icon: ComponentType<{ size?: number; stroke?: number }>;
    note?: ReactNode;
    exact?: boolean;
}

export interface NavGroup {
    label?: string;
    pages: NavPage[];
}

interface ShellProps {
    title: string;
    /** What the title leads back to, from a page below it. */
    titleTo?: string;
    path: string;
    /** Name, mark, and whom it is about. */
    brand: ReactNode;
    groups: NavGroup[];
    /** Back from a part of its own to the whole. */
    back?: { to: string; label: string };
    /** Where there is little room: one step up. */
    up?: { to: string; label: string };
    bottom: NavPage[];
    foot?: ReactNode;
    banner?: ReactNode;
    notice?: ReactNode;
    beside?: ReactNode;
    filters?: ReactNode;
    actions?: ReactNode;
    children: ReactNode;
}

/** The router of each app knows its own addresses; here they are words. */
const toOf = (page: { to: string }) => page.to as never;

function Nav({ groups }: { groups: NavGroup[] }) {
    return groups.map((group, i) => (
        <nav key={group.label ?? i} aria-label={group.label ?? 'Pages'}>
            {group.label && <h2 className="nav-head">{group.label}</h2>}
            {group.pages.map(page => (
                <Link
                    key={page.to}
                    to={toOf(page)}
                    className="nav"
                    activeOptions={{ exact: page.exact ?? false, includeSearch: false }}
                >
                    <page.icon size={17} stroke={1.7} aria-hidden />
                    <span>{page.label}</span>
                    {page.note}
                </Link>
            ))}
        </nav>
    ));
}

const kBottomMax = 5;

function isAt(path: string, page: NavPage): boolean {
    return page.exact ? path === page.to : path === page.to || path.startsWith(`${page.to}/`);
}

/** As many as fit beside each other; what is left, behind the last. */
function Bottom({ pages, path }: { pages: NavPage[]; path: string }) {
    const shown = pages.length > kBottomMax ? pages.slice(0, kBottomMax - 1) : pages;
    const left = pages.slice(shown.length);
    return (
        <nav className="bottom" aria-label="Main pages">
            {shown.map(page => (
                <Link
                    key={page.to}
                    to={toOf(page)}
                    activeOptions={{ exact: page.exact ?? false, includeSearch: false }}
                >
                    <page.icon size={21} stroke={1.6} aria-hidden />
                    <span>{page.short ?? page.label}</span>
                </Link>
            ))}
            {left.length > 0 && (
                <Menu position="top-end" width={200}>
                    <Menu.Target>
                        <button
                            type="button"
                            className={left.some(page => isAt(path, page)) ? 'active' : undefined}
                        >
                            <IconDots size={21} stroke={1.6} aria-hidden />
                            <span>More</span>
                        </button>
                    </Menu.Target>
                    <Menu.Dropdown>
                        {left.map(page => (
                            <Menu.Item
                                key={page.to}
                                component={Link}
                                to={toOf(page)}
                                leftSection={<page.icon size={17} stroke={1.7} />}
                            >
                                {page.label}
                            </Menu.Item>
                        ))}
                    </Menu.Dropdown>
                </Menu>
            )}
        </nav>
    );
}

export function Shell(props: ShellProps) {
    const { title, path, groups, back, up, bottom } = props;
    useEffect(() => {
        document.title = `${title} · Mobilytics`;
    }, [title]);
    return (
        <>
            <a className="skip" href="#main">
                To the content
            </a>
            {props.banner}
            <div className="frame">
                <aside className="side" aria-label="Sections">
                    {props.brand}
                    <FindField />
                    <div className="side-pages">
                        {back && (
                            <Link to={toOf(back)} className="nav nav-back">
                                <IconArrowLeft size={16} stroke={1.7} aria-hidden />
                                <span>{back.label}</span>
                            </Link>
                        )}
                        <Nav groups={groups} />
                    </div>
                    <div className="side-foot">{props.foot}</div>
                </aside>
                <div className="stage">
                    <header className="bar">
                        {up && (
                            <ActionIcon
                                component={Link}
                                to={toOf(up)}
                                variant="subtle"
                                color="gray"
                                size={32}
                                aria-label={up.label}
                                className="narrow-only"
                            >
                                <IconArrowLeft size={18} stroke={1.7} />
                            </ActionIcon>
                        )}
                        <h1>
                            {props.titleTo ? (
                                <>
                                    <Link to={props.titleTo as never} className="crumb">
                                        {title}
                                    </Link>
                                    <IconChevronRight size={14} stroke={1.8} aria-hidden />
                                </>
                            ) : (
                                title
                            )}
                        </h1>
                        {props.beside}
                        {props.filters && <div className="bar-filters">{props.filters}</div>}
                        <div className="bar-actions">
                            {props.actions}
                            <ActionIcon
                                variant="subtle"
                                color="gray"
                                size={32}
                                aria-label="Find anything"
                                onClick={openPalette}
                                className="narrow-only"
                            >
                                <IconSearch size={17} stroke={1.7} />
                            </ActionIcon>
                        </div>
                    </header>
                    {props.notice}
                    <main id="main" tabIndex={-1} data-page={path}>
                        {props.children}
                    </main>
                </div>
                <Bottom pages={bottom} path={path} />
            </div>
        </>
    );
}
