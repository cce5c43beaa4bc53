// Where something stands: picked on the map or typed, and each shows what the other did.

import { Suspense, lazy, useMemo } from 'react';
import { NumberInput, Skeleton } from '@mantine/core';
import { faultOf } from '@mobilytics/api';
import { kDegreesMax, placeFaults, placeOf } from '../map/place';
import type { PlaceText } from '../map/place';

const PlaceMap = lazy(() => import('../map/place_map'));

const kHalves = [
    { half: 'latitude', label: 'Latitude', placeholder: '41.88340' },
    { half: 'longitude', label: 'Longitude', placeholder: '-87.62780' },
] as const;

interface FieldsProps {
    text: PlaceText;
    set: (change: Partial<PlaceText>) => void;
    /** Somebody was done with it and asked for what comes next. */
    done: boolean;
    error: Error | null;
}

export function PlaceFields({ text, set, done, error }: FieldsProps) {
    const { latitude, longitude } = text;
    const at = useMemo(() => placeOf({ latitude, longitude }), [latitude, longitude]);
    const faults = placeFaults(text, done);
    return (
        <>
            <Suspense fallback={<Skeleton className="place-map" />}>
                <PlaceMap at={at} onPick={set} />
            </Suspense>
            <div className="two">
                {kHalves.map(({ half, label, placeholder }) => (
                    <NumberInput
                        key={half}
                        label={label}
                        placeholder={placeholder}
                        min={-kDegreesMax[half]}
                        max={kDegreesMax[half]}
                        // What is out of bounds is told, not made another place.
                        clampBehavior="none"
                        withKeyboardEvents={false}
                        decimalScale={6}
                        hideControls
                        value={text[half]}
                        error={faults[half] ?? faultOf(error, half)}
                        onChange={value => set({ [half]: value })}
                    />
                ))}
            </div>
        </>
    );
}
