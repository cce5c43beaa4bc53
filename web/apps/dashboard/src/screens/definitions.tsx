// Every metric and how it is computed, on one page: what the server's registry says of each.

import { useQuery } from '@tanstack/react-query';
import type { MetricDefinition } from '@mobilytics/api';
import { Lines, Trouble } from '@mobilytics/ui';
import { metricsQuery } from '../data/queries';

const kStanding = {
    observed: 'Observed: counted or timed by sensors.',
    calibrated: 'Calibrated: people, by a measured factor. Without one it counts devices.',
    modelled: 'Modelled: of a formula that assumes what was not measured.',
};

function Factors({ about }: { about: MetricDefinition }) {
    return (
        <details>
            <summary>Its factors, each told beside the number</summary>
            <ul>
                {about.factors.map(factor => (
                    <li key={factor.id}>
                        <strong>{factor.name}.</strong> {factor.means} <code>{factor.formula}</code>{' '}
                        <span className="muted">{factor.source}</span>
                    </li>
                ))}
            </ul>
        </details>
    );
}

function One({ about }: { about: MetricDefinition }) {
    return (
        <div id={about.id}>
            <dt>
                {about.name} {about.unit && <span className="muted">{about.unit}</span>}
            </dt>
            <dd>
                <p>{about.counts}</p>
                <code>{about.formula}</code>
                {about.note && <p>{about.note}</p>}
                {about.factors.length > 0 && <Factors about={about} />}
                <p className="muted">
                    {kStanding[about.standing]} {about.uncertainty}
                </p>
                <p className="muted">Needs: {about.needs}</p>
                <p className="muted">Source: {about.source}</p>
                {!about.answered_by && (
                    <p className="muted">Defined, and not yet shown on a page.</p>
                )}
            </dd>
        </div>
    );
}

export function Definitions() {
    const { data, error, refetch } = useQuery(metricsQuery);
    return (
        <div className="page narrow">
            <p className="lead">
                What each figure means, how it is computed and how certain it is. A figure that
                rests on fewer devices than the privacy floor of your company is held back, so that
                nobody can be told apart.
            </p>
            {data ? (
                <dl className="definitions">
                    {data.items.map(about => (
                        <One key={about.id} about={about} />
                    ))}
                </dl>
            ) : error ? (
                <Trouble error={error} retry={() => void refetch()} what="The definitions" />
            ) : (
                <Lines count={12} />
            )}
        </div>
    );
}
