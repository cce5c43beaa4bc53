// When devices were there, for how long, how many different ones, how often.

import { useMemo } from 'react';
import { ActionIcon, Button, SegmentedControl, Select, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { IconNote, IconNoteOff } from '@tabler/icons-react';
import type { Grain } from '@mobilytics/api';
import { Message } from '@mobilytics/ui';
import { assetsQuery, exposureQuery, notesQuery, overviewQuery, reachQuery } from '../data/queries';
import { peopleText } from '../figures/calibrations';
import { SeriesLegend } from '../figures/series_legend';
import {
    begun,
    kGrainWords,
    kSeriesMetrics,
    seriesOption,
    seriesSheet,
    seriesWords,
} from '../figures/series';
import type { SeriesMetric } from '../figures/series';
import { SheetPanel } from '../figures/sheet_panel';
import { noteMarks } from '../quality/notes';
import { exposureSearch } from '../shell/search';
import type { ExposureSearch } from '../shell/search';
import { useChangeSearch, useView } from '../shell/view';
import type { View } from '../shell/view';
import { grains, spanText } from '../time/ranges';
import { Dwell } from './exposure_dwell';
import { Frequency } from './exposure_frequency';
import { ReachByAsset, ReachByDay } from './exposure_reach';

const kGrainLabels: Record<Grain, string> = { quarter: '15 min', hour: 'Hour', day: 'Day' };

function Series({ view }: { view: View }) {
    const search = exposureSearch(useSearch({ strict: false }));
    const changeSearch = useChangeSearch<ExposureSearch>();
    const { allowed, initial } = grains(view.range);
    const grain = search.grain && allowed.includes(search.grain) ? search.grain : initial;
    const metric: SeriesMetric = search.metric ?? 'visits';
    const now = useQuery(exposureQuery(view.ask(view.range), grain));
    const then = useQuery({
        ...exposureQuery(view.ask(view.range.previous), grain),
        enabled: view.compare,
    });
    const noted = useQuery(notesQuery(view.range.from, view.range.to));
    const marks = useMemo(
        () => (search.notes === 'hidden' ? [] : noteMarks(noted.data, view.assetIds)),
        [noted.data, view.assetIds, search.notes],
    );
    const made = useMemo(() => {
        const at = Date.now();
        const items = begun(now.data, at);
        const before = view.compare ? then.data?.items : undefined;
        const { previousPhrase } = view.range;
        const { zone } = view;
        const chart = { items, before, grain, zone, metric, previousPhrase, marks, now: at };
        return {
            chart,
            sheet: now.data && seriesSheet(items, before, grain, zone, marks),
            option: seriesOption(chart),
            words: seriesWords(chart),
        };
    }, [now.data, then.data, view, grain, metric, marks]);
    return (
        <SheetPanel
            title={`${kSeriesMetrics[metric].label} by ${kGrainWords[grain]}`}
            about={`${spanText(view.range, view.zone)}, times in ${view.zone}`}
            what="The series"
            query={now}
            sheet={made.sheet}
            nothing={
                now.data && made.chart.items.every(item => item.visits === 0)
                    ? 'No visit began in this range. Choose another above, or see under Assets whether the sensors were heard.'
                    : undefined
            }
            option={made.option}
            description={made.words}
            height={300}
            foot={<SeriesLegend chart={made.chart} />}
            controls={
                <div className="panel-controls">
                    {(noted.data?.length ?? 0) > 0 && (
                        <Tooltip
                            label={search.notes ? 'Show what was noted' : 'Hide what was noted'}
                        >
                            <ActionIcon
                                variant="default"
                                size={30}
                                aria-label="Show what was noted"
                                aria-pressed={!search.notes}
                                onClick={() =>
                                    changeSearch({ notes: search.notes ? undefined : 'hidden' })
                                }
                            >
                                {search.notes ? (
                                    <IconNoteOff size={16} stroke={1.7} />
                                ) : (
                                    <IconNote size={16} stroke={1.7} />
                                )}
                            </ActionIcon>
                        </Tooltip>
                    )}
                    <Select
                        size="xs"
                        w={150}
                        aria-label="What is drawn"
                        allowDeselect={false}
                        data={Object.entries(kSeriesMetrics).map(([value, { label }]) => ({
                            value,
                            label,
                        }))}
                        value={metric}
                        onChange={value =>
                            changeSearch({
                                metric: value === 'visits' ? undefined : (value as 'devices'),
                            })
                        }
                    />
                    <SegmentedControl
                        size="xs"
                        aria-label="By"
                        value={grain}
                        data={allowed.map(value => ({ value, label: kGrainLabels[value] }))}
                        onChange={value =>
                            changeSearch({
                                grain: value === initial ? undefined : (value as Grain),
                            })
                        }
                    />
                </div>
            }
        />
    );
}

export function Exposure() {
    const view = useView();
    const assets = useQuery(assetsQuery);
    const reach = useQuery(reachQuery(view.ask(view.range)));
    const headline = useQuery(overviewQuery(view.ask(view.range)));
    const people =
        headline.data && peopleText(headline.data.current.people, headline.data.calibration);
    if (assets.data?.length === 0) {
        return (
            <Message
                center
                title="No exposure yet"
                actions={
                    <Button component={Link} to="/assets" search={{ connect: 'new' } as never}>
                        Connect a sensor
                    </Button>
                }
            >
                Charts of visits, dwell and reach begin with the first sensor’s first report.
            </Message>
        );
    }
    return (
        <div className="page">
            <Series view={view} />
            <div className="grid halves">
                <ReachByDay view={view} query={reach} />
                <ReachByAsset view={view} query={reach} />
                <Dwell view={view} />
                <Frequency view={view} />
            </div>
            <p className="basis">
                Visits and reach are of addresses, which phones change. Devices present are counted
                behind changing addresses. {people && `${people} `}
                <Link to="/definitions" className="quiet-link">
                    How figures are computed
                </Link>
            </p>
        </div>
    );
}
