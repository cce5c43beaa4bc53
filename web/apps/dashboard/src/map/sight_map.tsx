// Where an asset is, and from where its faces are seen.

import { useEffect, useRef } from 'react';
import { useQueries } from '@tanstack/react-query';
import type { Face } from '@mobilytics/api';
import { sightQuery } from '../data/face_queries';
import type { Place } from './place';
import { useFleetMap } from './use_fleet_map';

/** A sector of some hundred metres fills it. */
const kZoom = 15.5;

interface SightMapProps {
    at: Place;
    /** Of a vehicle, where it heads now. */
    heading?: number | undefined;
    faces: Face[];
}

export default function SightMap({ at, heading, faces }: SightMapProps) {
    const box = useRef<HTMLDivElement>(null);
    const { map, failed } = useFleetMap(box, { still: true, view: { ...at, zoom: kZoom } });
    const sights = useQueries({
        queries: faces
            .filter(face => face.heading_deg !== undefined || heading !== undefined)
            .map(face =>
                sightQuery(face.id, {
                    ...at,
                    ...(heading === undefined ? {} : { heading_deg: heading }),
                }),
            ),
        combine: all => all.flatMap(({ data }) => (data ? [data] : [])),
    });
    useEffect(() => map?.setSights(sights), [map, sights]);
    if (failed) return <p className="muted">This browser cannot draw the map.</p>;
    return (
        <div className="sight-map">
            <div ref={box} className="sight-map-box" data-testid="sight-map" aria-hidden />
            <p className="foot-note">
                {sights.length > 0
                    ? 'Shaded: from where each face is seen, as far as it can be read.'
                    : heading === undefined
                      ? 'Say where a face looks, and it is drawn from where it is seen.'
                      : 'No face is there yet.'}
            </p>
        </div>
    );
}
