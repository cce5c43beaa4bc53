// As whom one is here, and for which company.

import { Button, Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { client } from '@mobilytics/api';
import { belowQuery } from '../data/queries';
import {
    CompanySwitcher,
    ImpersonationBanner,
    Message,
    initials,
    kRoles,
    seenWords,
    useMay,
    useSession,
    useSignOut,
} from '@mobilytics/ui';

/** Another company: loaded anew as a whole, so that nothing of the one before is left. */
export function useSwitch() {
    return useMutation({
        mutationFn: (company_id: string) => client.call('choose_company', { body: { company_id } }),
        onSuccess: () => window.location.assign('/'),
        onError: error => notifications.show({ color: 'red', message: error.message }),
    });
}

/** Companies below that let themselves be seen, and to which one does not belong anyway. */
export function useBelow() {
    const { company, companies, impersonation, sight } = useSession();
    const mayList = useMay('list_companies');
    const hasBelow = company.kind === 'operator' || company.kind === 'reseller';
    const { data = [] } = useQuery({
        ...belowQuery,
        enabled: mayList && hasBelow && !impersonation && !sight,
    });
    const own = new Set(companies.map(each => each.company_id));
    return data
        .filter(({ id }) => !own.has(id))
        .map(({ id, label, shares }) => ({
            id,
            name: label,
            about: `You may see: ${seenWords(shares).join(', ')}`,
        }));
}

export function Switcher() {
    const { company, companies, sight } = useSession();
    const switching = useSwitch();
    const below = useBelow();
    return (
        <CompanySwitcher
            product={company.brand?.name ?? 'Mobilytics'}
            logo={company.brand?.logo}
            current={sight?.company_id ?? company.id}
            currentName={company.name}
            companies={companies.map(each => ({
                id: each.company_id,
                name: each.company_name,
                about: kRoles[each.role].word,
            }))}
            below={below}
            choose={id => switching.mutate(id)}
            pending={switching.isPending}
        />
    );
}

export function Me() {
    const { user, companies } = useSession();
    const navigate = useNavigate();
    const signOut = useSignOut();
    const { setColorScheme } = useMantineColorScheme();
    const staff = companies.some(each => each.kind === 'house');
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
                <Menu.Item onClick={() => void navigate({ to: '/settings/profile' })}>
                    Profile
                </Menu.Item>
                <Menu.Item onClick={() => void navigate({ to: '/settings/security' })}>
                    Security
                </Menu.Item>
                {staff && (
                    <Menu.Item component="a" href="/backoffice/">
                        Backoffice
                    </Menu.Item>
                )}
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

export function Impersonated() {
    const { impersonation, user, company } = useSession();
    const ending = useMutation({
        mutationFn: () => client.call('end_impersonation'),
        onSuccess: () => window.location.assign('/backoffice/impersonations'),
        onError: error => notifications.show({ color: 'red', message: error.message }),
    });
    if (!impersonation) return null;
    return (
        <ImpersonationBanner
            who={impersonation.staff_name}
            as={`${user.name} of ${company.name}`}
            why={impersonation.reason}
            ticket={impersonation.ticket}
            until={impersonation.expires_at}
            mayWrite={impersonation.may_write}
            waiting={impersonation.state === 'waiting'}
            zone={company.time_zone}
            end={() => ending.mutate()}
            ending={ending.isPending}
            over={() => window.location.assign('/backoffice/impersonations')}
        />
    );
}

/** Our own house measures nothing: it is worked for in the backoffice. */
export function House() {
    const { company, companies } = useSession();
    const switching = useSwitch();
    const others = companies.filter(each => each.kind !== 'house');
    return (
        <Message
            center
            title={`${company.name} is our own house`}
            actions={
                <>
                    <Button component="a" href="/backoffice/" size="xs">
                        To the backoffice
                    </Button>
                    {others.slice(0, 3).map(each => (
                        <Button
                            key={each.company_id}
                            size="xs"
                            variant="default"
                            loading={switching.isPending && switching.variables === each.company_id}
                            onClick={() => switching.mutate(each.company_id)}
                        >
                            {each.company_name}
                        </Button>
                    ))}
                </>
            }
        >
            It has people and roles, but nothing of its own is measured. Choose a company to see its
            figures.
        </Message>
    );
}
