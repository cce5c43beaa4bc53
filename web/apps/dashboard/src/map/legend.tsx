// What the colours and lines on the map mean, and what is not shown.

import { useComputedColorScheme } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Heatmap, RouteReport } from '@mobilytics/api';
import { count } from '@mobilytics/ui';
import { compact } from '../figures/chart_options';
import { heatColors } from './heat';
import type { HeatSteps } from './heat';
import { useView } from '../shell/view';

interface LegendProps {
    heat: UseQueryResult<Heatmap> | undefined;
    steps: HeatSteps | undefined;
    routes: UseQueryResult<RouteReport> | undefined;
}

/** At zoom z, the side of a cell in this latitude, in metres: two significant digits. */
export function cellSide(zoom: number, latitude: number): string {
    const metres = (40_075_017 * Math.cos((latitude * Math.PI) / 180)) / 2 ** zoom;
    const power = 10 ** Math.max(0, Math.floor(Math.log10(metres)) - 1);
    const rounded = Math.round(metres / power) * power;
    return rounded >= 1000 ? `${Number((rounded / 1000).toPrecision(2))} km` : `${rounded} m`;
}

export function MapLegend({ heat, steps, routes }: LegendProps) {
    const dark = useComputedColorScheme('light') === 'dark';
    const { range } = useView();
    if (!heat && !routes) return null;
    const cells = heat?.data?.cells ?? [];
    const colors = heatColors(steps?.bounds.length ?? 1, dark);
    const failed = (heat?.error && !heat.data) || (routes?.error && !routes.data);
    return (
        <div className="map-legend" data-testid="map-legend">
            {heat && (
                <div>
                    <strong>
                        Visits <span className="muted">a cell, {range.phrase}</span>
                    </strong>
                    {cells.length > 0 && steps ? (
                        <div className="heat-scale">
                            {steps.bounds.map((bound, i) => (
                                <span key={bound}>
                                    <i style={{ background: colors[i] }} />
                                    {i === 0
                                        ? steps.bounds.length > 1
                                            ? `< ${compact(steps.bounds[1]!)}`
                                            : compact(steps.most)
                                        : `${compact(bound)}${i === steps.bounds.length - 1 ? ' +' : ''}`}
                                </span>
                            ))}
                        </div>
                    ) : (
                        <p className="muted">
                            {heat.isPending
                                ? 'Loading…'
                                : heat.error
                                  ? 'Could not be loaded.'
                                  : 'No visits in view.'}
                        </p>
                    )}
                    {heat.data && (
                        <p className="muted">
                            {cells[0] && `Cells of ${cellSide(heat.data.zoom, cells[0].latitude)}.`}{' '}
                            {heat.data.suppressed_cells > 0 &&
                                `Not shown: ${count(heat.data.suppressed_cells)} with fewer than ${heat.data.suppress_below} devices.`}
                        </p>
                    )}
                </div>
            )}
            {routes && (
                <ul className="legend">
                    <li>
                        <i className="key-drive" /> driving
                    </li>
                    <li>
                        <i className="key-park" /> parked 2 min or longer, by size
                    </li>
                    {routes.data?.truncated && <li>only the newest trips</li>}
                </ul>
            )}
            {failed && (
                <button
                    type="button"
                    className="link-button"
                    onClick={() => {
                        void heat?.refetch();
                        void routes?.refetch();
                    }}
                >
                    Try again
                </button>
            )}
        </div>
    );
}
