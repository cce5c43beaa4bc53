// Signed in for a customer's company: the way to our own house, if one belongs to it.

import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { client } from '@mobilytics/api';
import { Message, kRoles, sentence, sessionQuery, useSession } from '@mobilytics/ui';

export function NotHouse() {
    const { company, companies, impersonation } = useSession();
    const queries = useQueryClient();
    const router = useRouter();
    const house = companies.find(each => each.kind === 'house');
    const switching = useMutation({
        mutationFn: (company_id: string) => client.call('choose_company', { body: { company_id } }),
        onSuccess: async session => {
            queries.clear();
            queries.setQueryData(sessionQuery.queryKey, session);
            await router.invalidate();
        },
    });
    return (
        <Message
            center
            title={impersonation ? 'You see as somebody else' : 'This is for our staff'}
            actions={
                <>
                    {house && (
                        <Button
                            size="xs"
                            loading={switching.isPending}
                            onClick={() => switching.mutate(house.company_id)}
                        >
                            Go on as {kRoles[house.role].word.toLowerCase()} of {house.company_name}
                        </Button>
                    )}
                    <Button component="a" href="/" size="xs" variant="default">
                        To the dashboard
                    </Button>
                </>
            }
        >
            {impersonation
                ? 'The backoffice is shut meanwhile. End it in the dashboard first.'
                : `You are signed in for ${company.name}, where nothing of the backoffice is yours.`}
            {switching.error && ` ${sentence(switching.error.message)}`}
        </Message>
    );
}
