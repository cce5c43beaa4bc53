// Names for ids, as far as one page of them goes: beyond it the id stands.

import { useQuery } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { Naming, RemoteFilter } from '@mobilytics/ui';

const kMost = 200;
const kStaleMs = 5 * 60_000;

/** A filter by company: chosen by its name while they are few, else by its id. */
export function useCompanyFilter(name = 'company_id'): RemoteFilter {
    const { data } = useQuery({
        queryKey: ['company_choices'],
        queryFn: ({ signal }) =>
            client.call('staff_list_companies', { query: { limit: kMost, sort: 'name' }, signal }),
        staleTime: kStaleMs,
    });
    if (!data || data.next_cursor) return { name, label: 'Company id', kind: 'text' };
    return {
        name,
        label: 'Company',
        kind: 'choice',
        choices: data.items.map(({ id, name: label }) => ({ value: id, label })),
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
