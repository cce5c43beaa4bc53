// Where a zone is drawn: by clicks, or by keys with the middle of the map as the pen.

import { useRef } from 'react';
import { Button, Group } from '@mantine/core';
import { Message } from '@mobilytics/ui';
import type { Corner } from './drawing';
import { useRegionMap } from './use_region_map';

interface DrawMapProps {
    onDraw: (corners: Corner[], closed: boolean) => void;
    words: string;
    closable: boolean;
}

export default function DrawMap({ onDraw, words, closable }: DrawMapProps) {
    const box = useRef<HTMLDivElement>(null);
    const { map, failed } = useRegionMap(box, { onDraw });
    return (
        <div className="place">
            <div className="place-map regions-draw">
                <div ref={box} className="place-map-box" data-testid="draw-map" />
                {failed ? (
                    <div className="map-failed">
                        <Message center title="This browser cannot draw the map">
                            It needs WebGL. Paste GeoJSON instead.
                        </Message>
                    </div>
                ) : (
                    <i className="place-middle" aria-hidden />
                )}
            </div>
            {!failed && (
                <div className="place-way">
                    <p aria-live="polite">{words}</p>
                    <Group gap={6}>
                        <Button
                            size="compact-sm"
                            variant="default"
                            disabled={!map}
                            onClick={() => map?.addMiddle()}
                        >
                            Corner at the middle
                        </Button>
                        <Button
                            size="compact-sm"
                            variant="default"
                            disabled={!map}
                            onClick={() => map?.undo()}
                        >
                            Undo
                        </Button>
                        <Button
                            size="compact-sm"
                            variant="default"
                            disabled={!closable}
                            onClick={() => map?.close()}
                        >
                            Close it
                        </Button>
                    </Group>
                </div>
            )}
        </div>
    );
}
