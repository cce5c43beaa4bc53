// What was mended of a file of regions: each of them, what was wrong, and how its area changes.

import type { RegionsImported } from '@mobilytics/api';
import { count } from '@mobilytics/ui';
import { areaChange } from '../data/region_files';

const kShown = 8;

export function Mended({ of }: { of: RegionsImported }) {
    if (of.mended_regions === 0) return null;
    return (
        <div className="regions-faults" data-testid="import-mended">
            <p>
                {of.mended_regions === 1
                    ? 'One of them is mended:'
                    : `${count(of.mended_regions)} of them are mended, those that change most first:`}
            </p>
            <ul>
                {of.mended.slice(0, kShown).map(each => (
                    <li key={each.feature}>
                        {each.name} <code>{each.code}</code>: {each.fault}; {areaChange(each)}
                    </li>
                ))}
                {of.mended_regions > kShown && (
                    <li>and {count(of.mended_regions - kShown)} more</li>
                )}
            </ul>
        </div>
    );
}
