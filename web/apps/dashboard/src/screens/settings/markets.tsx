// Populations that rating points are of.

import { useRef, useState } from 'react';
import { Button, Modal, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Market } from '@mobilytics/api';
import {
    ConfirmDialog,
    Form,
    Lines,
    Message,
    Panel,
    RowMenu,
    Trouble,
    count,
    percent,
    useForm,
    useMay,
} from '@mobilytics/ui';
import { client } from '../../data/client';
import { marketsQuery } from '../../data/face_queries';
import { numberOf } from '../../figures/faces';

function MarketForm({ market, close }: { market?: Market; close: () => void }) {
    const queries = useQueryClient();
    const repeatable = useRef(client.repeatable());
    const form = useForm({
        initial: {
            name: market?.name ?? '',
            population: market ? String(market.population) : '',
            source: market?.source ?? '',
            year: market ? String(market.year) : '',
            target_name: market?.target_name ?? '',
            target_population: market?.target_population ? String(market.target_population) : '',
            target_share:
                market?.target_share === undefined ? '' : String(market.target_share * 100),
        },
        check: text => ({
            ...(text.name.trim() ? {} : { name: 'Which market is it?' }),
            ...(numberOf(text.population) ? {} : { population: 'How many persons?' }),
            ...(text.source.trim() ? {} : { source: 'Who counted them?' }),
            ...(numberOf(text.year) ? {} : { year: 'Of which year?' }),
        }),
        send: text => {
            const people = numberOf(text.target_population);
            const share = numberOf(text.target_share);
            const body = {
                name: text.name.trim(),
                population: numberOf(text.population)!,
                source: text.source.trim(),
                year: numberOf(text.year)!,
                ...(text.target_name.trim() ? { target_name: text.target_name.trim() } : {}),
                ...(people === undefined ? {} : { target_population: people }),
                ...(share === undefined ? {} : { target_share: share / 100 }),
            };
            return market
                ? client.call('change_market', { params: { market_id: market.id }, body })
                : repeatable.current('add_market', { body });
        },
        done: () => {
            void queries.invalidateQueries({ queryKey: ['markets'] });
            close();
        },
        places: { market_name_taken: 'name' },
    });
    return (
        <Modal opened onClose={close} title={market ? market.name : 'Add a market'}>
            <Form form={form} submit={market ? 'Save' : 'Add'} label="Market">
                <div className="two">
                    <TextInput {...form.text('name')} label="Name" maxLength={100} data-autofocus />
                    <TextInput
                        {...form.text('population')}
                        label="Population"
                        inputMode="numeric"
                        maxLength={12}
                    />
                </div>
                <div className="two">
                    <TextInput {...form.text('source')} label="Source" maxLength={300} />
                    <TextInput
                        {...form.text('year')}
                        label="Year"
                        inputMode="numeric"
                        maxLength={4}
                    />
                </div>
                <p className="hint">
                    A target group, for TRP: sensors do not know who somebody is, so the share of
                    impressions in it comes from elsewhere.
                </p>
                <TextInput {...form.text('target_name')} label="Target group" maxLength={100} />
                <div className="two">
                    <TextInput
                        {...form.text('target_population')}
                        label="Persons in it"
                        inputMode="numeric"
                        maxLength={12}
                    />
                    <TextInput
                        {...form.text('target_share')}
                        label="Share of impressions"
                        inputMode="decimal"
                        rightSection="%"
                        maxLength={8}
                    />
                </div>
            </Form>
        </Modal>
    );
}

export function Markets() {
    const queries = useQueryClient();
    const markets = useQuery(marketsQuery);
    const mayChange = useMay('add_market');
    const [editing, setEditing] = useState<Market | 'new'>();
    const [removing, setRemoving] = useState<Market>();
    const add = mayChange && (
        <Button size="xs" onClick={() => setEditing('new')}>
            Add a market
        </Button>
    );
    return (
        <div className="page narrow">
            <p className="page-about">
                Reach is never more than a market’s population, and rating points are percent of it.
            </p>
            <Panel title="Markets" actions={markets.data && markets.data.length > 0 && add}>
                {markets.error && !markets.data ? (
                    <Trouble
                        error={markets.error}
                        what="The markets"
                        retry={() => void markets.refetch()}
                    />
                ) : !markets.data ? (
                    <Lines count={4} height={22} />
                ) : markets.data.length === 0 ? (
                    <Message center title="No market yet" actions={add}>
                        Give a population, with who counted it and when.
                    </Message>
                ) : (
                    <ul className="face-list">
                        {markets.data.map(market => (
                            <li key={market.id}>
                                <div className="face-words">
                                    <strong>{market.name}</strong>
                                    <span className="muted">
                                        {count(market.population)} persons · {market.source},{' '}
                                        {market.year}
                                    </span>
                                    {market.target_name && (
                                        <span className="muted">
                                            Target: {market.target_name},{' '}
                                            {count(market.target_population!)} persons,{' '}
                                            {percent(market.target_share!)} % of impressions
                                        </span>
                                    )}
                                </div>
                                {mayChange && (
                                    <RowMenu
                                        of={market.name}
                                        deeds={[
                                            { label: 'Change…', run: () => setEditing(market) },
                                            {
                                                label: 'Remove…',
                                                run: () => setRemoving(market),
                                                danger: true,
                                            },
                                        ]}
                                    />
                                )}
                            </li>
                        ))}
                    </ul>
                )}
            </Panel>
            {editing && (
                <MarketForm
                    {...(editing === 'new' ? {} : { market: editing })}
                    close={() => setEditing(undefined)}
                />
            )}
            {removing && (
                <ConfirmDialog
                    title={`Remove ${removing.name}?`}
                    means={['Reports can no longer be asked of it. Figures stay as they are.']}
                    confirm="Remove"
                    run={() =>
                        client
                            .call('remove_market', { params: { market_id: removing.id } })
                            .then(() => queries.invalidateQueries({ queryKey: ['markets'] }))
                    }
                    done="The market is removed."
                    close={() => setRemoving(undefined)}
                />
            )}
        </div>
    );
}
