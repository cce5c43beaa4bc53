// Sensitive places: the list, and their borders for maps.

import { queryOptions } from '@tanstack/react-query';
import { pathOf, problemOf } from '@mobilytics/api';
import type { SensitiveKind } from '@mobilytics/api';
import type { RegionShapes } from '../map/choropleth';
import { client } from './client';

export const kSensitive = 'sensitive_places';

export const kSensitiveKinds: { value: SensitiveKind; label: string }[] = [
    { value: 'hospital', label: 'Hospital' },
    { value: 'clinic', label: 'Clinic or practice' },
    { value: 'worship', label: 'Place of worship' },
    { value: 'shelter', label: 'Shelter' },
    { value: 'school', label: 'School' },
    { value: 'childcare', label: 'Childcare' },
    { value: 'court', label: 'Court' },
    { value: 'prison', label: 'Prison' },
    { value: 'union_office', label: 'Union office' },
    { value: 'ethnic_association', label: 'Association of an origin' },
    { value: 'military', label: 'Military' },
    { value: 'other', label: 'Other' },
];
export const kindText = (kind: SensitiveKind) =>
    kSensitiveKinds.find(({ value }) => value === kind)?.label ?? kind;

export const sensitivePlacesQuery = queryOptions({
    queryKey: [kSensitive],
    queryFn: ({ signal }) => client.all('list_sensitive_places', signal),
    staleTime: 30_000,
});

export const sensitiveShapesQuery = queryOptions({
    queryKey: [kSensitive, 'geometry'],
    queryFn: async ({ signal }): Promise<RegionShapes> => {
        const path = pathOf('sensitive_geometry', {});
        const reply = await fetch(path, { credentials: 'same-origin', signal });
        if (!reply.ok) throw await problemOf(reply);
        return (await reply.json()) as RegionShapes;
    },
    staleTime: 30_000,
});
