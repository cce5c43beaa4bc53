// What a digital face showed in the period, by its log or its loop, and how often that was met.

import type { FacePlays, FaceReport } from '@mobilytics/api';
import { Panel, When, count, decimal } from '@mobilytics/ui';
import { sourceText } from '../figures/plays';
import type { View } from '../shell/view';

function Creatives({ plays }: { plays: FacePlays }) {
    return (
        <div className="rows-scroll" tabIndex={0} role="region" aria-label="Plays by creative">
            <table className="rows" data-testid="creatives">
                <thead>
                    <tr>
                        <th scope="col">Creative</th>
                        <th scope="col" className="number">
                            Plays
                        </th>
                        <th scope="col" className="number">
                            Contacts
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {plays.creatives.map(each => (
                        <tr key={each.creative}>
                            <td>{each.creative || <span className="muted">not named</span>}</td>
                            <td className="number">{count(each.plays)}</td>
                            <td className="number">{decimal(each.contacts, 1)}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
            {plays.creatives_more > 0 && (
                <p className="muted">and {count(plays.creatives_more)} more</p>
            )}
        </div>
    );
}

export function Plays({ report, view }: { report: FaceReport; view: View }) {
    const { plays } = report;
    if (!plays) return null;
    return (
        <Panel title="Plays" about="What the face showed, and how often that was met.">
            <p data-testid="plays-source">
                {sourceText(plays)}
                {plays.imported_at && (
                    <>
                        ; last imported <When at={plays.imported_at} zone={view.zone} />
                    </>
                )}
                .
            </p>
            <ul className="metric-list">
                <li>
                    <span>Plays</span>
                    <span className="metric-value">
                        <strong>{count(Math.round(plays.plays))}</strong>
                    </span>
                </li>
                <li>
                    <span>Contacts with them</span>
                    <span className="metric-value">
                        <strong>{decimal(plays.contacts, 1)}</strong>{' '}
                        <span className="muted">
                            {plays.weighted_as === 'lts' ? 'likely to see' : 'opportunities to see'}
                            {report.suppressed.includes('plays')
                                ? ', without hours that are held back'
                                : ''}
                        </span>
                    </span>
                </li>
            </ul>
            {plays.creatives.length > 0 && <Creatives plays={plays} />}
        </Panel>
    );
}
