// What the company above may see of this one, in plain words.

import { Checkbox } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { Share } from '@mobilytics/api';
import { Panel, useMay } from '@mobilytics/ui';

const kShares: Record<Share, { word: string; means: string }> = {
    profile: {
        word: 'Name and settings',
        means: 'What you are called, your kind, time zone and currency, in their list of companies.',
    },
    people: { word: 'People', means: 'Names, e-mails and roles of whoever belongs to you.' },
    assets: {
        word: 'Assets and sensors',
        means: 'Which you have, where they stand and which sensor is on them.',
    },
    reports: {
        word: 'Figures and the live map',
        means: 'Visits, reach and every other figure, and where your vehicles are now.',
    },
};

export function Above() {
    const queries = useQueryClient();
    const mayChange = useMay('change_contract');
    const found = useQuery({
        queryKey: ['contract'],
        queryFn: ({ signal }) => client.call('find_contract', { signal }),
    });
    const changing = useMutation({
        mutationFn: (shares: Share[]) => client.call('change_contract', { body: { shares } }),
        onSuccess: reply => queries.setQueryData(['contract'], reply),
        onError: error => notifications.show({ color: 'red', message: error.message }),
    });
    const contract = found.data;
    if (!contract?.parent_id) return null;
    const shares = changing.isPending ? changing.variables : contract.shares;
    return (
        <Panel
            title={`What ${contract.parent_name ?? 'the company above'} may see`}
            about="It brought you here. It sees nothing of yours but what is ticked"
        >
            <div className="choices spaced">
                {(Object.keys(kShares) as Share[]).map(share => (
                    <Checkbox
                        key={share}
                        size="xs"
                        label={kShares[share].word}
                        description={kShares[share].means}
                        checked={shares.includes(share)}
                        disabled={!mayChange || changing.isPending}
                        onChange={event =>
                            changing.mutate(
                                event.currentTarget.checked
                                    ? [...shares, share]
                                    : shares.filter(each => each !== share),
                            )
                        }
                    />
                ))}
            </div>
            <p className="hint">
                They look, and change nothing. That they did is in your audit. What you take away
                ends at once.{!mayChange && ' Only an owner changes it.'}
            </p>
        </Panel>
    );
}
