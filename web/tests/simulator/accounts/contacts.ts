// People without a login.

import type { Contact, NewContact } from '../../../packages/api/src/types';
import type { Deed } from '../deeds';
import { id, paged } from '../lists';
import { Refusal, invalid } from '../refusal';
import type { Book } from './book';

/** Contacts of a company. */
export const contacts = (book: Book): Record<string, Deed> => ({
    list_contacts: asked => [
        200,
        paged(
            book.contacts
                .filter(each => each.company === book.me(asked).company)
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
        book.contacts.push({ ...made, company: book.me(asked).company });
        return [201, made];
    },
    change_contact: ({ params, body }) => {
        const contact = book.contacts.find(each => each.id === params['contact_id']);
        if (!contact) throw new Refusal(404, 'no_such_contact', params['contact_id']!);
        Object.assign(contact, body);
        const { company: _, ...rest } = contact;
        return [200, rest];
    },
    remove_contact: ({ params }) => {
        book.contacts = book.contacts.filter(each => each.id !== params['contact_id']);
        return [204, undefined];
    },
});
