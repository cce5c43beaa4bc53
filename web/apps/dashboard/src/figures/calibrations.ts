// How good a calibration is, in words; and totals that are typed in, as the server takes them.

import type {
    CalibrationTold,
    CalibrationUsed,
    Model,
    ModelState,
    NoPeople,
    PeopleFigures,
    Quality,
    Residual,
    Total,
} from '@mobilytics/api';
import { count, decimal, percent, sentence } from '@mobilytics/ui';
import type { TagKind } from '@mobilytics/ui';
import { parseLocal } from '@mobilytics/ui/zones';

export const kQualities: Record<Quality, { kind: TagKind; label: string; about: string }> = {
    fresh: { kind: 'good', label: 'Fresh', about: 'Counted within 90 days.' },
    ageing: {
        kind: 'waiting',
        label: 'Ageing',
        about: 'Counted 90 to 365 days ago: count again soon.',
    },
    old: { kind: 'warn', label: 'Old', about: 'Counted more than a year ago: count again.' },
    drifting: { kind: 'bad', label: 'Drifting', about: 'People counted later no longer fit it.' },
};

export const kModelStateWords: Record<ModelState, string> = {
    draft: 'Draft',
    published: 'Published',
    retired: 'Retired',
};

export const kCountStates = {
    counting: { kind: 'info', label: 'Goes on' },
    ended: { kind: 'good', label: 'Ended' },
    dismissed: { kind: 'idle', label: 'Excluded' },
} as const;

export const kScopes = { asset: 'its own', class: 'its class', company: 'the company' } as const;

/** "1.58 (1.37 to 1.82)" */
export const factorText = ({
    factor,
    factor_low,
    factor_high,
}: Pick<Model, 'factor' | 'factor_low' | 'factor_high'>) =>
    `${decimal(factor, 2)} (${decimal(factor_low, 2)} to ${decimal(factor_high, 2)})`;

/** What it rests on, in a sentence. */
export function restsOn({ quarters, days, unheard, error }: Model): string {
    const left = unheard > 0 ? ` ${unheard} more were counted while no sensor was heard.` : '';
    const off =
        days > 1
            ? ` On days that the fit had no part in it was ${error < 1 ? percent(error) : count(error * 100)} % off on average.`
            : ' Of one day, nothing is known of how days differ: its interval is half to twice.';
    return `${quarters} quarters of an hour on ${days} ${days === 1 ? 'day' : 'days'}.${off}${left}`;
}

/** How far from what was expected, as people. */
export const residualOf = ({ people, expected }: Residual) => people - expected;

const kNoPeople: Record<NoPeople, string> = {
    not_calibrated: 'Not people: nobody has counted here by hand.',
    suppressed: 'People are held back: they rest on too few devices.',
    other_question: 'Not people: no factor is of one motion or of Bluetooth alone.',
    too_many_models: 'Not people: too many factors at once. Choose fewer assets.',
};

function usedText({
    version,
    fitted_on,
    age_days,
    state,
    factor,
    factor_interval,
}: CalibrationUsed) {
    const [low, high] = factor_interval;
    return `factor ${decimal(factor, 2)} (${decimal(low, 2)} to ${decimal(high, 2)}), version ${version}, counted on ${fitted_on}, ${age_days} days ago: ${kQualities[state].label.toLowerCase()}`;
}

/** How many people, and what that rests on; or why none are told. */
export function peopleText(people: PeopleFigures | undefined, told: CalibrationTold): string {
    if (!people) return kNoPeople[told.reason ?? 'not_calibrated'];
    const part =
        told.share < 1
            ? ` This is of the ${percent(told.share)} % of the time heard that is calibrated.`
            : '';
    const by =
        told.models.length === 1 && told.models[0]
            ? usedText(told.models[0])
            : `${told.models.length} factors`;
    return `${decimal(people.mean, 1)} people were present at an asset, on average (90 %: ${decimal(people.low, 1)} to ${decimal(people.high, 1)}), by ${by}.${part}`;
}

const kQuarterMs = 900_000;

/** Quarters of an hour from a local time on, one for each number; none where it is no such time. */
export function totalsFrom(
    start: string,
    people: readonly (number | undefined)[],
    zone: string,
): Total[] | undefined {
    const from = parseLocal(start, zone);
    if (from === undefined) return undefined;
    return people.flatMap((value, i) =>
        value === undefined
            ? []
            : {
                  from: new Date(from + i * kQuarterMs).toISOString(),
                  to: new Date(from + (i + 1) * kQuarterMs).toISOString(),
                  people: value,
              },
    );
}

/** What the server finds wrong in totals, by the row that it stands in; only the filled were sent. */
export function faultsOfRows(
    faults: readonly { pointer: string; detail: string }[],
    filled: readonly boolean[],
): (string | undefined)[] {
    const sent = filled.flatMap((is, row) => (is ? [row] : []));
    const out: (string | undefined)[] = filled.map(() => undefined);
    for (const { pointer, detail } of faults) {
        const row = sent[Number(/^\/totals\/(\d+)\//.exec(pointer)?.[1] ?? -1)];
        if (row !== undefined) out[row] = sentence(detail);
    }
    return out;
}
