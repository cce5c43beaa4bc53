// The company of the stand-in, its people and what they have done. Synthetic.

import type { Role } from '../../../packages/api/src/types';
import { ago, id } from '../lists';
import { kDay, kHour } from './book';
import type { Book } from './book';
import { makeInvitation } from './joining';
import { makeKey } from './keys';
import { fillTrail } from './trail';

export function fill(book: Book) {
    const people: [string, string, Role, number | undefined, boolean][] = [
        ['Marcus Bell', 'marcus@lakeshore.example', 'admin', 2 * kHour, true],
        ['Nina Castellanos', 'nina@lakeshore.example', 'analyst', 26 * kHour, false],
        ['Tomasz Zielinski', 'tomasz@lakeshore.example', 'operator', 300, true],
        ['Priya Raman', 'priya@lakeshore.example', 'viewer', 9 * kDay, false],
        ['Jo Lindqvist', 'jo@lakeshore.example', 'viewer', undefined, false],
    ];
    people.forEach(([name, email, role, seen, totp], i) => {
        const person = id('person', 10 + i);
        book.addPerson(person, name, email, { totp, ...(seen ? { seen } : {}) });
        book.join(person, book.company, role, (300 - 40 * i) * kDay);
    });
    for (let i = 0; i < 64; ++i) {
        const person = id('person', 100 + i);
        book.addPerson(person, `Field crew ${i + 1}`, `crew${i + 1}@lakeshore.example`, {
            seen: (i + 1) * kHour,
        });
        book.join(person, book.company, i % 3 === 0 ? 'operator' : 'viewer', (200 - i) * kDay);
    }
    book.memberships.find(each => each.person === id('person', 14))!.state = 'suspended';
    const harbor = id('company', 3);
    book.addCompany(harbor, 'Harbor Transit Media', 'reseller', book.company);
    const bakery = id('company', 4);
    book.addCompany(bakery, 'Blue Door Bakery', 'advertiser', harbor);
    book.companies.find(each => each.id === bakery)!.state = 'suspended';
    const north = id('company', 5);
    book.addCompany(north, 'Northside Transit Ads', 'operator', book.company);
    book.join(id('person', 30), north, 'owner', 70 * kDay);
    book.contracts.set(north, {
        company_id: north,
        parent_id: book.company,
        parent_name: 'Lakeshore Outdoor',
        shares: ['profile', 'people', 'assets'],
    });
    book.contracts.set(harbor, {
        company_id: harbor,
        parent_id: book.company,
        parent_name: 'Lakeshore Outdoor',
        shares: ['profile'],
    });
    book.addPerson(id('person', 30), 'Sam Whitfield', 'sam@harbor.example', { seen: kHour });
    book.join(id('person', 30), harbor, 'owner', 90 * kDay);
    book.join(book.owner, harbor, 'viewer', 80 * kDay);
    book.addPerson(id('person', 40), 'Ines Duarte', 'ines@mobilytics.example', { totp: true });
    book.join(id('person', 40), book.house, 'support', 200 * kDay);
    book.contracts.set(book.company, {
        company_id: book.company,
        shares: [],
    });
    book.invitations.push(makeInvitation(book, 'kim@lakeshore.example', 'analyst', 2 * kDay));
    book.passkeys.push({
        id: id('passkey', 1),
        person: id('person', 10),
        credential: 'c3ludGhldGlj',
        name: 'Laptop',
        added_at: ago(60 * kDay),
        used_at: ago(kDay),
        backed_up: true,
    });
    const contacts: [string, string, string, string, string][] = [
        [
            'Rosa Delgado',
            'rosa@city.example',
            '+1 312 555 0143',
            'Permits, City of Chicago',
            'Calls back on Mondays.',
        ],
        ['Glenn Ruiz', 'glenn@garage.example', '+1 312 555 0188', 'Workshop', 'Keys of the vans.'],
        ['Accounting', 'billing@lakeshore.example', '', 'Invoices', ''],
    ];
    contacts.forEach(([name, email, phone, title, note], i) =>
        book.contacts.push({
            id: id('contact', i + 1),
            company: book.company,
            name,
            email,
            phone,
            title,
            note,
            added_at: ago((90 - i * 20) * kDay),
        }),
    );
    book.keys.push(
        makeKey(
            book,
            { name: 'Nightly export', role: 'analyst', scopes: ['reports:read'] },
            120,
            600,
        ),
        makeKey(
            book,
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
            ...makeKey(
                book,
                { name: 'Old dashboard', role: 'viewer', scopes: ['*:*'] },
                300,
                undefined,
            ),
            revoked_at: ago(20 * kDay),
        },
    );
    book.sessions.push(
        book.makeSession(book.owner, book.company, 1, 5 * kHour),
        book.makeSession(book.owner, book.company, 2, 4 * kDay),
        book.makeSession(id('person', 10), book.company, 0, 2 * kHour),
        book.makeSession(id('person', 12), book.company, 1, 300),
        book.makeSession(id('person', 30), harbor, 2, kHour),
    );
    book.impersonations.push({
        id: id('impersonation', 1),
        company_id: book.company,
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
    fillTrail(book);
}
