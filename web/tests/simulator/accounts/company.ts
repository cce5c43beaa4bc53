// The company itself, those above and below it, and who of our staff looked in.

import type {
    Child,
    Company,
    CompanyChange,
    Contract,
    NewCompany,
} from '../../../packages/api/src/types';
import type { Deed } from '../deeds';
import { id, paged } from '../lists';
import { Refusal, invalid } from '../refusal';
import type { Book } from './book';
import { history } from './trail';

const kLogoBytesMax = 512 * 1024;
const kLogoTypes = ['image/png', 'image/jpeg', 'image/webp'];

function child(book: Book, company: Company): Child {
    return {
        id: company.id,
        label: company.name,
        kind: company.kind,
        state: company.state,
        shares: book.sharesOf(company.id),
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

/** What is done with a company by its people. */
export const company = (book: Book): Record<string, Deed> => ({
    find_company: asked => [200, book.companyOf(book.me(asked).company)],
    change_company: asked => {
        const company = book.companyOf(book.me(asked).company);
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
        const mine = book.account(book.me(asked).person);
        if (rest.second_factor === 'required' && book.factorsOf(mine).length === 0) {
            throw new Refusal(409, 'second_factor_first', 'set up one of your own first');
        }
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
        book.log(
            book.me(asked).person,
            'accounts.company_changed',
            [{ type: 'company', id: company.id, name: company.name }],
            changes,
        );
        return [200, company];
    },
    put_logo: asked => {
        const company = book.companyOf(book.me(asked).company);
        const { type, bytes } = asked.body as { type: string; bytes: Buffer };
        if (bytes.length > kLogoBytesMax) {
            throw new Refusal(413, 'body_too_large', 'a logo has 512 KiB at most');
        }
        if (!kLogoTypes.includes(type)) {
            throw new Refusal(415, 'bad_media_type', 'a logo is a PNG, a JPEG or a WebP');
        }
        if (bytes.length < 12) throw new Refusal(422, 'bad_image', 'this is no image');
        book.logos.set(company.id, { type, bytes });
        const logo = `/api/v1/company/logo?version=${++book.serial}`;
        company.brand = { ...company.brand, logo };
        return [200, { logo }];
    },
    remove_logo: asked => {
        const company = book.companyOf(book.me(asked).company);
        book.logos.delete(company.id);
        delete company.brand.logo;
        return [204, undefined];
    },
    find_contract: asked => [
        200,
        book.contracts.get(book.me(asked).company) ?? {
            company_id: book.me(asked).company,
            shares: [],
        },
    ],
    change_contract: asked => {
        const company = book.me(asked).company;
        const contract = {
            ...(book.contracts.get(company) ?? { company_id: company }),
            shares: (asked.body as Contract).shares,
        };
        book.contracts.set(company, contract);
        return [200, contract];
    },
    list_companies: asked => [
        200,
        paged(
            book.companies
                .filter(each => each.parent_id === book.me(asked).company)
                .map(each => child(book, each)),
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
        book.addCompany(its, given.name, given.kind, book.me(asked).company);
        const company = book.companyOf(its);
        company.time_zone = given.time_zone;
        company.added_at = new Date().toISOString();
        return [201, child(book, company)];
    },
    find_child: ({ params }) => [200, child(book, book.companyOf(params['company_id']!))],
    list_impersonations: asked => [
        200,
        paged(
            book.impersonations.filter(each => each.company_id === book.me(asked).company),
            asked.query,
        ),
    ],
    answer_impersonation: asked => {
        const found = book.impersonations.find(
            each => each.id === asked.params['impersonation_id'],
        );
        if (!found) throw new Refusal(404, 'no_such_impersonation', 'it is over');
        found.state = (asked.body as { allowed: boolean }).allowed ? 'running' : 'ended';
        return [200, found];
    },
    list_audit: asked => [
        200,
        history(
            book.trail.filter(each => each.company_id === book.me(asked).company),
            asked.query,
        ),
    ],
});
