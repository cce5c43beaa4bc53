// Companies, people, sessions, keys and what staff see of them, of the stand-in. Synthetic.

import type {
    ApiKey,
    AuditRecord,
    Belonging,
    Child,
    Company,
    CompanyChange,
    Contact,
    Contract,
    Impersonation,
    Invitation,
    InvitationAnswer,
    Member,
    MemberChange,
    NewApiKey,
    NewCompany,
    NewContact,
    NewImpersonation,
    NewInvitation,
    OwnSession,
    PasswordChange,
    Profile,
    Role,
    Session,
    SignIn,
    StaffCompany,
    StaffPerson,
    StaffSession,
} from '../../packages/api/src/types';
import type { Asked, Deed } from './deeds';
import { ago, id, paged } from './lists';
import type { Machinery } from './machinery';
import { Refusal, invalid } from './refusal';

export const kCode = '246810';
export const kRecovery = 'RQ7F-2MXD-9KTC';

interface Account {
    id: string;
    name: string;
    email: string;
    password: string;
    oneTime: boolean;
    totp: boolean;
    recovery: string[];
    added_at: string;
    seen_at?: string;
}

interface Membership {
    person: string;
    company: string;
    role: Role;
    state: 'active' | 'suspended';
    joined_at: string;
}

interface Signed {
    token: string;
    id: string;
    person: string;
    company: string;
    needs: Session['needs'];
    begun_at: string;
    seen_at: string;
    address: string;
    user_agent: string;
    /** The session of staff that sees what a customer sees. */
    impersonation?: string;
    home?: { person: string; company: string };
}

const kBrowsers = [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1 Version/19.1 Safari/604.1',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:148.0) Gecko/20100101 Firefox/148.0',
];

const kHour = 3600;
const kDay = 86_400;
const kTaken = ['password12345', 'correcthorsebattery'];

function passwordRefused(password: string, field: string) {
    if (password.length < 12) {
        throw new Refusal(422, 'password_too_short', 'needs 12 characters', {}, [
            { pointer: `/${field}`, detail: 'needs at least 12 characters' },
        ]);
    }
    if (kTaken.includes(password)) {
        throw new Refusal(422, 'password_common', 'was stolen elsewhere', {}, [
            {
                pointer: `/${field}`,
                detail: 'is among those that were stolen elsewhere: choose another',
            },
        ]);
    }
}

export interface AccountsOptions {
    password: string;
    /** As a fresh installation: one owner with a one-time password, nothing else. */
    fresh: boolean;
    machinery: () => Machinery;
}

export class Accounts {
    readonly house = id('company', 1);
    readonly company = id('company', 2);
    readonly owner = id('person', 1);
    private accounts: Account[] = [];
    private memberships: Membership[] = [];
    private companies: Company[] = [];
    private sessions: Signed[] = [];
    private invitations: (Invitation & { token: string; company: string })[] = [];
    private contacts: (Contact & { company: string })[] = [];
    private keys: (ApiKey & { company: string })[] = [];
    private impersonations: Impersonation[] = [];
    private contracts = new Map<string, Contract>();
    private wrong = 0;
    private serial = 0;
    readonly trail: AuditRecord[] = [];
    /** Tokens of reset links that have been written, for tests. */
    readonly resets = new Map<string, string>();

    constructor(private readonly options: AccountsOptions) {
        this.addCompany(this.house, 'Mobilytics house', 'house', undefined);
        this.addCompany(this.company, 'Lakeshore Outdoor', 'operator', undefined);
        this.addPerson(this.owner, options.fresh ? 'Owner' : 'Ada Okafor', 'owner@localhost', {
            oneTime: options.fresh,
        });
        this.join(this.owner, this.company, 'owner', 420 * kDay);
        this.join(this.owner, this.house, 'superuser', 420 * kDay);
        if (!options.fresh) this.fill();
    }

    private fill() {
        const people: [string, string, Role, number | undefined, boolean][] = [
            ['Marcus Bell', 'marcus@lakeshore.example', 'admin', 2 * kHour, true],
            ['Nina Castellanos', 'nina@lakeshore.example', 'analyst', 26 * kHour, false],
            ['Tomasz Zielinski', 'tomasz@lakeshore.example', 'operator', 300, true],
            ['Priya Raman', 'priya@lakeshore.example', 'viewer', 9 * kDay, false],
            ['Jo Lindqvist', 'jo@lakeshore.example', 'viewer', undefined, false],
        ];
        people.forEach(([name, email, role, seen, totp], i) => {
            const person = id('person', 10 + i);
            this.addPerson(person, name, email, { totp, ...(seen ? { seen } : {}) });
            this.join(person, this.company, role, (300 - 40 * i) * kDay);
        });
        for (let i = 0; i < 64; ++i) {
            const person = id('person', 100 + i);
            this.addPerson(person, `Field crew ${i + 1}`, `crew${i + 1}@lakeshore.example`, {
                seen: (i + 1) * kHour,
            });
            this.join(person, this.company, i % 3 === 0 ? 'operator' : 'viewer', (200 - i) * kDay);
        }
        this.memberships.find(each => each.person === id('person', 14))!.state = 'suspended';
        const harbor = id('company', 3);
        this.addCompany(harbor, 'Harbor Transit Media', 'reseller', this.company);
        const bakery = id('company', 4);
        this.addCompany(bakery, 'Blue Door Bakery', 'advertiser', harbor);
        this.companies.find(each => each.id === bakery)!.state = 'suspended';
        this.addPerson(id('person', 30), 'Sam Whitfield', 'sam@harbor.example', { seen: kHour });
        this.join(id('person', 30), harbor, 'owner', 90 * kDay);
        this.join(this.owner, harbor, 'viewer', 80 * kDay);
        this.addPerson(id('person', 40), 'Ines Duarte', 'ines@mobilytics.example', { totp: true });
        this.join(id('person', 40), this.house, 'support', 200 * kDay);
        this.contracts.set(this.company, {
            company_id: this.company,
            shares: [],
        });
        this.invitations.push(this.makeInvitation('kim@lakeshore.example', 'analyst', 2 * kDay));
        const contacts: [string, string, string, string, string][] = [
            [
                'Rosa Delgado',
                'rosa@city.example',
                '+1 312 555 0143',
                'Permits, City of Chicago',
                'Calls back on Mondays.',
            ],
            [
                'Glenn Ruiz',
                'glenn@garage.example',
                '+1 312 555 0188',
                'Workshop',
                'Keys of the vans.',
            ],
            ['Accounting', 'billing@lakeshore.example', '', 'Invoices', ''],
        ];
        contacts.forEach(([name, email, phone, title, note], i) =>
            this.contacts.push({
                id: id('contact', i + 1),
                company: this.company,
                name,
                email,
                phone,
                title,
                note,
                added_at: ago((90 - i * 20) * kDay),
            }),
        );
        this.keys.push(
            this.makeKey(
                { name: 'Nightly export', role: 'analyst', scopes: ['reports:read'] },
                120,
                600,
            ),
            this.makeKey(
                {
                    name: 'Booking system',
                    role: 'admin',
                    scopes: ['assets:read', 'assets:write', 'reports:read'],
                    networks: ['203.0.113.0/24'],
                    expires_at: ago(-11 * kDay),
                },
                40,
                40,
            ),
            {
                ...this.makeKey(
                    { name: 'Old dashboard', role: 'viewer', scopes: ['*:*'] },
                    300,
                    undefined,
                ),
                revoked_at: ago(20 * kDay),
            },
        );
        this.sessions.push(
            this.makeSession(this.owner, this.company, 1, 5 * kHour),
            this.makeSession(this.owner, this.company, 2, 4 * kDay),
            this.makeSession(id('person', 10), this.company, 0, 2 * kHour),
            this.makeSession(id('person', 12), this.company, 1, 300),
            this.makeSession(id('person', 30), harbor, 2, kHour),
        );
        this.impersonations.push({
            id: id('impersonation', 1),
            company_id: this.company,
            company_name: 'Lakeshore Outdoor',
            person_id: id('person', 10),
            person_name: 'Marcus Bell',
            staff_id: id('person', 40),
            staff_name: 'Ines Duarte',
            reason: 'The exposure report shows nothing for the new billboards',
            ticket: 'SUP-1042',
            may_write: false,
            state: 'ended',
            begun_at: ago(12 * kDay),
            expires_at: ago(12 * kDay - 1800),
            ended_at: ago(12 * kDay - 1300),
        });
        this.fillTrail();
    }

    private fillTrail() {
        const ada = this.owner;
        const marcus = id('person', 10);
        const some: [
            number,
            string,
            string,
            AuditRecord['targets'],
            AuditRecord['changes'],
            Partial<AuditRecord>,
        ][] = [
            [
                240,
                ada,
                'accounts.api_key_added',
                [{ type: 'api_key', id: this.keys[1]!.id, name: 'Booking system' }],
                [
                    { field: 'scopes', after: '["assets:read","assets:write","reports:read"]' },
                    { field: 'networks', after: '["203.0.113.0/24"]' },
                ],
                {},
            ],
            [
                3100,
                marcus,
                'accounts.role_changed',
                [{ type: 'person', id: id('person', 12), name: 'Tomasz Zielinski' }],
                [{ field: 'role', before: '"viewer"', after: '"operator"' }],
                { reason: 'Joins the field crew' },
            ],
            [
                5400,
                id('person', 13),
                'accounts.second_factor_failed',
                [{ type: 'person', id: id('person', 13), name: 'Priya Raman' }],
                [],
                { outcome: 'failure' },
            ],
            [
                9000,
                '',
                'webhooks.endpoint_disabled',
                [{ type: 'endpoint', id: id('endpoint', 3), name: 'old.lakeshore.example' }],
                [{ field: 'state', before: '"enabled"', after: '"disabled_by_receiver"' }],
                { actor: { kind: 'system', id: 'webhooks' } },
            ],
            [
                22_000,
                marcus,
                'assets.asset_retired',
                [{ type: 'asset', id: id('asset', 12), name: 'Logan Square board' }],
                [{ field: 'state', before: '"in_service"', after: '"retired"' }],
                {},
            ],
            [
                40_000,
                id('person', 13),
                'accounts.invite',
                [{ type: 'company', id: this.company, name: 'Lakeshore Outdoor' }],
                [],
                { outcome: 'denied', reason: 'role_not_enough' },
            ],
            [
                12 * kDay,
                marcus,
                'reports.exposure_read',
                [{ type: 'report', id: 'exposure' }],
                [],
                {
                    actor: { kind: 'person', id: marcus, impersonator: id('person', 40) },
                    reason: 'SUP-1042',
                },
            ],
            [
                13 * kDay,
                ada,
                'accounts.company_changed',
                [{ type: 'company', id: this.company, name: 'Lakeshore Outdoor' }],
                [
                    { field: 'brand.accent_color', before: '"#2f55e0"', after: '"#0b7a75"' },
                    { field: 'name', before: '"Lakeshore"', after: '"Lakeshore Outdoor"' },
                ],
                {},
            ],
        ];
        for (const [seconds, actor, action, targets, changes, more] of some) {
            this.trail.push(this.record(seconds, actor, action, targets, changes, more));
        }
        for (let i = 0; i < 140; ++i) {
            this.trail.push(
                this.record(50_000 + i * 3000, i % 3 ? marcus : ada, 'assets.asset_moved', [
                    { type: 'asset', id: id('asset', 20 + (i % 9)), name: `Board ${20 + (i % 9)}` },
                ]),
            );
        }
        this.trail.sort((a, b) => (a.occurred_at < b.occurred_at ? 1 : -1));
        this.trail.forEach((each, i) => (each.position = this.trail.length - i));
    }

    private record(
        seconds: number,
        actor: string,
        action: string,
        targets: AuditRecord['targets'],
        changes: AuditRecord['changes'] = [],
        more: Partial<AuditRecord> = {},
    ): AuditRecord {
        return {
            id: id('audit'),
            company_id: this.company,
            occurred_at: ago(seconds),
            action,
            outcome: 'success',
            actor: { kind: 'person', id: actor },
            targets,
            changes,
            address: '203.0.113.20',
            user_agent: kBrowsers[0]!,
            request_id: '0190c1f2aa00b1c2',
            blacked_out: false,
            ...more,
        };
    }

    private log(
        who: string,
        action: string,
        targets: AuditRecord['targets'],
        changes: AuditRecord['changes'] = [],
        more: Partial<AuditRecord> = {},
    ) {
        this.trail.unshift(this.record(0, who, action, targets, changes, more));
    }

    private addCompany(
        its: string,
        name: string,
        kind: Company['kind'],
        parent: string | undefined,
    ) {
        this.companies.push({
            id: its,
            name,
            kind,
            state: 'active',
            ...(parent ? { parent_id: parent } : {}),
            time_zone: 'America/Chicago',
            currency: 'USD',
            privacy_mode: 'standard',
            synthetic: true,
            impersonation_consent: 'not_needed',
            added_at: ago(400 * kDay),
            brand: {},
        });
    }

    private addPerson(
        its: string,
        name: string,
        email: string,
        { oneTime = false, totp = false, seen = undefined as number | undefined } = {},
    ) {
        this.accounts.push({
            id: its,
            name,
            email,
            password: this.options.password,
            oneTime,
            totp,
            recovery: totp ? [kRecovery] : [],
            added_at: ago(400 * kDay),
            ...(seen ? { seen_at: ago(seen) } : {}),
        });
    }

    private join(person: string, company: string, role: Role, seconds: number) {
        this.memberships.push({ person, company, role, state: 'active', joined_at: ago(seconds) });
    }

    private makeSession(person: string, company: string, browser: number, seen: number): Signed {
        const serial = ++this.serial;
        return {
            token: `synthetic-${serial}-${Math.random().toString(36).slice(2)}`,
            id: id('session', serial),
            person,
            company,
            needs: 'nothing',
            begun_at: ago(seen + 3 * kHour),
            seen_at: ago(seen),
            address: `203.0.113.${20 + serial}`,
            user_agent: kBrowsers[browser]!,
        };
    }

    private makeInvitation(email: string, role: Role, seconds: number) {
        return {
            id: id('invitation'),
            company: this.company,
            email,
            role,
            invited_at: ago(seconds),
            expires_at: ago(seconds - 7 * kDay),
            invited_by: this.owner,
            token: `invite-${++this.serial}`,
        };
    }

    private makeKey(given: NewApiKey, days: number, used: number | undefined) {
        return {
            id: id('api_key'),
            company: this.company,
            name: given.name,
            prefix: `mk_${(++this.serial * 7919).toString(36).padStart(6, 'q')}`,
            role: given.role,
            scopes: given.scopes,
            networks: given.networks ?? [],
            added_at: ago(days * kDay),
            added_by: this.owner,
            ...(given.expires_at ? { expires_at: given.expires_at } : {}),
            ...(used ? { used_at: ago(used) } : {}),
        };
    }

    private account(wanted: string): Account {
        const found = this.accounts.find(each => each.id === wanted);
        if (!found) throw new Refusal(404, 'no_such_person', wanted);
        return found;
    }

    private companyOf(wanted: string): Company {
        const found = this.companies.find(each => each.id === wanted);
        if (!found) throw new Refusal(404, 'no_such_company', wanted);
        return found;
    }

    private membership(person: string, company: string): Membership {
        const found = this.memberships.find(
            each => each.person === person && each.company === company,
        );
        if (!found) throw new Refusal(404, 'no_such_person', person);
        return found;
    }

    private belongings(person: string): Belonging[] {
        return this.memberships
            .filter(each => each.person === person && each.state === 'active')
            .map(({ company, role }) => ({
                company_id: company,
                company_name: this.companyOf(company).name,
                kind: this.companyOf(company).kind,
                role,
            }));
    }

    signed(token: string): Signed | undefined {
        return this.sessions.find(each => each.token === token);
    }

    roleOf(session: Signed): Role {
        return this.membership(session.person, session.company).role;
    }

    private cookie(session: Signed): Record<string, string> {
        session.token = `synthetic-${++this.serial}-${Math.random().toString(36).slice(2)}`;
        return {
            'Set-Cookie': `mobilytics_session=${session.token}; HttpOnly; SameSite=Strict; Path=/`,
        };
    }

    private view(session: Signed): Session {
        const account = this.account(session.person);
        const company = this.companyOf(session.company);
        const acting = this.impersonations.find(each => each.id === session.impersonation);
        return {
            id: session.id,
            user: {
                id: account.id,
                name: account.name,
                email: account.email,
                role: this.roleOf(session),
                has_one_time_password: account.oneTime,
                has_second_factor: account.totp,
            },
            company: {
                id: company.id,
                name: company.name,
                kind: company.kind,
                time_zone: company.time_zone,
                currency: company.currency,
                privacy_mode: company.privacy_mode,
                synthetic: company.synthetic,
                brand: company.brand,
            },
            needs: session.needs,
            companies: acting ? [] : this.belongings(account.id),
            ...(acting
                ? {
                      impersonation: {
                          id: acting.id,
                          staff_id: acting.staff_id,
                          staff_name: acting.staff_name,
                          reason: acting.reason,
                          ticket: acting.ticket,
                          may_write: acting.may_write,
                          state: acting.state,
                          expires_at: acting.expires_at,
                      },
                  }
                : {}),
            expires_at: ago(-30 * kDay),
        };
    }

    private begin(person: string): Signed {
        const first = this.memberships.find(
            each => each.person === person && each.state === 'active',
        );
        const account = this.account(person);
        const session = this.makeSession(person, first!.company, 0, 0);
        session.begun_at = session.seen_at = new Date().toISOString();
        session.needs = account.totp
            ? 'second_factor'
            : account.oneTime
              ? 'new_password'
              : 'nothing';
        this.sessions.push(session);
        account.seen_at = session.seen_at;
        return session;
    }

    private member(membership: Membership): Member {
        const account = this.account(membership.person);
        return {
            id: account.id,
            name: account.name,
            email: account.email,
            role: membership.role,
            state: membership.state,
            joined_at: membership.joined_at,
            has_second_factor: account.totp,
            ...(account.seen_at ? { seen_at: account.seen_at } : {}),
        };
    }

    private profile(account: Account): Profile {
        return {
            id: account.id,
            name: account.name,
            email: account.email,
            has_password: true,
            has_one_time_password: account.oneTime,
            has_totp: account.totp,
            recovery_codes_left: account.recovery.length,
            passkeys: 0,
            added_at: account.added_at,
        };
    }

    private proof(account: Account, password: string) {
        if (password !== account.password) {
            throw new Refusal(401, 'wrong_password', 'this is not the password', {}, [
                { pointer: '/password', detail: 'is not your password' },
            ]);
        }
    }

    private codes(account: Account): string[] {
        account.recovery = Array.from(
            { length: 10 },
            (_, i) =>
                `${'ABCDEFGHJK'[i]}7KQ-${(2000 + i * 613).toString(36).toUpperCase().padStart(4, 'X')}-9MTC`,
        );
        return account.recovery;
    }

    private last(company: string, person: string) {
        const others = this.memberships.some(
            each =>
                each.company === company &&
                each.person !== person &&
                each.role === 'owner' &&
                each.state === 'active',
        );
        if (!others && this.membership(person, company).role === 'owner') {
            throw new Refusal(409, 'last_owner', 'a company has an owner: hand it on first');
        }
    }

    private child(company: Company): Child {
        return {
            id: company.id,
            label: company.name,
            kind: company.kind,
            state: company.state,
            shares: ['profile'],
            added_at: company.added_at,
            profile: {
                id: company.id,
                name: company.name,
                kind: company.kind,
                time_zone: company.time_zone,
                currency: company.currency,
                privacy_mode: company.privacy_mode,
                synthetic: company.synthetic,
            },
        };
    }

    private staffCompany = (company: Company): StaffCompany => ({
        id: company.id,
        name: company.name,
        kind: company.kind,
        state: company.state,
        time_zone: company.time_zone,
        currency: company.currency,
        privacy_mode: company.privacy_mode,
        people: this.memberships.filter(each => each.company === company.id).length,
        added_at: company.added_at,
        ...(company.parent_id
            ? { parent_id: company.parent_id, parent_name: this.companyOf(company.parent_id).name }
            : {}),
    });

    private staffPerson = (account: Account): StaffPerson => ({
        id: account.id,
        name: account.name,
        email: account.email,
        has_second_factor: account.totp,
        added_at: account.added_at,
        ...(account.seen_at ? { seen_at: account.seen_at } : {}),
        companies: this.belongings(account.id),
    });

    private staffSession = (session: Signed): StaffSession => ({
        id: session.id,
        person_id: session.person,
        person_name: this.account(session.person).name,
        company_id: session.company,
        company_name: this.companyOf(session.company).name,
        begun_at: session.begun_at,
        seen_at: session.seen_at,
        expires_at: ago(-30 * kDay),
        address: session.address,
        user_agent: session.user_agent,
    });

    private history(rows: AuditRecord[], query: URLSearchParams) {
        const at = (text: string) => Date.parse(text);
        return paged(rows, query, {
            finds: row => [JSON.stringify(row)],
            filters: {
                company: (row, value) => row.company_id === value,
                actor: (row, value) => row.actor.id === value || row.actor.impersonator === value,
                action: (row, value) => row.action === value || row.action.startsWith(`${value}.`),
                target: (row, value) => row.targets.some(target => target.id === value),
                outcome: (row, value) => row.outcome === value,
                from: (row, value) => at(row.occurred_at) >= at(value),
                to: (row, value) => at(row.occurred_at) < at(value),
            },
        });
    }

    private me({ who }: Asked): Signed {
        const session = this.signed(who.token);
        if (!session) throw new Refusal(401, 'no_session', 'sign in');
        return session;
    }

    /** What one does oneself, whoever one is. */
    private readonly own: Record<string, Deed> = {
        begin_session: ({ body }) => {
            const { email, password } = body as SignIn;
            if (this.wrong >= 5) {
                throw new Refusal(429, 'too_many_attempts', 'Too many attempts.', {
                    'Retry-After': '30',
                });
            }
            const account = this.accounts.find(each => each.email === email.trim().toLowerCase());
            if (!account || password !== account.password) {
                ++this.wrong;
                throw new Refusal(401, 'wrong_password', 'this is not the password');
            }
            this.wrong = 0;
            const session = this.begin(account.id);
            const cookie = this.cookie(session);
            return [201, this.view(session), cookie];
        },
        find_session: asked => [200, this.view(this.me(asked))],
        end_session: ({ who }) => {
            this.sessions = this.sessions.filter(each => each.token !== who.token);
            return [204, undefined];
        },
        show_second_factor: asked => {
            const session = this.me(asked);
            const account = this.account(session.person);
            const { code } = asked.body as { code: string };
            if (code !== kCode && !account.recovery.includes(code)) {
                throw new Refusal(401, 'wrong_code', 'this is not the code');
            }
            account.recovery = account.recovery.filter(each => each !== code);
            session.needs = account.oneTime ? 'new_password' : 'nothing';
            const cookie = this.cookie(session);
            return [200, this.view(session), cookie];
        },
        sign_in_ways: () => [200, { password: true, passkey: false }],
        choose_company: asked => {
            const session = this.me(asked);
            const { company_id } = asked.body as { company_id: string };
            this.membership(session.person, company_id);
            session.company = company_id;
            const cookie = this.cookie(session);
            return [200, this.view(session), cookie];
        },
        change_password: asked => {
            const session = this.me(asked);
            const account = this.account(session.person);
            const { current, next } = asked.body as PasswordChange;
            if (current !== account.password) {
                throw new Refusal(401, 'wrong_password', 'this is not the password');
            }
            passwordRefused(next, 'next');
            account.password = next;
            account.oneTime = false;
            session.needs = 'nothing';
            this.sessions = this.sessions.filter(
                each => each === session || each.person !== session.person,
            );
            const cookie = this.cookie(session);
            this.log(account.id, 'accounts.password_changed', [
                { type: 'person', id: account.id, name: account.name },
            ]);
            return [200, this.view(session), cookie];
        },
        ask_password_reset: ({ body }) => {
            const { email } = body as { email: string };
            const account = this.accounts.find(each => each.email === email.trim().toLowerCase());
            if (account) {
                const token = `reset-${++this.serial}`;
                this.resets.set(token, account.id);
                this.options
                    .machinery()
                    .write(
                        email,
                        'password_reset',
                        'Choose a new password',
                        `/redeem?token=${token}`,
                    );
            }
            return [202, { accepted: true }];
        },
        redeem_password_reset: ({ body }) => {
            const { token, password } = body as { token: string; password: string };
            const person = this.resets.get(token);
            if (!person) throw new Refusal(404, 'no_such_link', 'this link opens nothing any more');
            passwordRefused(password, 'password');
            this.account(person).password = password;
            this.resets.delete(token);
            this.sessions = this.sessions.filter(each => each.person !== person);
            return [204, undefined];
        },
        find_profile: asked => [200, this.profile(this.account(this.me(asked).person))],
        change_profile: asked => {
            const account = this.account(this.me(asked).person);
            const { name } = asked.body as { name?: string };
            if (name !== undefined) {
                invalid({ name: !name.trim() && 'must not be empty' });
                account.name = name.trim();
            }
            return [200, this.profile(account)];
        },
        list_own_sessions: asked => {
            const mine = this.me(asked);
            const items: OwnSession[] = this.sessions
                .filter(each => each.person === mine.person)
                .map(each => ({
                    id: each.id,
                    begun_at: each.begun_at,
                    seen_at: each.seen_at,
                    expires_at: ago(-30 * kDay),
                    address: each.address,
                    user_agent: each.user_agent,
                    company_name: this.companyOf(each.company).name,
                    current: each === mine,
                }))
                .sort((a, b) => (a.seen_at < b.seen_at ? 1 : -1));
            return [200, { items }];
        },
        end_other_sessions: asked => {
            const mine = this.me(asked);
            this.sessions = this.sessions.filter(
                each => each === mine || each.person !== mine.person,
            );
            return [204, undefined];
        },
        end_own_session: asked => {
            const mine = this.me(asked);
            const wanted = asked.params['session_id'];
            const found = this.sessions.find(
                each => each.id === wanted && each.person === mine.person,
            );
            if (!found) throw new Refusal(404, 'no_session', 'it has ended already');
            this.sessions = this.sessions.filter(each => each !== found);
            return [204, undefined];
        },
        begin_totp: asked => {
            const account = this.account(this.me(asked).person);
            this.proof(account, (asked.body as { password: string }).password);
            const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
            return [
                200,
                {
                    secret,
                    uri: `otpauth://totp/Mobilytics:${encodeURIComponent(account.email)}?secret=${secret}&issuer=Mobilytics`,
                },
            ];
        },
        confirm_totp: asked => {
            const account = this.account(this.me(asked).person);
            if ((asked.body as { code: string }).code !== kCode) {
                throw new Refusal(401, 'wrong_code', 'this is not the code');
            }
            account.totp = true;
            this.log(account.id, 'accounts.second_factor_added', [
                { type: 'person', id: account.id, name: account.name },
            ]);
            return [200, { codes: this.codes(account) }];
        },
        remove_totp: asked => {
            const account = this.account(this.me(asked).person);
            this.proof(account, (asked.body as { password: string }).password);
            account.totp = false;
            account.recovery = [];
            return [204, undefined];
        },
        renew_recovery_codes: asked => {
            const account = this.account(this.me(asked).person);
            if ((asked.body as { code: string }).code !== kCode) {
                throw new Refusal(401, 'wrong_code', 'this is not the code');
            }
            return [200, { codes: this.codes(account) }];
        },
        end_impersonation: asked => {
            const session = this.me(asked);
            const running = this.impersonations.find(each => each.id === session.impersonation);
            if (!running || !session.home)
                throw new Refusal(409, 'not_impersonating', 'you are yourself');
            running.state = 'ended';
            running.ended_at = new Date().toISOString();
            Object.assign(session, session.home);
            delete session.impersonation;
            delete session.home;
            const cookie = this.cookie(session);
            return [200, this.view(session), cookie];
        },
        look_at_invitation: ({ body }) => {
            const invitation = this.open((body as { token: string }).token);
            return [
                200,
                {
                    email: invitation.email,
                    company_name: this.companyOf(invitation.company).name,
                    role: invitation.role,
                    needs_password: !this.accounts.some(each => each.email === invitation.email),
                },
            ];
        },
        accept_invitation: ({ body }) => {
            const { token, name, password } = body as InvitationAnswer;
            const invitation = this.open(token);
            let account = this.accounts.find(each => each.email === invitation.email);
            if (!account) {
                invalid({ name: !name?.trim() && 'must not be empty' });
                passwordRefused(password ?? '', 'password');
                const person = id('person');
                this.addPerson(person, name!.trim(), invitation.email);
                account = this.account(person);
                account.password = password!;
            }
            this.join(account.id, invitation.company, invitation.role, 0);
            this.invitations = this.invitations.filter(each => each !== invitation);
            this.log(account.id, 'accounts.joined', [
                { type: 'person', id: account.id, name: account.name },
            ]);
            return [200, { accepted: true }];
        },
        leave: asked => {
            const session = this.me(asked);
            this.last(session.company, session.person);
            this.memberships = this.memberships.filter(
                each => each.person !== session.person || each.company !== session.company,
            );
            this.sessions = this.sessions.filter(each => each !== session);
            return [204, undefined];
        },
    };

    private open(token: string) {
        const found = this.invitations.find(each => each.token === token);
        if (!found) throw new Refusal(404, 'no_such_invitation', 'this invitation is over');
        return found;
    }

    /** Tokens of open invitations, for tests: the mail has them. */
    tokenFor(email: string): string | undefined {
        return this.invitations.find(each => each.email === email)?.token;
    }

    /** What is done with a company by its people. */
    private readonly ofCompany: Record<string, Deed> = {
        find_company: asked => [200, this.companyOf(this.me(asked).company)],
        change_company: asked => {
            const company = this.companyOf(this.me(asked).company);
            const { brand, ...rest } = asked.body as CompanyChange;
            const colours = [brand?.primary_color, brand?.accent_color];
            invalid({
                name: rest.name !== undefined && !rest.name.trim() && 'must not be empty',
                currency:
                    rest.currency !== undefined &&
                    !/^[A-Z]{3}$/.test(rest.currency) &&
                    'is no currency of ISO 4217',
                brand:
                    colours.some(colour => colour && !/^#[0-9a-f]{6}$/i.test(colour)) &&
                    'a colour is written #2f55e0',
            });
            const changes = Object.entries(rest).map(([field, after]) => ({
                field,
                before: JSON.stringify(company[field as keyof Company] ?? null),
                after: JSON.stringify(after),
            }));
            Object.assign(company, rest);
            if (brand) {
                company.brand = { ...company.brand, ...brand };
                for (const [name, value] of Object.entries(company.brand)) {
                    if (value === '') delete company.brand[name as keyof typeof company.brand];
                }
            }
            this.log(
                this.me(asked).person,
                'accounts.company_changed',
                [{ type: 'company', id: company.id, name: company.name }],
                changes,
            );
            return [200, company];
        },
        transfer_ownership: asked => {
            const session = this.me(asked);
            const { person_id } = asked.body as { person_id: string };
            this.membership(person_id, session.company).role = 'owner';
            this.membership(session.person, session.company).role = 'admin';
            return [204, undefined];
        },
        find_contract: asked => [
            200,
            this.contracts.get(this.me(asked).company) ?? {
                company_id: this.me(asked).company,
                shares: [],
            },
        ],
        change_contract: asked => {
            const company = this.me(asked).company;
            const contract = {
                ...(this.contracts.get(company) ?? { company_id: company }),
                shares: (asked.body as Contract).shares,
            };
            this.contracts.set(company, contract);
            return [200, contract];
        },
        list_companies: asked => [
            200,
            paged(
                this.companies
                    .filter(each => each.parent_id === this.me(asked).company)
                    .map(each => this.child(each)),
                asked.query,
                { finds: row => [row.label] },
            ),
        ],
        add_company: asked => {
            const given = asked.body as NewCompany;
            invalid({
                owner_email: !given.owner_email.includes('@') && 'is no e-mail address',
                name: !given.name.trim() && 'must not be empty',
            });
            const its = id('company');
            this.addCompany(its, given.name, given.kind, this.me(asked).company);
            const company = this.companyOf(its);
            company.time_zone = given.time_zone;
            company.added_at = new Date().toISOString();
            return [201, this.child(company)];
        },
        find_child: ({ params }) => [200, this.child(this.companyOf(params['company_id']!))],
        list_people: asked => [
            200,
            paged(
                this.memberships
                    .filter(each => each.company === this.me(asked).company)
                    .map(each => this.member(each)),
                asked.query,
                {
                    finds: row => [row.name, row.email],
                    sorts: {
                        name: row => row.name,
                        email: row => row.email,
                        role: row => row.role,
                        joined_at: row => row.joined_at,
                    },
                    filters: {
                        role: (row, value) => row.role === value,
                        state: (row, value) => row.state === value,
                    },
                },
            ),
        ],
        find_member: asked => [
            200,
            this.member(this.membership(asked.params['person_id']!, this.me(asked).company)),
        ],
        change_member: asked => {
            const { company, person } = this.me(asked);
            const membership = this.membership(asked.params['person_id']!, company);
            const change = asked.body as MemberChange;
            const mine = this.membership(person, company).role;
            if (mine !== 'owner' && (change.role === 'owner' || membership.role === 'owner')) {
                throw new Refusal(403, 'role_not_enough', 'only an owner may do this to an owner');
            }
            if (membership.role === 'owner') this.last(company, membership.person);
            const before = { role: membership.role, state: membership.state };
            Object.assign(membership, change);
            const target = this.account(membership.person);
            this.log(
                person,
                change.role ? 'accounts.role_changed' : 'accounts.member_state_changed',
                [{ type: 'person', id: target.id, name: target.name }],
                Object.entries(change).map(([field, after]) => ({
                    field,
                    before: JSON.stringify(before[field as keyof typeof before]),
                    after: JSON.stringify(after),
                })),
            );
            return [200, this.member(membership)];
        },
        remove_member: asked => {
            const { company } = this.me(asked);
            const person = asked.params['person_id']!;
            this.last(company, person);
            this.memberships = this.memberships.filter(
                each => each.person !== person || each.company !== company,
            );
            return [204, undefined];
        },
        end_sessions_of: asked => {
            const mine = this.me(asked);
            this.sessions = this.sessions.filter(
                each => each === mine || each.person !== asked.params['person_id'],
            );
            return [204, undefined];
        },
        list_invitations: asked => [
            200,
            paged(
                this.invitations
                    .filter(each => each.company === this.me(asked).company)
                    .map(({ token: _, company: __, ...rest }) => rest),
                asked.query,
                {
                    sorts: {
                        email: row => row.email,
                        invited_at: row => row.invited_at,
                        expires_at: row => row.expires_at,
                    },
                },
            ),
        ],
        invite: asked => {
            const { email, role } = asked.body as NewInvitation;
            invalid({ email: !/^\S+@\S+$/.test(email) && 'is no e-mail address' });
            const company = this.me(asked).company;
            const known = this.accounts.find(each => each.email === email);
            if (
                known &&
                this.memberships.some(each => each.person === known.id && each.company === company)
            ) {
                throw new Refusal(409, 'already_member', 'they belong to the company already');
            }
            const made = this.makeInvitation(email, role, 0);
            this.invitations.push(made);
            this.options
                .machinery()
                .write(
                    email,
                    'invitation',
                    `Join ${this.companyOf(company).name}`,
                    `/accept?token=${made.token}`,
                );
            const { token: _, company: __, ...rest } = made;
            return [201, rest];
        },
        withdraw_invitation: ({ params }) => {
            this.invitations = this.invitations.filter(each => each.id !== params['invitation_id']);
            return [204, undefined];
        },
        list_contacts: asked => [
            200,
            paged(
                this.contacts
                    .filter(each => each.company === this.me(asked).company)
                    .map(({ company: _, ...contact }) => contact),
                asked.query,
                {
                    finds: row => [row.name, row.email],
                    sorts: {
                        name: row => row.name,
                        email: row => row.email,
                        added_at: row => row.added_at,
                    },
                },
            ),
        ],
        add_contact: asked => {
            const given = asked.body as NewContact;
            invalid({
                name: !given.name.trim() && 'must not be empty',
                email: given.email && !given.email.includes('@') && 'is no e-mail address',
            });
            const made: Contact = {
                id: id('contact'),
                name: given.name,
                email: given.email ?? '',
                phone: given.phone ?? '',
                title: given.title ?? '',
                note: given.note ?? '',
                added_at: new Date().toISOString(),
            };
            this.contacts.push({ ...made, company: this.me(asked).company });
            return [201, made];
        },
        change_contact: ({ params, body }) => {
            const contact = this.contacts.find(each => each.id === params['contact_id']);
            if (!contact) throw new Refusal(404, 'no_such_contact', params['contact_id']!);
            Object.assign(contact, body);
            const { company: _, ...rest } = contact;
            return [200, rest];
        },
        remove_contact: ({ params }) => {
            this.contacts = this.contacts.filter(each => each.id !== params['contact_id']);
            return [204, undefined];
        },
        list_api_keys: asked => [
            200,
            paged(
                this.keys
                    .filter(each => each.company === this.me(asked).company)
                    .map(({ company: _, ...key }) => key),
                asked.query,
                {
                    sorts: {
                        name: row => row.name,
                        added_at: row => row.added_at,
                        expires_at: row => row.expires_at,
                        used_at: row => row.used_at,
                    },
                },
            ),
        ],
        add_api_key: asked => {
            const given = asked.body as NewApiKey;
            invalid({
                name: !given.name.trim() && 'must not be empty',
                networks:
                    given.networks?.some(each => !/^[0-9a-f.:]+(\/\d{1,3})?$/i.test(each)) &&
                    'an address, or a network as 203.0.113.0/24',
                expires_at:
                    given.expires_at &&
                    Date.parse(given.expires_at) < Date.now() &&
                    'is in the past',
            });
            const key = this.makeKey(given, 0, undefined);
            this.keys.unshift(key);
            const { company: _, ...shown } = key;
            this.log(this.me(asked).person, 'accounts.api_key_added', [
                { type: 'api_key', id: key.id, name: key.name },
            ]);
            return [201, { key: shown, secret: `${key.prefix}_synthetic0secret0of0the0stand0in` }];
        },
        revoke_api_key: ({ params }) => {
            const key = this.keys.find(each => each.id === params['api_key_id']);
            if (!key) throw new Refusal(404, 'no_such_api_key', params['api_key_id']!);
            key.revoked_at = new Date().toISOString();
            return [204, undefined];
        },
        rotate_api_key: ({ params, body }) => {
            const key = this.keys.find(each => each.id === params['api_key_id']);
            if (!key) throw new Refusal(404, 'no_such_api_key', params['api_key_id']!);
            const { overlap_hours } = body as { overlap_hours: number };
            key.previous_until = ago(-overlap_hours * kHour);
            const { company: _, ...shown } = key;
            return [200, { key: shown, secret: `${key.prefix}_another0synthetic0secret` }];
        },
        list_impersonations: asked => [
            200,
            paged(
                this.impersonations.filter(each => each.company_id === this.me(asked).company),
                asked.query,
            ),
        ],
        answer_impersonation: asked => {
            const found = this.impersonations.find(
                each => each.id === asked.params['impersonation_id'],
            );
            if (!found) throw new Refusal(404, 'no_such_impersonation', 'it is over');
            found.state = (asked.body as { allowed: boolean }).allowed ? 'running' : 'ended';
            return [200, found];
        },
        list_audit: asked => [
            200,
            this.history(
                this.trail.filter(each => each.company_id === this.me(asked).company),
                asked.query,
            ),
        ],
    };

    /** What our staff do across companies. */
    private readonly ofStaff: Record<string, Deed> = {
        staff_list_companies: ({ query }) => [
            200,
            paged(this.companies.map(this.staffCompany), query, {
                finds: row => [row.name],
                sorts: {
                    name: row => row.name,
                    kind: row => row.kind,
                    state: row => row.state,
                    added_at: row => row.added_at,
                },
                filters: {
                    kind: (row, value) => row.kind === value,
                    state: (row, value) => row.state === value,
                },
            }),
        ],
        staff_find_company: ({ params }) => [
            200,
            this.staffCompany(this.companyOf(params['company_id']!)),
        ],
        staff_change_company: asked => {
            const company = this.companyOf(asked.params['company_id']!);
            const { state, reason, ticket } = asked.body as {
                state: Company['state'];
                reason: string;
                ticket: string;
            };
            invalid({
                reason: reason.length < 10 && 'needs at least 10 characters',
                ticket: !ticket && 'must not be empty',
            });
            const before = company.state;
            company.state = state;
            this.log(
                asked.who.person,
                'accounts.company_state_changed',
                [{ type: 'company', id: company.id, name: company.name }],
                [{ field: 'state', before: JSON.stringify(before), after: JSON.stringify(state) }],
                { reason: `${reason} (${ticket})`, company_id: company.id },
            );
            return [200, this.staffCompany(company)];
        },
        staff_list_people: ({ query }) => [
            200,
            paged(this.accounts.map(this.staffPerson), query, {
                finds: row => [row.name, row.email],
                sorts: {
                    name: row => row.name,
                    email: row => row.email,
                    added_at: row => row.added_at,
                },
                filters: {
                    company_id: (row, value) =>
                        this.memberships.some(
                            each => each.person === row.id && each.company === value,
                        ),
                },
            }),
        ],
        staff_reset_password: ({ params }) => {
            this.account(params['person_id']!);
            return [202, { accepted: true }];
        },
        staff_list_sessions: ({ query }) => [
            200,
            paged(this.sessions.map(this.staffSession), query, {
                sorts: { begun_at: row => row.begun_at, seen_at: row => row.seen_at },
                sorted: '-seen_at',
                filters: {
                    person_id: (row, value) => row.person_id === value,
                    company_id: (row, value) => row.company_id === value,
                },
            }),
        ],
        staff_end_session: ({ params }) => {
            this.sessions = this.sessions.filter(each => each.id !== params['session_id']);
            return [204, undefined];
        },
        staff_list_contacts: ({ query }) => [
            200,
            paged(
                this.contacts.map(({ company, note: _, ...contact }) => ({
                    ...contact,
                    company_id: company,
                    company_name: this.companyOf(company).name,
                })),
                query,
                {
                    finds: row => [row.name, row.email],
                    sorts: {
                        name: row => row.name,
                        email: row => row.email,
                        added_at: row => row.added_at,
                    },
                    filters: { company_id: (row, value) => row.company_id === value },
                },
            ),
        ],
        staff_list_impersonations: ({ query }) => [
            200,
            paged(this.impersonations, query, {
                sorts: { begun_at: row => row.begun_at },
                sorted: '-begun_at',
                filters: { company_id: (row, value) => row.company_id === value },
            }),
        ],
        begin_impersonation: asked => {
            const session = this.me(asked);
            const given = asked.body as NewImpersonation;
            invalid({
                reason: given.reason.length < 10 && 'needs at least 10 characters',
                ticket: !given.ticket && 'must not be empty',
                minutes: (given.minutes < 1 || given.minutes > 60) && 'is between 1 and 60',
            });
            if (given.code !== kCode) throw new Refusal(401, 'wrong_code', 'this is not the code');
            this.membership(given.person_id, given.company_id);
            const made: Impersonation = {
                id: id('impersonation'),
                company_id: given.company_id,
                company_name: this.companyOf(given.company_id).name,
                person_id: given.person_id,
                person_name: this.account(given.person_id).name,
                staff_id: session.person,
                staff_name: this.account(session.person).name,
                reason: given.reason,
                ticket: given.ticket,
                may_write: false,
                state: 'running',
                begun_at: new Date().toISOString(),
                expires_at: ago(-given.minutes * 60),
            };
            this.impersonations.unshift(made);
            session.home = { person: session.person, company: session.company };
            session.person = given.person_id;
            session.company = given.company_id;
            session.impersonation = made.id;
            const cookie = this.cookie(session);
            return [201, this.view(session), cookie];
        },
        grant_impersonation_write: asked => {
            const found = this.impersonations.find(
                each => each.id === asked.params['impersonation_id'],
            );
            if (!found) throw new Refusal(404, 'no_such_impersonation', 'it is over');
            if (found.staff_id === asked.who.person) {
                throw new Refusal(403, 'not_ones_own', 'somebody else has to grant it');
            }
            found.may_write = true;
            return [200, found];
        },
        staff_end_impersonation: ({ params }) => {
            const found = this.impersonations.find(each => each.id === params['impersonation_id']);
            if (!found) throw new Refusal(404, 'no_such_impersonation', 'it is over');
            found.state = 'ended';
            found.ended_at = new Date().toISOString();
            return [204, undefined];
        },
        list_backoffice_audit: ({ query }) => [200, this.history(this.trail, query)],
    };

    get deeds(): Record<string, Deed> {
        return { ...this.own, ...this.ofCompany, ...this.ofStaff };
    }
}
