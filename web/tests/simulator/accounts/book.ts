// Who there is in the stand-in, for which company, and signed in where. Synthetic.

import type {
    ApiKey,
    AuditRecord,
    Belonging,
    Company,
    Contact,
    Contract,
    Impersonation,
    Invitation,
    Passkey,
    Role,
    Session,
    Share,
} from '../../../packages/api/src/types';
import type { Asked } from '../deeds';
import { ago, id } from '../lists';
import { Refusal } from '../refusal';

export const kCode = '246810';
export const kRecovery = 'RQ7F-2MXD-9KTC';

export interface Account {
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

export interface Membership {
    person: string;
    company: string;
    role: Role;
    state: 'active' | 'suspended';
    joined_at: string;
}

export interface Signed {
    token: string;
    id: string;
    person: string;
    company: string;
    needs: Session['needs'];
    begun_at: string;
    seen_at: string;
    address: string;
    user_agent: string;
    /** One's own company, while one sees one below it by their contract. */
    sight?: string;
    /** The session of staff that sees what a customer sees. */
    impersonation?: string;
    home?: { person: string; company: string };
}

export const kBrowsers = [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1 Version/19.1 Safari/604.1',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:148.0) Gecko/20100101 Firefox/148.0',
];

export const kHour = 3600;
export const kDay = 86_400;

export interface BookOptions {
    password: string;
    write: (to: string, template: string, subject: string, line: string) => void;
}

/** What all deeds look up, and write into. */
export class Book {
    readonly house = id('company', 1);
    readonly company = id('company', 2);
    readonly owner = id('person', 1);
    accounts: Account[] = [];
    memberships: Membership[] = [];
    companies: Company[] = [];
    sessions: Signed[] = [];
    invitations: (Invitation & { token: string; company: string })[] = [];
    contacts: (Contact & { company: string })[] = [];
    keys: (ApiKey & { company: string })[] = [];
    impersonations: Impersonation[] = [];
    passkeys: (Passkey & { person: string; credential: string })[] = [];
    contracts = new Map<string, Contract>();
    /** Sign-ins with a wrong password, one after another. */
    wrong = 0;
    serial = 0;
    readonly trail: AuditRecord[] = [];
    /** Tokens of reset links that have been written, for tests. */
    readonly resets = new Map<string, string>();
    /** E-mails that wait to be confirmed, by the token of their link. */
    readonly emails = new Map<string, { person: string; email: string }>();
    /** Logos by company, as they were sent. */
    readonly logos = new Map<string, { type: string; bytes: Buffer }>();
    readonly password: string;
    readonly write: BookOptions['write'];

    constructor({ password, write }: BookOptions) {
        this.password = password;
        this.write = write;
    }

    record(
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

    log(
        who: string,
        action: string,
        targets: AuditRecord['targets'],
        changes: AuditRecord['changes'] = [],
        more: Partial<AuditRecord> = {},
    ) {
        this.trail.unshift(this.record(0, who, action, targets, changes, more));
    }

    addCompany(its: string, name: string, kind: Company['kind'], parent: string | undefined) {
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
            second_factor: 'optional',
            added_at: ago(400 * kDay),
            brand: {},
        });
    }

    addPerson(
        its: string,
        name: string,
        email: string,
        { oneTime = false, totp = false, seen = undefined as number | undefined } = {},
    ) {
        this.accounts.push({
            id: its,
            name,
            email,
            password: this.password,
            oneTime,
            totp,
            recovery: totp ? [kRecovery] : [],
            added_at: ago(400 * kDay),
            ...(seen ? { seen_at: ago(seen) } : {}),
        });
    }

    join(person: string, company: string, role: Role, seconds: number) {
        this.memberships.push({ person, company, role, state: 'active', joined_at: ago(seconds) });
    }

    makeSession(person: string, company: string, browser: number, seen: number): Signed {
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

    account(wanted: string): Account {
        const found = this.accounts.find(each => each.id === wanted);
        if (!found) throw new Refusal(404, 'no_such_person', wanted);
        return found;
    }

    companyOf(wanted: string): Company {
        const found = this.companies.find(each => each.id === wanted);
        if (!found) throw new Refusal(404, 'no_such_company', wanted);
        return found;
    }

    /** What the company above it may see of this one. */
    sharesOf(company: string): Share[] {
        return this.contracts.get(company)?.shares ?? [];
    }

    factorsOf(account: Account): ('totp' | 'passkey')[] {
        const has = this.passkeys.some(each => each.person === account.id);
        return [...(account.totp ? ['totp' as const] : []), ...(has ? ['passkey' as const] : [])];
    }

    /** What a session lacks yet, in the order of asking. */
    lacks(session: Signed, shown: boolean): Session['needs'] {
        const account = this.account(session.person);
        const factors = this.factorsOf(account);
        if (factors.length > 0 && !shown) return 'second_factor';
        if (account.oneTime) return 'new_password';
        const demands = this.companyOf(session.company).second_factor === 'required';
        return demands && factors.length === 0 ? 'enrol_second_factor' : 'nothing';
    }

    membership(person: string, company: string): Membership {
        const found = this.memberships.find(
            each => each.person === person && each.company === company,
        );
        if (!found) throw new Refusal(404, 'no_such_person', person);
        return found;
    }

    belongings(person: string): Belonging[] {
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
        if (session.sight) return 'viewer';
        return this.membership(session.person, session.company).role;
    }

    cookie(session: Signed): Record<string, string> {
        session.token = `synthetic-${++this.serial}-${Math.random().toString(36).slice(2)}`;
        return {
            'Set-Cookie': `mobilytics_session=${session.token}; HttpOnly; SameSite=Strict; Path=/`,
        };
    }

    view(session: Signed): Session {
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
                has_second_factor: this.factorsOf(account).length > 0,
            },
            company: {
                id: company.id,
                name: company.name,
                kind: company.kind,
                time_zone: company.time_zone,
                currency: company.currency,
                privacy_mode: company.privacy_mode,
                synthetic: company.synthetic,
                ...(session.sight ? {} : { brand: company.brand }),
            },
            needs: session.needs,
            second_factors: this.factorsOf(account),
            ...(session.sight
                ? {
                      sight: {
                          company_id: session.sight,
                          company: this.companyOf(session.sight).name,
                          shares: this.sharesOf(session.company),
                      },
                  }
                : {}),
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

    begin(person: string): Signed {
        const first = this.memberships.find(
            each => each.person === person && each.state === 'active',
        );
        const account = this.account(person);
        const session = this.makeSession(person, first!.company, 0, 0);
        session.begun_at = session.seen_at = new Date().toISOString();
        session.needs = this.lacks(session, false);
        this.sessions.push(session);
        account.seen_at = session.seen_at;
        return session;
    }

    me({ who }: Asked): Signed {
        const session = this.signed(who.token);
        if (!session) throw new Refusal(401, 'no_session', 'sign in');
        return session;
    }
}
