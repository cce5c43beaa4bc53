// Every figure and how it is computed, on one page.

import { kMetrics } from '../figures/registry';
import type { Metric } from '../figures/registry';

export function Definitions() {
    return (
        <div className="page narrow">
            <p className="lead">
                What each figure means, how it is computed and how certain it is. A figure that
                rests on fewer than 10 devices is held back, so that nobody can be told apart.
            </p>
            <dl className="definitions">
                {Object.entries<Metric>(kMetrics).map(([id, about]) => (
                    <div key={id} id={id}>
                        <dt>
                            {about.label}{' '}
                            {about.unit && <span className="muted">{about.unit}</span>}
                        </dt>
                        <dd>
                            <p>{about.definition}</p>
                            {about.formula && <code>{about.formula}</code>}
                            {about.note && <p>{about.note}</p>}
                            <p className="muted">{about.certain}</p>
                        </dd>
                    </div>
                ))}
            </dl>
        </div>
    );
}
