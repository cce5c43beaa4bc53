// Mail of the stand-in, as its outbox shows it.

import type { Letter, Mail, MailTemplates } from '../../packages/api/src/types';
import { ago, id, paged } from './lists';
import { Refusal } from './refusal';
import type { Deed } from './deeds';

export class Outbox {
    private mail: Letter[] = [];

    constructor(
        private readonly company: string,
        empty: boolean,
    ) {
        if (!empty) this.fill();
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

    private fill() {
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

    private find(wanted: string): Letter {
        const letter = this.mail.find(({ mail }) => mail.id === wanted);
        if (!letter) throw new Refusal(404, 'no_such_mail', wanted);
        return letter;
    }

    readonly deeds: Record<string, Deed> = {
        list_mail: ({ query }) => [
            200,
            paged(
                this.mail.map(letter => letter.mail),
                query,
                {
                    sorts: {
                        written_at: row => row.written_at,
                        to: row => row.to,
                        state: row => row.state,
                    },
                    sorted: '-written_at',
                    filters: {
                        state: (row, value) => row.state === value,
                        template_name: (row, value) => row.template_name === value,
                        company_id: (row, value) => row.company_id === value,
                    },
                },
            ),
        ],
        find_mail: ({ params }) => [200, this.find(params['mail_id']!)],
        retry_mail: ({ params }) => {
            const { mail } = this.find(params['mail_id']!);
            mail.state = 'waiting';
            return [200, mail];
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
