// Names for ids, and ids for names: what the tables of the backoffice are narrowed by.

import { useQuery } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { Naming, RemoteFilter } from '@mobilytics/ui';

/** How the id ends that stands where there is no company. */
export const kNoCompany = '_00000000000000000000000000000000';
const kMost = 200;
const kFoundMost = 20;
const kStaleMs = 5 * 60_000;

function useFirstCompanies() {
    return useQuery({
        queryKey: ['company_choices'],
        queryFn: ({ signal }) =>
            client.call('staff_list_companies', { query: { limit: kMost, sort: 'name' }, signal }),
        staleTime: kStaleMs,
    });
}

/** A company's name. The first are asked for together; one beyond them, once. */
export function useCompanyName(id: string | undefined): string | undefined {
    const first = useFirstCompanies();
    const known = first.data?.items.find(company => company.id === id)?.name;
    const one = useQuery({
        queryKey: ['company_name', id],
        queryFn: ({ signal }) =>
            client.call('staff_find_company', { params: { company_id: id! }, signal }),
        enabled:
            id !== undefined && !id.endsWith(kNoCompany) && !first.isPending && known === undefined,
        staleTime: 2 * kStaleMs,
        retry: false,
    });
    return known ?? one.data?.name;
}

/** A filter by company: chosen from a list while they are few, else found by a part of its name. */
export function useCompanyFilter(name = 'company_id'): RemoteFilter {
    const { data } = useFirstCompanies();
    const choices = (data?.items ?? []).map(({ id, name: label }) => ({ value: id, label }));
    if (!data?.next_cursor) return { name, label: 'Company', kind: 'choice', choices };
    return {
        name,
        label: 'Company',
        kind: 'found',
        find: async (q, signal) => {
            const query = { q, limit: kFoundMost, sort: 'name' };
            const { items } = await client.call('staff_list_companies', { query, signal });
            return items.map(({ id, name: label }) => ({ value: id, label }));
        },
        naming: id => choices.find(({ value }) => value === id)?.label,
    };
}

/** Of a company's people, or of the first of all. */
export function usePeopleNames(companyId?: string): Naming {
    const { data } = useQuery({
        queryKey: ['people_names', companyId],
        queryFn: ({ signal }) =>
            client.call('staff_list_people', {
                query: { limit: kMost, ...(companyId ? { company_id: companyId } : {}) },
                signal,
            }),
        staleTime: kStaleMs,
    });
    return id => data?.items.find(person => person.id === id)?.name;
}

/** A filter by somebody, found by a part of their name or e-mail. */
export function usePersonFilter(name: string, label: string, companyId?: string): RemoteFilter {
    return {
        name,
        label,
        kind: 'found',
        find: async (q, signal) => {
            const query = {
                q,
                limit: kFoundMost,
                ...(companyId ? { company_id: companyId } : {}),
            };
            const { items } = await client.call('staff_list_people', { query, signal });
            return items.map(({ id, name: called, email }) => ({
                value: id,
                label: `${called}, ${email}`,
            }));
        },
        naming: usePeopleNames(companyId),
    };
}
