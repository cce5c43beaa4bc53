// What is kept and how long, requests of people and consents, of the stand-in. Synthetic.

import type {
    Consent,
    DataMapEntry,
    ErasureDone,
    Export,
    NewConsent,
    NewRequest,
    NewRetention,
    Retention,
} from '../../packages/api/src/types';
import type { Deed } from './deeds';
import { ago, id, paged } from './lists';
import { Refusal, invalid } from './refusal';

const kDay = 86_400;

const kMap: DataMapEntry[] = [
    {
        place: 'accounts.person',
        about: 'people',
        data: 'name, e-mail',
        purpose: 'to sign in',
        kept: 'as long as they belong to a company',
        on_erasure: 'erased',
    },
    {
        place: 'accounts.session',
        about: 'people',
        data: 'address, browser',
        purpose: 'to find a session that is not theirs',
        kept: '30 days after it ended',
        on_erasure: 'erased',
    },
    {
        place: 'accounts.contact',
        about: 'contacts',
        data: 'name, e-mail, telephone',
        purpose: 'whom to call',
        kept: 'until it is removed',
        on_erasure: 'erased',
    },
    {
        place: 'audit.entry',
        about: 'people',
        data: 'who did what',
        purpose: 'to find out what happened',
        kept: '7 years',
        on_erasure: 'kept_as_audit',
    },
    {
        place: 'mail.letter',
        about: 'people',
        data: 'e-mail, text',
        purpose: 'to send it again',
        kept: '30 days',
        on_erasure: 'erased',
    },
    {
        place: 'store: visits',
        about: 'passers_by',
        data: 'pseudonym of a day',
        purpose: 'to count devices once',
        kept: '1 day with its key, then only counts',
        on_erasure: 'ends_by_itself',
    },
    {
        place: 'assets.asset',
        about: 'nobody',
        data: '',
        purpose: 'what is measured',
        kept: 'as long as the company',
        on_erasure: 'nothing_personal',
    },
];

const subjectOf = ({ person_id, contact_id }: NewRequest) =>
    person_id ? { person_id } : { contact_id };

export class Privacy {
    private retention: Retention[] = [
        {
            kind: 'visits',
            what: 'Visits, as counts',
            kept_days: 1095,
            least_days: 30,
            most_days: 3650,
            settable: true,
            last_enforced_at: ago(1900),
            last_gone: 0,
            total_gone: 0,
        },
        {
            kind: 'sessions',
            what: 'Sessions that have ended',
            kept_days: 30,
            least_days: 1,
            most_days: 365,
            settable: true,
            last_enforced_at: ago(1900),
            last_gone: 12,
            total_gone: 431,
        },
        {
            kind: 'mail',
            what: 'Mail that was sent',
            kept_days: 30,
            least_days: 1,
            most_days: 365,
            settable: true,
            last_enforced_at: ago(1900),
            last_gone: 3,
            total_gone: 87,
        },
        {
            kind: 'audit',
            what: 'The audit',
            kept_days: 2555,
            least_days: 365,
            most_days: 3650,
            settable: false,
            last_enforced_at: ago(1900),
            last_gone: 0,
            total_gone: 0,
        },
    ];
    private consents: Consent[] = [];
    private exports: Export[] = [];
    private erasures: ErasureDone[] = [];

    constructor(empty: boolean) {
        if (empty) return;
        const some: [string, string, Consent['state'], number][] = [
            [id('person', 11), 'newsletter', 'given', 90],
            ['Rosa Delgado', 'photographs', 'given', 40],
            [id('person', 11), 'newsletter', 'withdrawn', 3],
        ];
        for (const [subject, purpose, state, days] of some) {
            this.consents.unshift({
                id: id('consent'),
                subject,
                purpose,
                version: '2026-03',
                state,
                at: ago(days * kDay),
                how: state === 'given' ? 'By the form on the web site' : 'By mail to the office',
                recorded_at: ago(days * kDay - 60),
            });
        }
    }

    private finish(made: Export) {
        if (made.state !== 'waiting') return;
        Object.assign(made, {
            state: 'ready',
            finished_at: new Date().toISOString(),
            expires_at: ago(-7 * kDay),
            items: 214,
            bytes: 48_211,
            sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        });
    }

    readonly deeds: Record<string, Deed> = {
        data_map: () => [200, { items: kMap }],
        list_retention: () => [200, { items: this.retention }],
        set_retention: ({ body }) => {
            const { kind, kept_days } = body as NewRetention;
            const found = this.retention.find(each => each.kind === kind);
            if (!found?.settable) throw new Refusal(404, 'no_such_kind', kind);
            invalid({
                kept_days:
                    (kept_days < found.least_days || kept_days > found.most_days) &&
                    `is between ${found.least_days} and ${found.most_days}`,
            });
            found.kept_days = kept_days;
            return [200, { items: this.retention }];
        },
        request_export: ({ body }) => {
            const made: Export = {
                id: id('export'),
                state: 'waiting',
                ...subjectOf(body as NewRequest),
                requested_at: new Date().toISOString(),
            };
            this.exports.push(made);
            return [202, { ...made }];
        },
        find_export: ({ params }) => {
            const found = this.exports.find(each => each.id === params['export_id']);
            if (!found) throw new Refusal(404, 'no_such_export', 'it is gone');
            return [200, found];
        },
        list_exports: ({ query }) => {
            const page = paged(this.exports, query, {
                sorts: { requested_at: row => row.requested_at, state: row => row.state },
                sorted: '-requested_at',
            });
            const items = page.items.map(each => ({ ...each }));
            // Looked at twice it is there.
            this.exports.forEach(each => this.finish(each));
            return [200, { ...page, items }];
        },
        request_erasure: ({ body }) => {
            const subject = subjectOf(body as NewRequest);
            const made: ErasureDone = {
                id: id('erasure'),
                ...subject,
                erased_at: new Date().toISOString(),
                from: [
                    { place: 'accounts.person', erased: 1, kept: 0, why_kept: '' },
                    { place: 'accounts.session', erased: 4, kept: 0, why_kept: '' },
                    {
                        place: 'audit.entry',
                        erased: 0,
                        kept: 88,
                        why_kept: 'the audit keeps deeds, without the name',
                    },
                ],
                certificate: `Erased: ${subject.person_id ?? subject.contact_id}`,
                signature: 'c0ffee',
                key_id: 'synthetic',
            };
            this.erasures.push(made);
            return [201, made];
        },
        find_erasure: ({ params }) => {
            const found = this.erasures.find(each => each.id === params['erasure_id']);
            if (!found) throw new Refusal(404, 'no_such_erasure', params['erasure_id']!);
            return [200, found];
        },
        list_consents: ({ query }) => [
            200,
            paged(this.consents, query, {
                filters: { subject: (row, value) => row.subject === value },
            }),
        ],
        record_consent: ({ body }) => {
            const made: Consent = {
                id: id('consent'),
                recorded_at: new Date().toISOString(),
                at: new Date().toISOString(),
                ...(body as NewConsent),
            };
            this.consents.unshift(made);
            return [201, made];
        },
    };
}
