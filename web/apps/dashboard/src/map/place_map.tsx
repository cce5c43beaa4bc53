// Where a new asset stands is picked here: by click, tap, drag, or by moving the map below its
// middle.

import { useEffect, useId, useRef } from 'react';
import { Button, Input } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Message } from '@mobilytics/ui';
import { Controls } from './controls';
import type { Place } from './place';
import { useFleetMap } from './use_fleet_map';

interface PlaceMapProps {
    at: Place | undefined;
    onPick: (at: Place) => void;
}

/** How near to look at a place that is known already. */
const kZoom = 15;

export default function PlaceMap({ at, onPick }: PlaceMapProps) {
    const label = useId();
    const box = useRef<HTMLDivElement>(null);
    const picked = useRef<Place>(undefined);
    const pick = (to: Place) => {
        picked.current = to;
        onPick(to);
    };
    const { map, failed } = useFleetMap(box, {
        onPick: pick,
        ...(at ? { view: { ...at, zoom: kZoom } } : {}),
    });
    const [settled] = useDebouncedValue(at, 400);

    useEffect(() => map?.setPin(at), [map, at]);
    useEffect(() => {
        // What was picked was in view, and the map may have been moved on since.
        const { latitude, longitude } = picked.current ?? {};
        if (!settled || (settled.latitude === latitude && settled.longitude === longitude)) return;
        map?.reveal(settled);
    }, [map, settled]);

    return (
        <div className="place" role="group" aria-labelledby={label}>
            <Input.Label labelElement="div" id={label}>
                Position
            </Input.Label>
            <div className="place-map">
                <div ref={box} className="place-map-box" data-testid="place-map" />
                {failed ? (
                    <div className="map-failed">
                        <Message center title="This browser cannot draw the map">
                            It needs WebGL. Type the position instead.
                        </Message>
                    </div>
                ) : (
                    <>
                        <i className="place-middle" aria-hidden />
                        <Controls zoomBy={step => map?.zoomBy(step)} fit={() => map?.fit()} />
                    </>
                )}
            </div>
            {!failed && (
                <div className="place-way">
                    <p aria-live="polite">
                        {at ? (
                            <>
                                <span className="hidden">
                                    Pin at {at.latitude}, {at.longitude}.
                                </span>
                                Drag the pin to correct it.
                            </>
                        ) : (
                            'Click the map where it stands.'
                        )}
                    </p>
                    <Button
                        size="compact-sm"
                        variant="default"
                        disabled={!map}
                        onClick={() => map?.pickMiddle()}
                    >
                        Use the middle of the map
                    </Button>
                </div>
            )}
        </div>
    );
}
