// What one asset uses, and why by that: of its own before of its class before of all sites.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { SiteCalibration } from '@mobilytics/api';
import { Lines, Message, Panel, Tag, Trouble, When } from '@mobilytics/ui';
import { driftText, ladder, whyText } from '../calibration/words';
import { siteQuery } from '../data/calibration_queries';
import { factorText, kQualities } from '../figures/calibrations';
import { Stale } from './calibration_frame';

function Rungs({ of }: { of: SiteCalibration }) {
    return (
        <ol className="rungs">
            {ladder(of).map(({ scope, title, model, state, text }, i) => (
                <li key={scope} data-state={state}>
                    <span className="rung-place" aria-hidden>
                        {i + 1}
                    </span>
                    <div>
                        <b>{title}</b>
                        <p>
                            {text}
                            {scope === 'class' && !of.site.class_id && (
                                <>
                                    {' '}
                                    <Link to="/calibration/classes" className="quiet-link">
                                        Classes of sites
                                    </Link>
                                </>
                            )}
                            {model?.drift?.alarm && ` ${driftText(model.drift)}`}
                        </p>
                    </div>
                    <div>
                        {model && (
                            <>
                                <Link
                                    to="/calibration/factors/$modelId"
                                    params={{ modelId: model.id }}
                                    className="quiet-link"
                                >
                                    {factorText(model)}, version {model.version}
                                </Link>
                                <br />
                            </>
                        )}
                        {model ? (
                            <Tag kind={state === 'used' ? kQualities[model.quality].kind : 'idle'}>
                                {state === 'used'
                                    ? `Used, ${kQualities[model.quality].label.toLowerCase()}`
                                    : 'Published, not used'}
                            </Tag>
                        ) : (
                            <Tag kind="idle">None</Tag>
                        )}
                    </div>
                </li>
            ))}
        </ol>
    );
}

interface UsesProps {
    assetId: string;
    zone: string;
    /** On another page: the way to this one. */
    away?: boolean;
}

export function WhatItUses({ assetId, zone, away }: UsesProps) {
    const asked = useQuery(siteQuery(assetId));
    const { data } = asked;
    const spans = data?.spans ?? [];
    return (
        <Panel
            testId="panel-uses"
            title={away ? 'From devices to people' : 'What it uses, and why'}
            about={data && whyText(data)}
            actions={
                away && (
                    <Link
                        to="/calibration/$assetId"
                        params={{ assetId }}
                        className="quiet-link"
                        style={{ fontSize: 13, padding: 6 }}
                    >
                        Calibrate it
                    </Link>
                )
            }
        >
            <Stale query={asked} />
            {asked.error && !data ? (
                <Trouble
                    error={asked.error}
                    what="What it uses"
                    retry={() => void asked.refetch()}
                />
            ) : !data ? (
                <Lines count={4} />
            ) : (
                <>
                    <Rungs of={data} />
                    {!away && spans.length > 0 && (
                        <details className="unfold">
                            <summary>What it used when</summary>
                            <div className="rows-scroll">
                                <table className="rows">
                                    <caption className="hidden">Factors by time</caption>
                                    <thead>
                                        <tr>
                                            <th scope="col">From</th>
                                            <th scope="col">Until</th>
                                            <th scope="col">By</th>
                                            <th scope="col" className="number">
                                                People a device
                                            </th>
                                        </tr>
                                    </thead>
                                    <tbody>
                                        {spans.map(span => (
                                            <tr key={span.from}>
                                                <td>
                                                    <When at={span.from} zone={zone} />
                                                </td>
                                                <td>
                                                    <When
                                                        at={span.to}
                                                        zone={zone}
                                                        nothing="further notice"
                                                    />
                                                </td>
                                                <td>
                                                    <Link
                                                        to="/calibration/factors/$modelId"
                                                        params={{ modelId: span.model_id }}
                                                        className="quiet-link"
                                                    >
                                                        {
                                                            {
                                                                asset: 'its own',
                                                                class: 'its class',
                                                                company: 'all sites',
                                                            }[span.scope]
                                                        }
                                                        , version {span.version}
                                                    </Link>
                                                </td>
                                                <td className="number">{factorText(span)}</td>
                                            </tr>
                                        ))}
                                    </tbody>
                                </table>
                            </div>
                        </details>
                    )}
                    {!away && spans.length === 0 && (
                        <Message title="Its numbers are of devices">
                            Count people beside it, or put it into a class of sites that are alike
                            and calibrated.
                        </Message>
                    )}
                </>
            )}
        </Panel>
    );
}
