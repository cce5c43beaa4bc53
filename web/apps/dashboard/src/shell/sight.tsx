// While one sees a company below one's own, by the contract between them.

import { Button } from '@mantine/core';
import { Navigate } from '@tanstack/react-router';
import { Message, SightBanner, seenWords, useSession } from '@mobilytics/ui';
import { pagesOf } from './pages';
import { useSwitch } from './who';

/** Above every page: whom one sees, as what, and the way back. */
export function Seen() {
    const { sight, company, companies } = useSession();
    const switching = useSwitch();
    if (!sight) return null;
    const own = companies.find(each => each.company_id === sight.company_id);
    return (
        <SightBanner
            whom={company.name}
            as={own?.kind === 'reseller' ? 'its reseller' : 'the company above it'}
            shares={seenWords(sight.shares)}
            home={sight.company}
            back={() => switching.mutate(sight.company_id)}
            pending={switching.isPending}
        />
    );
}

/** A page of what the company does not share: the first that it does share, or nothing at all. */
export function NotShared({ path }: { path: string }) {
    const session = useSession();
    const switching = useSwitch();
    const { company, sight } = session;
    const first = pagesOf(session).find(page => page.to !== '/settings');
    if (path === '/' && first) return <Navigate to={first.to as never} replace />;
    return (
        <Message
            center
            title={`${company.name} does not share this`}
            actions={
                sight && (
                    <Button
                        size="xs"
                        variant="default"
                        loading={switching.isPending}
                        onClick={() => switching.mutate(sight.company_id)}
                    >
                        Back to {sight.company}
                    </Button>
                )
            }
        >
            {first
                ? 'The pages of the menu are what it shares.'
                : 'It shares nothing with you at present. An owner of theirs decides that.'}
        </Message>
    );
}
