// What people are told by on a day: which factor was in force, how old it was then, whether what was
// counted later still fits it. It does not change the grade, which is of what was heard.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Lines, Tag, Trouble, useMay } from '@mobilytics/ui';
import { ageText, driftText, goodOn, inForce } from '../calibration/words';
import { modelQuery, siteQuery } from '../data/calibration_queries';
import { factorText, kQualities } from '../figures/calibrations';
import '../calibration/calibration.css';
import type { DayColumn } from '../quality/grid';

const kBy = {
    asset: 'its own factor',
    class: 'the factor of its class',
    company: 'that of all sites',
};

function DriftOf({ modelId }: { modelId: string }) {
    const model = useQuery(modelQuery(modelId));
    if (model.error && !model.data) {
        return (
            <Trouble
                error={model.error}
                what="How far it drifts"
                retry={() => void model.refetch()}
            />
        );
    }
    if (!model.data) return <Lines count={1} />;
    const { drift } = model.data;
    return (
        drift && (
            <p>
                {driftText(drift)}
                {drift.alarm && ' Count again, and fit a new factor.'}
            </p>
        )
    );
}

export function CalibrationOfDay({ assetId, column }: { assetId: string; column: DayColumn }) {
    const sees = useMay('find_site');
    const asked = useQuery({ ...siteQuery(assetId), enabled: sees });
    if (!sees) return null;
    const spans = asked.data && inForce(asked.data.spans, column.from, column.to);
    return (
        <section className="of-day" data-testid="calibration-of-day">
            <h3>Calibration</h3>
            {asked.error && !asked.data ? (
                <Trouble
                    error={asked.error}
                    what="The calibration"
                    retry={() => void asked.refetch()}
                />
            ) : !spans ? (
                <Lines count={2} />
            ) : spans.length === 0 ? (
                <p>
                    None was in force on this day: its numbers are of devices.{' '}
                    <Link to="/calibration/$assetId" params={{ assetId }} className="quiet-link">
                        Calibrate it
                    </Link>
                </p>
            ) : (
                spans.map(span => {
                    const { kind, label } = kQualities[goodOn(span, column.day)];
                    return (
                        <div key={span.from}>
                            <p>
                                <Tag kind={kind}>{label}</Tag> People are told by{' '}
                                <Link
                                    to="/calibration/factors/$modelId"
                                    params={{ modelId: span.model_id }}
                                    className="quiet-link"
                                >
                                    {kBy[span.scope]}, version {span.version}
                                </Link>
                                : {factorText(span)} people a device;{' '}
                                {ageText(span.newest_day, column.day)}.
                            </p>
                            <DriftOf modelId={span.model_id} />
                        </div>
                    );
                })
            )}
            {asked.error && asked.data && (
                <p className="muted" role="status">
                    It could not be asked anew: this may be old.
                </p>
            )}
        </section>
    );
}
