// People counted by hand, on a phone: in, out, undo. It works without a network and loses nothing
// when it is closed; what was tapped is sent when it can be.

import { useEffect, useState } from 'react';
import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Asset } from '@mobilytics/api';
import { recall, remember } from '@mobilytics/ui';
import { client } from '../data/client';
import { useKeptForOffline, useNow, useScreenAwake } from '../count/offline';
import { elapsedText, lastStanding, occupancyOf } from '../count/tally';
import type { Tally } from '../count/tally';
import { useCounting } from '../count/use_tally';
import type { Counting } from '../count/use_tally';
import '../count/count.css';

type Place = Pick<Asset, 'id' | 'code' | 'name'>;
const kPlaces = 'places-to-count';

const arePlaces = (value: unknown): value is Place[] => Array.isArray(value);

/** What the company has; without a network, as it was last known. */
function usePlaces() {
    const asked = useQuery({
        queryKey: ['count', 'places'],
        queryFn: ({ signal }) => client.assets(signal),
        retry: false,
    });
    useEffect(() => {
        if (!asked.data) return;
        const inService = asked.data.filter(each => each.state === 'in_service');
        remember(
            kPlaces,
            inService.map(({ id, code, name }) => ({ id, code, name })),
        );
    }, [asked.data]);
    const known = asked.data?.filter(each => each.state === 'in_service');
    return { places: known ?? recall(kPlaces, arePlaces) ?? [], asked };
}

const notSent = (waiting: number) => (waiting === 0 ? 'All is sent.' : `${waiting} not sent yet.`);

/** Whether what was tapped has come through, in words. */
function Sent({ counting }: { counting: Counting }) {
    const { waiting, online, outcome, refusal, full } = counting;
    if (full) {
        return (
            <p className="count-told bad" role="alert">
                This phone keeps no more: the last tap was not counted. Connect to the network, so
                that what is there can be sent.
            </p>
        );
    }
    if (refusal) {
        return (
            <p className="count-told bad" role="alert">
                {notSent(waiting)} The server refuses it: {refusal}
            </p>
        );
    }
    if (outcome === 'signed_out') {
        return (
            <p className="count-told bad" role="status">
                {notSent(waiting)} It stays on this phone until you{' '}
                <a href="/sign-in?next=/count">sign in</a>.
            </p>
        );
    }
    const away = !online || outcome === 'later';
    return (
        <p className="count-told" role="status" data-testid="sent">
            {notSent(waiting)}
            {away && ' No network: it stays on this phone and is sent when there is one.'}
        </p>
    );
}

function Begin({ counting }: { counting: Counting }) {
    const { places, asked } = usePlaces();
    const wanted = new URLSearchParams(location.search).get('asset') ?? '';
    const [assetId, setAssetId] = useState(wanted);
    const [counter, setCounter] = useState('');
    const [present, setPresent] = useState<number | string>(0);
    const place = places.find(each => each.id === assetId);
    const open = useQuery({
        queryKey: ['count', 'open', assetId],
        queryFn: ({ signal }) =>
            client.call('list_counts', { query: { asset_id: assetId, state: 'counting' }, signal }),
        enabled: assetId !== '',
        retry: false,
    });
    const joinable = (open.data?.items ?? []).filter(each => each.way === 'taps');
    const begin = (more: Partial<Tally>) =>
        place &&
        counting.begin({
            assetId: place.id,
            assetName: place.name,
            counter: counter.trim() || 'phone',
            begunAt: new Date().toISOString(),
            startOccupancy: Number(present) || 0,
            ...more,
        });
    return (
        <>
            <header>
                <h1>Count people</h1>
                <a href="/calibration">Calibration</a>
            </header>
            {(counting.waiting > 0 || counting.tallies.length > 0) && <Sent counting={counting} />}
            {asked.error && places.length === 0 && (
                <p className="count-told bad" role="alert">
                    The list of assets cannot be had: {asked.error.message}{' '}
                    <a href="/sign-in?next=/count">Sign in</a>, or connect to the network, once
                    before you count without it.
                </p>
            )}
            <NativeSelect
                size="lg"
                label="Where"
                value={assetId}
                onChange={event => setAssetId(event.currentTarget.value)}
                data={[
                    {
                        value: '',
                        label:
                            asked.isPending && places.length === 0 ? 'Loading…' : 'Choose an asset',
                    },
                    ...places.map(each => ({
                        value: each.id,
                        label: `${each.name} (${each.code})`,
                    })),
                ]}
            />
            <TextInput
                size="lg"
                label="Your name or door"
                placeholder="north door"
                maxLength={40}
                value={counter}
                onChange={event => setCounter(event.currentTarget.value)}
            />
            <NumberInput
                size="lg"
                label="People there now"
                min={0}
                max={100000}
                allowDecimal={false}
                value={present}
                onChange={setPresent}
            />
            <Button size="xl" disabled={!place} onClick={() => begin({})}>
                Begin to count
            </Button>
            {joinable.map(each => (
                <Button
                    key={each.id}
                    size="lg"
                    variant="default"
                    onClick={() =>
                        begin({
                            countId: each.id,
                            joined: true,
                            begunAt: each.begun_at,
                            startOccupancy: each.people,
                        })
                    }
                >
                    Join the count that goes on ({each.people} there)
                </Button>
            ))}
        </>
    );
}

function Count({ counting, tally }: { counting: Counting; tally: Tally }) {
    const now = useNow();
    const [ending, setEnding] = useState(false);
    useScreenAwake(true);
    const people = occupancyOf(tally.startOccupancy, counting.taps);
    return (
        <>
            <header>
                <h1>{tally.assetName}</h1>
                <span className="count-small">{tally.counter}</span>
            </header>
            <div className="count-facts">
                <div>
                    <div className="count-small">
                        {tally.joined ? 'There, by this phone' : 'There now'}
                    </div>
                    <div className="count-people" aria-live="polite" data-testid="people">
                        {people}
                    </div>
                </div>
                <div className="count-elapsed" role="timer" aria-label="Time counted">
                    {elapsedText(now - Date.parse(tally.begunAt))}
                </div>
            </div>
            {people < 0 && (
                <p className="count-told" role="status">
                    More went out than were there: somebody was there when you began. Say how many
                    as a correction, on the page of this asset.
                </p>
            )}
            <div className="count-taps">
                <button type="button" onClick={() => counting.tap('in')}>
                    <small aria-hidden>+</small>In
                </button>
                <button type="button" className="count-out" onClick={() => counting.tap('out')}>
                    <small aria-hidden>−</small>Out
                </button>
            </div>
            <Sent counting={counting} />
            <div className="count-row">
                <Button
                    size="lg"
                    variant="default"
                    disabled={!lastStanding(counting.taps)}
                    onClick={counting.undo}
                >
                    Undo
                </Button>
                {ending ? (
                    <Button size="lg" color="red" onClick={counting.end}>
                        {tally.joined ? 'Yes, leave it' : 'Yes, end it'}
                    </Button>
                ) : (
                    <Button size="lg" variant="default" onClick={() => setEnding(true)}>
                        {tally.joined ? 'Leave' : 'End'}
                    </Button>
                )}
            </div>
        </>
    );
}

export function CountPeople() {
    const counting = useCounting();
    const kept = useKeptForOffline();
    return (
        <main id="main" className="count">
            {counting.active ? (
                <Count key={counting.active.clientId} counting={counting} tally={counting.active} />
            ) : (
                <Begin counting={counting} />
            )}
            <p className="count-small" data-testid="kept">
                {kept
                    ? 'This page also opens without a network.'
                    : 'Leave this page open: it is not yet kept for when there is no network.'}
            </p>
        </main>
    );
}
