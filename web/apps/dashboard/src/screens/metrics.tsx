// What a face was worth: opportunities to see it, what was likely seen, how many were reached how
// often, points, costs, and the multiplier by hour.

import { useMemo } from 'react';
import { Button, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { FaceReport, MetricDefinition } from '@mobilytics/api';
import { Lines, Message, Panel, Trouble, count } from '@mobilytics/ui';
import { faceReportQuery, facesQuery, marketsQuery } from '../data/face_queries';
import { assetsQuery, metricsQuery } from '../data/queries';
import { minorOf, moneyText, numberOf } from '../figures/faces';
import { metricsSearch } from '../shell/metrics_search';
import type { MetricsSearch } from '../shell/metrics_search';
import { useChangeSearch, useView } from '../shell/view';
import type { View } from '../shell/view';
import { spanText } from '../time/ranges';
import { Distribution } from './metrics_distribution';
import { Multipliers } from './metrics_multipliers';
import { Plays } from './metrics_plays';
import { Waterfall } from './metrics_waterfall';

const kOrder = [
    'ots',
    'lts',
    'moving_impressions',
    'parked_impressions',
    'reach',
    'reach_modelled',
    'average_frequency',
    'effective_reach',
    'grp',
    'trp',
    'cpm',
    'cpp',
    'loop_contacts',
    'dwell_median',
    'dwell_corrected',
];

function numberText(value: number, digits: number): string {
    return value.toLocaleString('en-US', {
        minimumFractionDigits: 0,
        maximumFractionDigits: digits,
    });
}

function FigureLine({ about, report }: { about: MetricDefinition; report: FaceReport }) {
    const figure = report.figures.find(each => each.metric === about.id);
    const absent = report.absent.find(each => each.metric === about.id);
    if (!figure && !absent) return null;
    const standing = figure?.standing === 'modelled' ? 'modelled' : figure?.counted;
    return (
        <li data-testid={`metric-${about.id}`}>
            <Link
                to="/definitions"
                hash={about.id}
                className="quiet-link"
                title="How it is computed"
            >
                {about.name}
            </Link>
            {figure ? (
                <span className="metric-value">
                    <strong>
                        {figure.price
                            ? moneyText(figure.price)
                            : numberText(figure.value ?? 0, about.digits)}
                    </strong>{' '}
                    {!figure.price && (
                        <span className="muted">
                            {about.unit === 'people' ? figure.counted : about.unit}
                        </span>
                    )}
                    {figure.interval && (
                        <span className="muted">
                            {' '}
                            {numberText(figure.interval[0]!, about.digits)} to{' '}
                            {numberText(figure.interval[1]!, about.digits)}
                        </span>
                    )}
                </span>
            ) : (
                <span className="muted">{absent!.why}</span>
            )}
            {standing && <span className="chip">{standing}</span>}
        </li>
    );
}

/** R x F = I, as it is shown. */
function Identity({ report }: { report: FaceReport }) {
    const of = (metric: string) => report.figures.find(each => each.metric === metric)?.value;
    const impressions = of('ots');
    const reach = of('reach') ?? of('reach_modelled');
    const frequency = of('average_frequency');
    if (impressions === undefined || reach === undefined || frequency === undefined) return null;
    return (
        <p className="identity" data-testid="identity">
            Reach {count(reach)} × frequency {numberText(frequency, 3)} ={' '}
            <strong>{count(impressions)} OTS impressions</strong>
        </p>
    );
}

function FigureList({ report }: { report: FaceReport }) {
    const definitions = useQuery(metricsQuery);
    const known = useMemo(() => {
        const items = definitions.data?.items ?? [];
        return kOrder.flatMap(id => items.filter(each => each.id === id));
    }, [definitions.data]);
    return (
        <Panel
            title="Metrics"
            about="Reach, frequency, points and costs are of OTS impressions. Each name leads to how it is computed."
        >
            {report.suppressed.includes('figures') ? (
                <p className="muted">
                    Held back: fewer than {report.suppress_below} devices in this period.
                </p>
            ) : (
                <>
                    <Identity report={report} />
                    <ul className="metric-list">
                        {known.map(about => (
                            <FigureLine key={about.id} about={about} report={report} />
                        ))}
                    </ul>
                </>
            )}
        </Panel>
    );
}

function askOf(view: View, search: MetricsSearch) {
    const cost = search.cost && search.currency ? minorOf(search.cost, search.currency) : undefined;
    const oncoming = search.oncoming ? numberOf(search.oncoming) : undefined;
    const share = oncoming !== undefined && oncoming >= 0 && oncoming <= 100;
    return {
        from: new Date(view.range.from).toISOString(),
        to: new Date(view.range.to).toISOString(),
        time_zone: view.zone,
        source: view.source,
        ...(search.market ? { market_id: search.market } : {}),
        ...(cost === undefined ? {} : { cost_minor: cost, currency: search.currency! }),
        ...(share ? { oncoming_share: oncoming / 100 } : {}),
    };
}

function Choices({ search, moving }: { search: MetricsSearch; moving: boolean }) {
    const change = useChangeSearch<MetricsSearch>();
    const assets = useQuery(assetsQuery);
    const faces = useQuery({ ...facesQuery(search.asset ?? ''), enabled: Boolean(search.asset) });
    const markets = useQuery(marketsQuery);
    const typed = (field: keyof MetricsSearch) => ({
        value: search[field] ?? '',
        onChange: (event: { currentTarget: { value: string } }) =>
            change({ [field]: event.currentTarget.value || undefined }, true),
    });
    return (
        <div className="metric-choices">
            <Select
                size="xs"
                label="Asset"
                searchable
                allowDeselect={false}
                data={(assets.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
                value={search.asset ?? null}
                onChange={asset => change({ asset: asset ?? undefined, face: undefined })}
            />
            <Select
                size="xs"
                label="Face"
                allowDeselect={false}
                data={(faces.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
                value={search.face ?? null}
                onChange={face => change({ face: face ?? undefined })}
                disabled={!faces.data || faces.data.length === 0}
            />
            <Select
                size="xs"
                label="Market"
                clearable
                data={(markets.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
                value={search.market ?? null}
                onChange={market => change({ market: market ?? undefined })}
            />
            <TextInput size="xs" label="Cost" inputMode="decimal" w={92} {...typed('cost')} />
            <TextInput
                size="xs"
                label="Currency"
                maxLength={3}
                placeholder="EUR"
                w={78}
                value={search.currency ?? ''}
                onChange={event =>
                    change({ currency: event.currentTarget.value.toUpperCase() || undefined }, true)
                }
            />
            {moving && (
                <TextInput
                    size="xs"
                    label="Oncoming, %"
                    inputMode="decimal"
                    w={92}
                    {...typed('oncoming')}
                />
            )}
        </div>
    );
}

function OneFace({ view, search }: { view: View; search: MetricsSearch }) {
    const report = useQuery(faceReportQuery(search.face!, askOf(view, search)));
    if (report.error && !report.data) {
        return (
            <Trouble error={report.error} what="The metrics" retry={() => void report.refetch()} />
        );
    }
    if (!report.data) return <Lines count={10} height={22} />;
    return (
        <>
            <div className="grid halves">
                <FigureList report={report.data} />
                <Waterfall query={report} />
                <Distribution query={report} view={view} />
                <Multipliers view={view} faceId={search.face!} />
                <Plays report={report.data} view={view} />
            </div>
            <p className="basis">
                {spanText(view.range, view.zone)}.{' '}
                {report.data.figures.some(each => each.counted === 'people')
                    ? 'People, by a calibration against people counted by hand.'
                    : 'Counted in devices, not people: this site is not calibrated.'}{' '}
                {report.data.synthetic && 'Synthetic data: simulated, nobody was measured.'}
            </p>
        </>
    );
}

export function Metrics() {
    const view = useView();
    const search = metricsSearch(useSearch({ strict: false }) as Record<string, unknown>);
    const assets = useQuery(assetsQuery);
    const assetId = search.asset ?? view.assetIds[0] ?? assets.data?.[0]?.id;
    const faces = useQuery({ ...facesQuery(assetId ?? ''), enabled: Boolean(assetId) });
    const faceId = search.face ?? faces.data?.find(face => !face.to)?.id ?? faces.data?.[0]?.id;
    const chosen: MetricsSearch = {
        ...search,
        ...(assetId ? { asset: assetId } : {}),
        ...(faceId ? { face: faceId } : {}),
    };
    const moving = assets.data?.find(each => each.id === assetId)?.kind === 'vehicle';
    const error = assets.error ?? faces.error;
    return (
        <div className="page">
            <Choices search={chosen} moving={moving} />
            {error && !(assets.data && faces.data) ? (
                <Trouble error={error} what="The faces" retry={() => void faces.refetch()} />
            ) : assets.data?.length === 0 ? (
                <Message center title="No asset yet">
                    Metrics are of a face of an asset. Begin under Assets.
                </Message>
            ) : faceId ? (
                <OneFace view={view} search={chosen} />
            ) : faces.data ? (
                <Message
                    center
                    title="This asset has no face yet"
                    actions={
                        <Button component={Link} to={`/assets/${assetId}`}>
                            Its faces
                        </Button>
                    }
                >
                    Write down how large it is, where it looks and whether it is lit.
                </Message>
            ) : (
                <Lines count={10} height={22} />
            )}
        </div>
    );
}
