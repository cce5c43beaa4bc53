// Regions in classes on a map, with a legend that tells held back from unheard.

import { useEffect, useMemo, useRef, useState } from 'react';
import { useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Message } from '@mobilytics/ui';
import { sensitiveShapesQuery } from '../data/sensitive_queries';
import { boxOfShapes, classColors, classWords, classesOf, dressed } from '../map/choropleth';
import type { RegionShapes, RegionValue } from '../map/choropleth';
import { Controls } from '../map/controls';
import { useRegionMap } from '../map/use_region_map';

interface RegionsMapProps {
    shapes: RegionShapes | undefined;
    values: RegionValue[] | undefined;
    title: string;
    text: (value: number) => string;
    selected: string | undefined;
    onSelect: (code: string | undefined) => void;
    onZoom: (zoom: number) => void;
    /** Lines from zone to zone, each with its `share` of the most. */
    flows?: GeoJSON.FeatureCollection | undefined;
}

const kNothing: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };

export default function RegionsMap(props: RegionsMapProps) {
    const { shapes, values, text, selected, flows } = props;
    const box = useRef<HTMLDivElement>(null);
    const fitted = useRef(false);
    const [hovered, setHovered] = useState<{ x: number; y: number; code: string }>();
    const dark = useComputedColorScheme('light') === 'dark';
    const { map, failed } = useRegionMap(box, {
        onSelect: props.onSelect,
        onHover: setHovered,
        onZoom: props.onZoom,
    });
    const classes = useMemo(() => classesOf(values ?? []), [values]);
    const whole = useMemo(() => {
        if (!shapes) return undefined;
        const heard = new Set(values?.map(({ code }) => code));
        return (
            (heard.size > 0 && boxOfShapes(shapes, code => heard.has(code))) ||
            boxOfShapes(shapes, () => true)
        );
    }, [shapes, values]);

    useEffect(() => {
        if (shapes && map) map.setRegions(dressed(shapes, values ?? [], classes));
    }, [map, shapes, values, classes]);
    useEffect(() => map?.setFlows(flows ?? kNothing), [map, flows]);
    const sensitive = useQuery(sensitiveShapesQuery).data;
    useEffect(() => {
        if (sensitive) map?.setSensitive(sensitive);
    }, [map, sensitive]);
    useEffect(() => map?.select(selected), [map, selected]);
    useEffect(() => {
        if (!map || !whole || !values || fitted.current) return;
        fitted.current = true;
        map.fit(whole, false);
    }, [map, whole, values]);

    const over = hovered && shapes?.features.find(each => each.properties.code === hovered.code);
    const value = hovered && values?.find(({ code }) => code === hovered.code);
    const colors = classColors(dark);
    return (
        <div className="regions-map">
            <div ref={box} className="regions-map-box" data-testid="regions-map" />
            {failed ? (
                <div className="map-failed">
                    <Message center title="This browser cannot draw the map">
                        It needs WebGL. The table has all of it.
                    </Message>
                </div>
            ) : (
                <>
                    <Controls
                        zoomBy={step => map?.zoomBy(step)}
                        fit={() => map?.fit(whole)}
                        all="All regions that were heard into view"
                    />
                    <div className="regions-legend" data-testid="regions-legend">
                        <strong>{props.title}</strong>
                        {flows && <p className="foot-note">The wider, the more.</p>}
                        <ul hidden={flows !== undefined}>
                            {classes.most > 0 &&
                                classWords(classes, text).map((words, i) => (
                                    <li key={words}>
                                        <i style={{ background: colors[i] }} aria-hidden />
                                        {words}
                                    </li>
                                ))}
                            <li>
                                <i className="held-back" aria-hidden />
                                held back: too few devices
                            </li>
                            <li>
                                <i className="unheard" aria-hidden />
                                nothing listened there
                            </li>
                            {sensitive !== undefined && sensitive.features.length > 0 && (
                                <li>
                                    <i className="sensitive-key" aria-hidden />
                                    sensitive: nobody is counted
                                </li>
                            )}
                        </ul>
                    </div>
                    {over && (
                        <div
                            className="map-tip"
                            style={{ left: hovered.x + 12, top: hovered.y + 12 }}
                        >
                            <strong>{over.properties.name}</strong>
                            <span>
                                {value === undefined
                                    ? 'nothing listened there'
                                    : value.value === null
                                      ? 'held back'
                                      : text(value.value)}
                            </span>
                        </div>
                    )}
                </>
            )}
        </div>
    );
}
