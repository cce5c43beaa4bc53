// The queue of the stand-in: jobs, schedules, and another try for what failed.

import type {
    Job,
    JobKind,
    JobKinds,
    JobSchedule,
    JobsChosen,
    JobState,
} from '../../packages/api/src/types';
import { ago, found, id, paged } from './lists';
import { Refusal } from './refusal';
import type { Deed } from './deeds';

export class Jobs {
    private jobs: Job[] = [];
    private schedules: JobSchedule[] = [
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

    constructor(
        private readonly company: string,
        private readonly others: string[],
        empty: boolean,
    ) {
        if (!empty) this.fill();
    }

    private fill() {
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

    readonly deeds: Record<string, Deed> = {
        list_jobs: ({ query }) => {
            const page = paged(this.jobs, query, {
                sorts: {
                    enqueued_at: row => row.enqueued_at,
                    due_at: row => row.due_at,
                    kind: row => row.kind,
                    state: row => row.state,
                },
                sorted: '-enqueued_at',
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
        find_job: ({ params }) => [200, found(this.jobs, params['job_id']!, 'job')],
        cancel_job: ({ params }) => [200, this.cancel(found(this.jobs, params['job_id']!, 'job'))],
        retry_job: ({ params }) => [200, this.again(found(this.jobs, params['job_id']!, 'job'))],
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
    };
}
