// Webhooks, jobs and mail of the stand-in.

import type {
    Attempt,
    AttemptOutcome,
    Endpoint,
    EndpointChange,
    EventTypes,
    Job,
    JobKind,
    JobKinds,
    JobSchedule,
    JobsChosen,
    JobState,
    Letter,
    Mail,
    MailTemplates,
    NewEndpoint,
} from '../../packages/api/src/types';
import { ago, id, paged } from './lists';
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

export class Machinery {
    endpoints: Endpoint[] = [];
    attempts: Attempt[] = [];
    jobs: Job[] = [];
    schedules: JobSchedule[] = [];
    mail: Letter[] = [];
    /** How long a test takes until it has arrived. */
    constructor(
        readonly company: string,
        readonly others: string[],
        empty: boolean,
        readonly pauseMs: number,
    ) {
        this.schedules = [
            {
                name: 'retention',
                kind: 'gdpr.retention',
                cron: '15 3 * * *',
                time_zone: 'UTC',
                next_run_at: ago(-36_000),
                last_run_at: ago(50_400),
                paused: false,
            },
            {
                name: 'audit_seal',
                kind: 'audit.seal',
                cron: '* * * * *',
                time_zone: 'UTC',
                next_run_at: ago(-30),
                last_run_at: ago(30),
                paused: false,
            },
        ];
        if (empty) return;
        this.fillWebhooks();
        this.fillJobs();
        this.fillMail();
    }

    private fillWebhooks() {
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

    private fillJobs() {
        const states: [JobState, string, number][] = [
            ['running', 'webhooks.deliver', 2],
            ['available', 'webhooks.deliver', 14],
            ['retryable', 'webhooks.deliver', 3],
            ['discarded', 'webhooks.deliver', 6],
            ['completed', 'webhooks.deliver', 70],
            ['available', 'mail.send', 1],
            ['discarded', 'mail.send', 1],
            ['completed', 'mail.send', 22],
            ['scheduled', 'gdpr.retention', 1],
            ['completed', 'gdpr.retention', 6],
            ['running', 'gdpr.export_person', 1],
            ['completed', 'audit.seal', 30],
        ];
        let i = 0;
        for (const [state, kind, count] of states) {
            for (let n = 0; n < count; ++n, ++i) {
                const failed = state === 'discarded' || state === 'retryable';
                const company = kind.startsWith('audit')
                    ? undefined
                    : n % 4 === 3
                      ? this.others[0]
                      : this.company;
                const job: Job = {
                    id: id('job'),
                    kind,
                    state,
                    priority: kind === 'mail.send' ? 'high' : 'normal',
                    attempt: failed
                        ? state === 'discarded'
                            ? 10
                            : 3
                        : state === 'completed'
                          ? 1
                          : 0,
                    attempts_max: 10,
                    enqueued_at: ago(40 + i * 97),
                    due_at: ago(
                        state === 'scheduled'
                            ? -36_000
                            : state === 'retryable'
                              ? -420
                              : 30 + i * 97,
                    ),
                    cancel_asked: false,
                    errors: failed
                        ? [9, 10].map(attempt => ({
                              at: ago(30 + i * 90 - attempt),
                              attempt,
                              code: kind === 'mail.send' ? 'smtp_refused' : 'connect_timeout',
                              message:
                                  kind === 'mail.send'
                                      ? '550 5.1.1 no such mailbox'
                                      : 'crm.lakeshore.example did not answer within 20 s',
                          }))
                        : [],
                };
                if (company) job.company_id = company;
                if (state === 'running') {
                    job.started_at = ago(12);
                    job.attempt = 1;
                    if (kind === 'gdpr.export_person') {
                        job.progress_percent = 62;
                        job.progress_note = 'audit: 3 of 5 parts';
                    }
                }
                if (['completed', 'discarded', 'cancelled'].includes(state)) {
                    job.finished_at = ago(20 + i * 97);
                }
                this.jobs.push(job);
            }
        }
        this.jobs.sort((a, b) => (a.enqueued_at < b.enqueued_at ? 1 : -1));
    }

    private letter(
        to: string,
        template: string,
        subject: string,
        line: string,
        ageS: number,
        state: Mail['state'],
    ) {
        const mail: Mail = {
            id: id('mail'),
            company_id: this.company,
            to,
            template_name: template,
            subject,
            state,
            attempts: state === 'kept' ? 0 : state === 'failed' ? 12 : 1,
            written_at: ago(ageS),
            ...(state === 'sent' ? { sent_at: ago(ageS - 2) } : {}),
            ...(state === 'refused' ? { answer: '550 5.1.1 no such mailbox' } : {}),
        };
        const letter: Letter = {
            mail,
            text: `${subject}\n\n${line}\n\nhttps://mobilytics.example/\n`,
            html:
                '<!doctype html><meta charset="utf-8"><body style="font:15px/1.5 system-ui;margin:32px;color:#19191d">' +
                `<h1 style="font-size:20px">${subject}</h1><p>${line}</p>` +
                '<p><a style="display:inline-block;padding:9px 16px;border-radius:6px;background:#2f55e0;color:#fff;text-decoration:none" href="https://mobilytics.example/">Open Mobilytics</a></p></body>',
        };
        this.mail.unshift(letter);
        return letter;
    }

    private fillMail() {
        const invite = 'Ada Okafor invites you to Lakeshore Outdoor on Mobilytics.';
        this.letter(
            'old@lakeshore.example',
            'invitation',
            'Join Lakeshore Outdoor',
            invite,
            86_400 * 3,
            'refused',
        );
        this.letter(
            'marcus@lakeshore.example',
            'password_reset',
            'Choose a new password',
            'Somebody, probably you, has forgotten a password.',
            50_000,
            'sent',
        );
        this.letter(
            'ada@lakeshore.example',
            'webhook_disabled',
            'An endpoint is switched off',
            'old.lakeshore.example answered 410 Gone.',
            9000,
            'sent',
        );
        this.letter(
            'nina@lakeshore.example',
            'invitation',
            'Join Lakeshore Outdoor',
            invite,
            800,
            'kept',
        );
    }

    private kinds(): JobKinds {
        const kinds = new Map<string, JobKind>();
        for (const job of this.jobs) {
            let kind = kinds.get(job.kind);
            if (!kind) {
                kind = {
                    kind: job.kind,
                    available: 0,
                    scheduled: 0,
                    retryable: 0,
                    running: 0,
                    completed: 0,
                    cancelled: 0,
                    discarded: 0,
                    oldest_age_s: 0,
                };
                kinds.set(job.kind, kind);
            }
            ++kind[job.state];
            if (job.state === 'available') {
                const age = Math.round((Date.now() - Date.parse(job.due_at)) / 1000);
                kind.oldest_age_s = Math.max(kind.oldest_age_s, age);
            }
        }
        return { items: [...kinds.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1)) };
    }

    private again(job: Job): Job {
        if (!['discarded', 'cancelled', 'retryable'].includes(job.state)) {
            throw new Refusal(409, 'job_not_over', `a job that is ${job.state} is not tried again`);
        }
        job.state = 'available';
        job.attempt = 0;
        job.due_at = new Date().toISOString();
        delete job.finished_at;
        return job;
    }

    private cancel(job: Job): Job {
        if (job.state === 'running') job.cancel_asked = true;
        else if (['available', 'scheduled', 'retryable'].includes(job.state)) {
            job.state = 'cancelled';
            job.finished_at = new Date().toISOString();
        } else throw new Refusal(409, 'job_is_over', `it is ${job.state} already`);
        return job;
    }

    private chosen(given: JobsChosen): Job[] {
        return this.jobs
            .filter(
                job =>
                    (!given.kind || job.kind === given.kind) &&
                    (!given.state || job.state === given.state) &&
                    (!given.company_id || job.company_id === given.company_id) &&
                    (!given.error_code || job.errors.at(-1)?.code === given.error_code),
            )
            .slice(0, given.most);
    }

    private one<Row extends { id: string }>(rows: Row[], wanted: string, what: string): Row {
        const found = rows.find(row => row.id === wanted);
        if (!found) throw new Refusal(404, `no_such_${what}`, wanted);
        return found;
    }

    private own(wanted: string): Endpoint {
        const found = this.one(this.endpoints, wanted, 'endpoint');
        if (found.company_id !== this.company) throw new Refusal(404, 'no_such_endpoint', wanted);
        return found;
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
            const attempt = this.one(this.attempts, params['attempt_id']!, 'attempt');
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
                filters: {
                    company_id: (row, value) => row.company_id === value,
                    state: (row, value) => row.state === value,
                },
            }),
        ],
        list_attempts_of_all: ({ params, query }) => [
            200,
            this.log(query, this.one(this.endpoints, params['endpoint_id']!, 'endpoint'), false),
        ],
        list_jobs: ({ query }) => {
            const page = paged(this.jobs, query, {
                filters: {
                    kind: (row, value) => row.kind === value,
                    state: (row, value) => row.state === value,
                    company_id: (row, value) => row.company_id === value,
                    error_code: (row, value) => row.errors.at(-1)?.code === value,
                },
            });
            return [
                200,
                {
                    ...page,
                    items: page.items.map(job => ({ ...job, errors: job.errors.slice(-1) })),
                },
            ];
        },
        find_job: ({ params }) => [200, this.one(this.jobs, params['job_id']!, 'job')],
        cancel_job: ({ params }) => [
            200,
            this.cancel(this.one(this.jobs, params['job_id']!, 'job')),
        ],
        retry_job: ({ params }) => [200, this.again(this.one(this.jobs, params['job_id']!, 'job'))],
        redrive_jobs: ({ body }) => {
            const jobs = this.chosen(body as JobsChosen).filter(
                job => job.state === 'discarded' || job.state === 'cancelled',
            );
            jobs.forEach(job => this.again(job));
            return [200, { count: jobs.length }];
        },
        cancel_jobs: ({ body }) => {
            const jobs = this.chosen(body as JobsChosen).filter(job =>
                ['available', 'scheduled', 'retryable', 'running'].includes(job.state),
            );
            jobs.forEach(job => this.cancel(job));
            return [200, { count: jobs.length }];
        },
        list_job_kinds: () => [200, this.kinds()],
        list_job_schedules: () => [200, { items: this.schedules }],
        pause_job_schedule: ({ body }) => {
            const { name, paused } = body as { name: string; paused: boolean };
            const schedule = this.schedules.find(each => each.name === name);
            if (!schedule) throw new Refusal(404, 'no_such_schedule', name);
            schedule.paused = paused;
            return [200, { items: this.schedules }];
        },
        list_mail: ({ query }) => [
            200,
            paged(
                this.mail.map(letter => letter.mail),
                query,
                {
                    filters: {
                        state: (row, value) => row.state === value,
                        template: (row, value) => row.template_name === value,
                        company_id: (row, value) => row.company_id === value,
                    },
                },
            ),
        ],
        find_mail: ({ params }) => {
            const found = this.mail.find(letter => letter.mail.id === params['mail_id']);
            if (!found) throw new Refusal(404, 'no_such_mail', params['mail_id']!);
            return [200, found];
        },
        retry_mail: ({ params }) => {
            const found = this.mail.find(letter => letter.mail.id === params['mail_id']);
            if (!found) throw new Refusal(404, 'no_such_mail', params['mail_id']!);
            found.mail.state = 'waiting';
            return [200, found.mail];
        },
        list_mail_templates: () => {
            const templates: MailTemplates = {
                items: this.mail
                    .filter(
                        (letter, i, all) =>
                            all.findIndex(
                                other => other.mail.template_name === letter.mail.template_name,
                            ) === i,
                    )
                    .map(({ mail, text, html }) => ({
                        name: mail.template_name,
                        subject: mail.subject,
                        text,
                        html,
                    })),
            };
            return [200, templates];
        },
    };

    /** A mail that another part of the stand-in writes. */
    write(to: string, template: string, subject: string, line: string) {
        return this.letter(to, template, subject, line, 0, 'kept');
    }
}
