// Webhooks of the stand-in: endpoints, and what was sent to them.

import type {
    Attempt,
    AttemptOutcome,
    Endpoint,
    EndpointChange,
    EventTypes,
    NewEndpoint,
} from '../../packages/api/src/types';
import { ago, found, id, paged } from './lists';
import { Refusal, invalid } from './refusal';
import type { Deed } from './deeds';

const kEvents: EventTypes = {
    items: [
        {
            name: 'assets.asset_registered.v1',
            description: 'an asset is new',
            example: '{"asset_id":"asset_0190"}',
        },
        {
            name: 'assets.asset_retired.v1',
            description: 'an asset left service',
            example: '{"asset_id":"asset_0190"}',
        },
        {
            name: 'fleet.device_enrolled.v1',
            description: 'a sensor has joined',
            example: '{"device_id":"device_0190"}',
        },
    ],
};

function day(kind: string, at: number, id: string): string {
    return JSON.stringify({ type: kind, timestamp: ago(at), data: { asset_id: id } });
}

const kEndpointSorts = {
    url: (row: Endpoint) => row.url,
    state: (row: Endpoint) => row.state,
    created_at: (row: Endpoint) => row.created_at,
};

export class Webhooks {
    private endpoints: Endpoint[] = [];
    private attempts: Attempt[] = [];

    constructor(
        private readonly company: string,
        private readonly others: string[],
        empty: boolean,
        /** How long a test takes until it has arrived. */
        private readonly pauseMs: number,
    ) {
        if (!empty) this.fill();
    }

    private fill() {
        const first = this.makeEndpoint({
            url: 'https://hooks.lakeshore.example/mobilytics',
            description: 'Booking system',
            event_types: ['*'],
        });
        const second = this.makeEndpoint({
            url: 'https://crm.lakeshore.example/in/7f2',
            description: 'Customer records',
            event_types: ['assets.asset_registered.v1', 'assets.asset_retired.v1'],
        });
        second.failing_since = ago(5 * 3600);
        const gone = this.makeEndpoint({
            url: 'https://old.lakeshore.example/hook',
            event_types: ['fleet.device_enrolled.v1'],
        });
        gone.state = 'disabled_by_receiver';
        gone.state_since = ago(9 * 86_400);
        for (let i = 0; i < 130; ++i) {
            const late = i % 11 === 5;
            this.attempt(first, {
                outcome: late ? 'refused' : 'delivered',
                status: late ? 503 : 200,
                begun: 400 + i * 613,
                ...(late ? { detail: 'Service Unavailable' } : { detail: '{"ok":true}' }),
                number: i % 11 === 4 ? 2 : 1,
            });
        }
        for (let i = 0; i < 7; ++i) {
            this.attempt(second, {
                outcome: i % 3 === 2 ? 'no_answer' : 'refused',
                ...(i % 3 === 2 ? {} : { status: 500 }),
                begun: 600 + i * 2700,
                detail: i % 3 === 2 ? 'no answer within 20 s' : 'Internal Server Error',
                number: 4 - (i % 4),
                ...(i < 3 ? { next: 1800 * (i + 1) } : {}),
            });
        }
        second.waiting = 3;
        second.lag_s = 5 * 3600;
        second.failures_in_row = 7;
        second.held_until = ago(-240);
        this.attempts.sort((a, b) => (a.begun_at < b.begun_at ? 1 : -1));
        const of = this.others[0];
        if (of) {
            this.makeEndpoint({ url: 'https://api.harbor.example/events', event_types: ['*'] }, of);
        }
    }

    private attempt(
        endpoint: Endpoint,
        given: {
            outcome: AttemptOutcome;
            status?: number;
            begun: number;
            detail?: string;
            number: number;
            next?: number;
            type?: string;
            message?: string;
        },
    ): Attempt {
        const type = given.type ?? kEvents.items[this.attempts.length % 3]!.name;
        const made: Attempt = {
            id: id('attempt'),
            endpoint_id: endpoint.id,
            message_id: given.message ?? id('message'),
            event_type: type,
            number: given.number,
            outcome: given.outcome,
            begun_at: ago(given.begun),
            took_ms: given.outcome === 'no_answer' ? 20_000 : 84 + (this.attempts.length % 40) * 7,
            body: day(type, given.begun, id('asset', 12)),
        };
        if (given.status !== undefined) made.status = given.status;
        if (given.detail !== undefined) made.detail = given.detail;
        if (given.next !== undefined) made.next_at = ago(-given.next);
        this.attempts.unshift(made);
        if (given.begun < 86_400) {
            if (given.outcome === 'delivered') ++endpoint.delivered_day;
            else ++endpoint.failed_day;
        }
        return made;
    }

    private makeEndpoint(given: NewEndpoint, company = this.company): Endpoint {
        const made: Endpoint = {
            id: id('endpoint'),
            company_id: company,
            url: given.url,
            ...(given.description ? { description: given.description } : {}),
            event_types: given.event_types,
            state: 'enabled',
            created_at: ago(this.endpoints.length === 0 ? 90 * 86_400 : 60),
            failures_in_row: 0,
            waiting: 0,
            lag_s: 0,
            delivered_day: 0,
            failed_day: 0,
        };
        this.endpoints.push(made);
        return made;
    }

    private own(wanted: string): Endpoint {
        const endpoint = found(this.endpoints, wanted, 'endpoint');
        if (endpoint.company_id !== this.company)
            throw new Refusal(404, 'no_such_endpoint', wanted);
        return endpoint;
    }

    private send(endpoint: Endpoint, type: string, message?: string, number = 1) {
        if (endpoint.state !== 'enabled') {
            throw new Refusal(409, 'endpoint_disabled', 'it is switched off');
        }
        const sent = message ?? id('message');
        const broken = endpoint.url.includes('crm.');
        setTimeout(() => {
            this.attempt(endpoint, {
                type,
                message: sent,
                number,
                begun: 0,
                ...(broken
                    ? { outcome: 'refused', status: 500, detail: 'Internal Server Error', next: 5 }
                    : { outcome: 'delivered', status: 200, detail: '{"ok":true}' }),
            });
        }, this.pauseMs).unref();
        return { message_id: sent };
    }

    private readonly log = (query: URLSearchParams, endpoint: Endpoint, full: boolean) =>
        paged(
            this.attempts
                .filter(each => each.endpoint_id === endpoint.id)
                .map(({ body, ...each }) => (full ? { ...each, body } : each)),
            query,
            {
                sorts: { begun_at: row => row.begun_at },
                sorted: '-begun_at',
                filters: {
                    failed: (row, value) => value !== 'true' || row.outcome !== 'delivered',
                },
            },
        );

    readonly deeds: Record<string, Deed> = {
        list_endpoints: ({ query }) => [
            200,
            paged(
                this.endpoints.filter(each => each.company_id === this.company),
                query,
                { sorts: kEndpointSorts },
            ),
        ],
        create_endpoint: ({ body }) => {
            const given = body as NewEndpoint;
            const host = /^https:\/\/([^/:]+)/.exec(given.url)?.[1];
            invalid({
                url: !host
                    ? 'must begin with https://'
                    : /^(localhost|10\.|127\.|192\.168\.)/.test(host) &&
                      'is not reachable from the Internet',
            });
            const endpoint = this.makeEndpoint(given);
            return [
                201,
                { endpoint, secret: 'whsec_c3ludGhldGljLXNlY3JldC1vZi10aGUtc3RhbmQtaW4=' },
            ];
        },
        find_endpoint: ({ params }) => [200, this.own(params['endpoint_id']!)],
        change_endpoint: ({ params, body }) => {
            const endpoint = this.own(params['endpoint_id']!);
            const { enabled, ...rest } = body as EndpointChange;
            Object.assign(endpoint, rest);
            if (enabled !== undefined) {
                endpoint.state = enabled ? 'enabled' : 'disabled_by_company';
                endpoint.state_since = new Date().toISOString();
            }
            return [200, endpoint];
        },
        delete_endpoint: ({ params }) => {
            const endpoint = this.own(params['endpoint_id']!);
            this.endpoints = this.endpoints.filter(each => each !== endpoint);
            return [204, undefined];
        },
        send_test: ({ params }) => [
            202,
            this.send(this.own(params['endpoint_id']!), 'webhooks.test'),
        ],
        rotate_secret: ({ params }) => {
            const endpoint = this.own(params['endpoint_id']!);
            endpoint.secret_rotated_at = new Date().toISOString();
            return [200, { endpoint, secret: 'whsec_YW5vdGhlci1zeW50aGV0aWMtc2VjcmV0LWhlcmU=' }];
        },
        list_attempts: ({ params, query }) => [
            200,
            this.log(query, this.own(params['endpoint_id']!), true),
        ],
        replay_attempt: ({ params }) => {
            const attempt = found(this.attempts, params['attempt_id']!, 'attempt');
            const endpoint = this.own(attempt.endpoint_id);
            return [
                202,
                this.send(endpoint, attempt.event_type, attempt.message_id, attempt.number + 1),
            ];
        },
        list_event_types: () => [200, kEvents],
        list_all_endpoints: ({ query }) => [
            200,
            paged(this.endpoints, query, {
                sorts: kEndpointSorts,
                filters: {
                    company_id: (row, value) => row.company_id === value,
                    state: (row, value) => row.state === value,
                },
            }),
        ],
        list_attempts_of_all: ({ params, query }) => [
            200,
            this.log(query, found(this.endpoints, params['endpoint_id']!, 'endpoint'), false),
        ],
    };
}
