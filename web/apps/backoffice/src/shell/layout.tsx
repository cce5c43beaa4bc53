// What is around every page of the backoffice.

import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { Shell, initials, kRoles, useSession, useSignOut } from '@mobilytics/ui';
import { Palette } from './palette';
import { kBottom, kStaffPages, pagesOf } from './pages';
import { NotHouse } from './not_house';

function Me() {
    const { user } = useSession();
    const signOut = useSignOut();
    const { setColorScheme } = useMantineColorScheme();
    return (
        <Menu position="top-start" width={200} returnFocus>
            <Menu.Target>
                <UnstyledButton className="me">
                    <i aria-hidden>{initials(user.name)}</i>
                    <span>
                        <b>{user.name}</b>
                        <em>{kRoles[user.role].word}</em>
                    </span>
                    <span className="hidden">You and the looks</span>
                </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
                <Menu.Item component="a" href="/settings/security">
                    Profile and security
                </Menu.Item>
                <Menu.Item component="a" href="/">
                    To the dashboard
                </Menu.Item>
                <Menu.Divider />
                <Menu.Item onClick={() => setColorScheme('light')}>Light</Menu.Item>
                <Menu.Item onClick={() => setColorScheme('dark')}>Dark</Menu.Item>
                <Menu.Item onClick={() => setColorScheme('auto')}>As the system</Menu.Item>
                <Menu.Divider />
                <Menu.Item onClick={signOut}>Sign out</Menu.Item>
            </Menu.Dropdown>
        </Menu>
    );
}

export function Layout() {
    const session = useSession();
    const navigate = useNavigate();
    const path = useRouterState({ select: state => state.location.pathname });
    const groups = pagesOf(session.user.role);
    const page = kStaffPages.findLast(each => path === each.to || path.startsWith(`${each.to}/`));
    const all = groups.flatMap(({ pages }) => pages);
    const bottom = all.filter(({ to }) => kBottom.includes(to));
    return (
        <>
            <Shell
                title={page?.label ?? 'Backoffice'}
                {...(page && page.to !== path ? { titleTo: page.to, up: page } : {})}
                path={path}
                brand={
                    <div className="brand">
                        <img src="/mark.svg" alt="" width="24" height="24" />
                        <div>
                            <strong>Backoffice</strong>
                            <span>{session.company.name}</span>
                        </div>
                    </div>
                }
                groups={groups}
                bottom={bottom}
                foot={<Me />}
            >
                {groups.length === 0 ? <NotHouse /> : <Outlet />}
            </Shell>
            <Palette
                go={(to, search = {}) =>
                    void navigate({ to: to as never, search: search as never })
                }
            />
        </>
    );
}
