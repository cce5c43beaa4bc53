// What works behind the stand-in's pages: webhooks, jobs, mail.

import type { Deed } from './deeds';
import { kHealth } from './health';
import { Jobs } from './jobs';
import { Outbox } from './mail';
import { Webhooks } from './webhooks';

export class Machinery {
    readonly deeds: Record<string, Deed>;
    private readonly outbox: Outbox;

    constructor(company: string, others: string[], empty: boolean, pauseMs: number) {
        this.outbox = new Outbox(company, empty);
        this.deeds = {
            ...kHealth,
            ...new Webhooks(company, others, empty, pauseMs).deeds,
            ...new Jobs(company, others, empty).deeds,
            ...this.outbox.deeds,
        };
    }

    /** A mail that another part of the stand-in writes. */
    write(to: string, template: string, subject: string, line: string) {
        return this.outbox.write(to, template, subject, line);
    }
}
