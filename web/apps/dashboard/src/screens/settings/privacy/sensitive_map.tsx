// Where sensitive places are: hatched, and nothing else.

import { useEffect, useRef } from 'react';
import '../../../regions.css';
import { Message } from '@mobilytics/ui';
import { boxOfShapes } from '../../../map/choropleth';
import type { RegionShapes } from '../../../map/choropleth';
import { Controls } from '../../../map/controls';
import { useRegionMap } from '../../../map/use_region_map';

export default function SensitiveMap({ shapes }: { shapes: RegionShapes }) {
    const box = useRef<HTMLDivElement>(null);
    const { map, failed } = useRegionMap(box, {});
    useEffect(() => {
        map?.setSensitive(shapes);
        map?.fit(
            boxOfShapes(shapes, () => true),
            false,
        );
    }, [map, shapes]);
    return (
        <div className="regions-map sensitive-map">
            <div ref={box} className="regions-map-box" data-testid="sensitive-map" />
            {failed ? (
                <div className="map-failed">
                    <Message center title="This browser cannot draw the map">
                        It needs WebGL. The list has all of them.
                    </Message>
                </div>
            ) : (
                <Controls
                    zoomBy={step => map?.zoomBy(step)}
                    fit={() => map?.fit(boxOfShapes(shapes, () => true))}
                    all="All sensitive places into view"
                />
            )}
        </div>
    );
}
