// Models of one scope beside each other, before anything is published: what they say, and how many
// people each would have told of the last seven days.

import { useState } from 'react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Model } from '@mobilytics/api';
import { Lines, Trouble, decimal, kNothing } from '@mobilytics/ui';
import { besideEachOther, sideBySide } from '../calibration/words';
import { comparisonQuery, siblingsQuery } from '../data/calibration_queries';
import { kModelStateWords } from '../figures/calibrations';

const kHourMs = 3_600_000;

export function SideBySide({ model }: { model: Model }) {
    const asked = useQuery(siblingsQuery(model));
    const [to] = useState(() => Math.floor(Date.now() / kHourMs) * kHourMs);
    const shown = besideEachOther(asked.data ?? [], model);
    const weeks = useQueries({
        queries: shown.map(({ id }) => ({
            ...comparisonQuery(id, to),
            enabled: asked.data !== undefined,
        })),
    });
    if (asked.error && !asked.data) {
        return (
            <Trouble
                error={asked.error}
                what="The other models"
                retry={() => void asked.refetch()}
            />
        );
    }
    if (!asked.data) return <Lines count={5} />;
    const week = (i: number, told: (of: NonNullable<(typeof weeks)[number]['data']>) => string) => {
        const its = weeks[i];
        if (its?.data) return its.data.quarters === 0 ? 'nothing was heard' : told(its.data);
        return its?.error ? 'not told: ' + its.error.message : '…';
    };
    const own = weeks[shown.findIndex(({ id }) => id === model.id)]?.data;
    const published = shown.find(({ state }) => state === 'published');
    return (
        <>
            {shown.length === 1 && (
                <p className="model-words">
                    {model.state === 'published'
                        ? 'There is no draft to hold against it.'
                        : 'None is published in its scope: what is less close applies, or numbers are of devices, until one is.'}
                </p>
            )}
            <div className="model-side-scroll" role="region" aria-label="Side by side" tabIndex={0}>
                <table className="rows model-side" data-testid="side">
                    <caption className="hidden">Models beside each other</caption>
                    <thead>
                        <tr>
                            <td />
                            {shown.map(each => (
                                <th
                                    key={each.id}
                                    scope="col"
                                    data-chosen={each.id === model.id || undefined}
                                >
                                    {each.id === model.id ? (
                                        `Version ${each.version}`
                                    ) : (
                                        <Link
                                            to="/calibration/factors/$modelId"
                                            params={{ modelId: each.id }}
                                            className="quiet-link"
                                        >
                                            Version {each.version}
                                        </Link>
                                    )}
                                    <br />
                                    <span className="muted">{kModelStateWords[each.state]}</span>
                                </th>
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {[
                            ...sideBySide(shown),
                            {
                                label: 'People there, last 7 days',
                                values: shown.map((_, i) =>
                                    week(
                                        i,
                                        ({ model: of }) =>
                                            `${decimal(of.people_mean)} (${decimal(of.low)} to ${decimal(of.high)})`,
                                    ),
                                ),
                            },
                            {
                                label: 'To what is published',
                                values: shown.map((each, i) =>
                                    each === published || !published
                                        ? kNothing
                                        : week(i, ({ ratio }) =>
                                              ratio === undefined
                                                  ? kNothing
                                                  : `${decimal(ratio, 2)} times`,
                                          ),
                                ),
                            },
                        ].map(({ label, values }) => (
                            <tr key={label}>
                                <th scope="row">{label}</th>
                                {values.map((value, i) => (
                                    <td
                                        key={shown[i]!.id}
                                        data-chosen={shown[i]!.id === model.id || undefined}
                                    >
                                        {value}
                                    </td>
                                ))}
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
            {own && own.days.length > 0 && (
                <details className="unfold">
                    <summary>Day by day</summary>
                    <table className="rows model-side">
                        <caption className="hidden">People present on average, day by day</caption>
                        <thead>
                            <tr>
                                <th scope="col">Day</th>
                                <th scope="col" className="number">
                                    Version {model.version}
                                </th>
                                {own.published && (
                                    <th scope="col" className="number">
                                        Version {own.published.version}, published
                                    </th>
                                )}
                            </tr>
                        </thead>
                        <tbody>
                            {own.days.map(each => (
                                <tr key={each.day}>
                                    <td>{each.day}</td>
                                    <td className="number">{decimal(each.people)}</td>
                                    {own.published && (
                                        <td className="number">
                                            {each.published === undefined
                                                ? kNothing
                                                : decimal(each.published)}
                                        </td>
                                    )}
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </details>
            )}
        </>
    );
}
