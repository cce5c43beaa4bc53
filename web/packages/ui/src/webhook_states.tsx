// Words for what the contract tells of endpoints and attempts.

import type { Attempt, AttemptOutcome, Endpoint, EndpointState } from '@mobilytics/api';
import { ago, count } from './format';
import { Tag } from './tag';
import type { TagKind } from './tag';

export const kEndpointStates: Record<
    EndpointState,
    { kind: TagKind; word: string; means: string }
> = {
    enabled: { kind: 'good', word: 'On', means: 'Messages are sent as things happen.' },
    disabled_by_company: {
        kind: 'idle',
        word: 'Off',
        means: 'Somebody of this company has switched it off.',
    },
    disabled_by_failures: {
        kind: 'bad',
        word: 'Off: nothing got through',
        means: 'Nothing got through for 5 days. What waits is sent once it is on again.',
    },
    disabled_by_receiver: {
        kind: 'bad',
        word: 'Off: it said 410',
        means: 'The receiver answered 410 Gone, which means: send nothing more.',
    },
};

const kOutcomes: Record<AttemptOutcome, string> = {
    delivered: 'Delivered',
    refused: 'Refused',
    redirected: 'Redirected, not followed',
    too_many: 'Asked to slow down',
    gone: 'Gone',
    no_answer: 'No answer',
    not_trusted: 'Certificate not trusted',
    address_refused: 'Address not allowed',
    too_large: 'Too large',
};

export function EndpointTag({ endpoint }: { endpoint: Endpoint }) {
    const state = kEndpointStates[endpoint.state];
    if (endpoint.state === 'enabled' && endpoint.failing_since) {
        const since = ago(Date.now() - Date.parse(endpoint.failing_since)).replace(' ago', '');
        return <Tag kind="warn">Failing for {since}</Tag>;
    }
    return <Tag kind={state.kind}>{state.word}</Tag>;
}

/** When it is tried again; none, once that has been. */
export function nextTry({ next_at }: Attempt): string | undefined {
    return next_at && Date.parse(next_at) > Date.now() ? next_at : undefined;
}

export function OutcomeTag({ attempt }: { attempt: Attempt }) {
    const kind: TagKind =
        attempt.outcome === 'delivered' ? 'good' : nextTry(attempt) ? 'waiting' : 'bad';
    return (
        <Tag kind={kind}>
            {kOutcomes[attempt.outcome]}
            {attempt.status !== undefined && ` (${attempt.status})`}
        </Tag>
    );
}

export function waitingText(endpoint: Endpoint): string {
    if (endpoint.waiting === 0) return 'none';
    return `${count(endpoint.waiting)}, the oldest ${ago(endpoint.lag_s * 1000).replace(' ago', '')}`;
}

export function eventsText(types: string[]): string {
    if (types.includes('*')) return 'All events';
    return types.length === 1 ? types[0]! : `${types.length} kinds of events`;
}
