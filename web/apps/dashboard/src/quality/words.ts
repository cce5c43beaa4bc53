// Quality in plain words: grades, what was found and what to do about it, what a change rests on.
// The rules themselves are the server's (docs/quality.md).

import type { FindingKind, QualityDay, QualityFinding, QualityGrade } from '@mobilytics/api';
import { count, decimal, duration, percent } from '@mobilytics/ui';
import { minuteText } from '@mobilytics/ui/zones';

export const kGradeWords: Record<QualityGrade, { word: string; means: string }> = {
    good: { word: 'Good', means: 'nothing was found, and at least 95 % was heard' },
    fair: { word: 'Fair', means: 'something slight was found, or less than 95 % was heard' },
    poor: { word: 'Poor', means: 'something serious was found, or less than half was heard' },
    running: { word: 'Not over', means: 'the day goes on; nothing is wrong so far' },
    none: { word: 'No sensor', means: 'no sensor was on it' },
};

export const kFindingLabels: Record<FindingKind, string> = {
    silent: 'Silent all day',
    gap: 'Gap',
    deaf: 'Heard, but no visits',
    stuck: 'Stuck count',
    spike: 'Spike',
    jump: 'Far from usual',
    unlike_sisters: 'Unlike its kind',
    clock: 'Wrong clock',
    overloaded: 'Overloaded',
};

export const kSeverityWords = { minor: 'Slight', major: 'Serious' } as const;

const kDayFormat = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
});

/** 2026-11-17 as Tue 17 Nov. */
export function dayWords(day: string): string {
    return kDayFormat.format(Date.parse(`${day}T12:00:00Z`)).replace(',', '');
}

/** From when to when, on the clock of the zone: "from 09:00 to 12:00", "all day". */
export function timesText(
    { from, to }: Pick<QualityFinding, 'from' | 'to'>,
    day: Pick<QualityDay, 'from' | 'to'>,
    zone: string,
): string {
    const [start, end] = [Date.parse(from), Date.parse(to)];
    const [first, last] = [Date.parse(day.from), Date.parse(day.to)];
    if (start <= first && end >= last) return 'all day';
    const time = (at: number) => minuteText(at, zone).slice(11);
    return `from ${time(start)} to ${end >= last ? '24:00' : time(end)}`;
}

/** A ratio as people say it: "38 % fewer", "2.4 times as many". */
export function ratioText(ratio: number): string {
    if (ratio >= 2) return `${decimal(ratio, 1)} times as many`;
    const percents = Math.round(Math.abs(ratio - 1) * 100);
    if (percents === 0) return 'as many';
    return `${percents} % ${ratio > 1 ? 'more' : 'fewer'}`;
}

/** "38 % fewer than usual", "as many as usual". */
export function thanText(ratio: number, than: string): string {
    const told = ratioText(ratio);
    return told.endsWith('as many') ? `${told} as ${than}` : `${told} than ${than}`;
}

/** "less than 0.1 %", "12 %": of the sightings. */
function shareText(share: number): string {
    return share >= 0.1 ? `${count(share * 100)} %` : `${percent(share)} %`;
}

function lasting(seconds: number): string {
    const { value, unit } = duration(seconds);
    return `${value} ${unit}`;
}

export interface FindingWords {
    title: string;
    what: string;
    todo: string;
}

const kHeldBack = 'By how much is held back: it rests on too few visits.';

/** One sentence on what was found, one on what to do about it. */
export function findingWords(
    finding: QualityFinding,
    day: Pick<QualityDay, 'from' | 'to'>,
    zone: string,
): FindingWords {
    const times = timesText(finding, day, zone);
    const { value } = finding;
    const title = kFindingLabels[finding.kind];
    switch (finding.kind) {
        case 'silent':
            return {
                title,
                what: `Nothing was heard all day${value === undefined ? '' : `, of ${lasting(value)} in which a sensor was on it`}.`,
                todo: 'Look at the power and the network of its sensor. What the sensor has kept meanwhile still arrives, and corrects the day.',
            };
        case 'gap':
            return {
                title,
                what: `Not heard ${times}${value === undefined ? '' : `: ${lasting(value)} are missing`}.`,
                todo: 'Look at the power and the network of its sensor at that time. What the sensor has kept still arrives, and corrects the day.',
            };
        case 'deaf':
            return {
                title,
                what: `Its sensor was heard ${times}, but no visit began, where there usually are at least ten an hour.`,
                todo: 'Look at its antenna, and at what was put before it. Where its radio hangs, a restart of the sensor helps.',
            };
        case 'stuck':
            return {
                title,
                what: `The very same count, hour after hour, ${times}.`,
                todo: 'No street is so even. Restart the sensor, and look for something beside it that sends again and again.',
            };
        case 'spike':
            return {
                title,
                what: value
                    ? `${decimal(value, 1)} times as many visits as usual ${times}.`
                    : `Far more visits than usual ${times}. ${kHeldBack}`,
                todo: 'If there was an event, note it for whoever reads the chart. If not, look for a device nearby that changes its address all the time.',
            };
        case 'jump': {
            const what = value
                ? `${sentenceStart(thanText(value, 'on days like it'))}.`
                : `Far from what is usual on days like it. ${kHeldBack}`;
            return finding.shared
                ? {
                      title,
                      what: `${what} Assets of its kind did the same.`,
                      todo: 'So it is the day rather than the sensor: weather, a holiday, a closed street? Note it.',
                  }
                : {
                      title,
                      what,
                      todo: 'Was it moved or turned, or did it get another sensor? If something happened near it, note that.',
                  };
        }
        case 'unlike_sisters':
            return {
                title,
                what: value
                    ? `It went another way than assets of its kind: ${thanText(value, 'they let expect')}.`
                    : `It went another way than assets of its kind. ${kHeldBack}`,
                todo: 'Look where it was that day and whether its sensor still hears as before.',
            };
        case 'clock':
            return {
                title,
                what: `${value === undefined ? 'Some' : shareText(value)} of its sightings had a time that cannot be right, and were left out.`,
                todo: 'See whether its sensor gets the time: from the network (NTP) or from its position receiver.',
            };
        case 'overloaded':
            return {
                title,
                what: `${value === undefined ? 'Some' : shareText(value)} of its sightings were left out, because more devices were there at once than are kept track of.`,
                todo: 'Its counts of that day are too low. Where it comes back, whoever runs the server can raise that limit.',
            };
    }
}

function sentenceStart(text: string): string {
    return text[0]!.toUpperCase() + text.slice(1);
}

/** Under this share heard, a day is not compared. */
const kHeardWell = 0.8;

/** How the day compares with what is usual, or why that is not told. */
export function changeWords(day: QualityDay, suppressBelow: number, now: number): string {
    if (day.change !== null) {
        return `${sentenceStart(thanText(day.change, 'usual'))}, by ${day.usual_days} days like it`;
    }
    if (day.grade === 'none') return 'Not told: no sensor was on it';
    if (Date.parse(day.to) > now) return 'Told when the day is over';
    if ((day.completeness ?? 0) < kHeardWell)
        return 'Not told: less than four fifths of it was heard';
    if (day.usual_days === 0)
        return 'Too few to judge: at least four days like it, heard well, have to lie before it';
    return `Held back: it rests on fewer than ${suppressBelow} visits`;
}

/** How assets of its kind compare with what is usual for them, or why that is not told. */
export function sistersWords(day: QualityDay): string {
    if (day.sisters_change !== undefined) {
        return `${sentenceStart(thanText(day.sisters_change, 'usual'))}; the median of the others`;
    }
    return day.change === null
        ? 'Not told either'
        : 'Too few to judge: fewer than three others of its kind';
}

/** A cell in words, for who does not see it and for who points at it. */
export function cellWords(day: QualityDay | undefined): string {
    if (!day) return 'not known';
    const found = day.findings.map(({ kind }) => kFindingLabels[kind].toLowerCase());
    return [
        kGradeWords[day.grade].word.toLowerCase(),
        day.completeness !== null && `${percent(day.completeness)} % heard`,
        found.length > 0 && found.join(', '),
        day.corrected && 'corrected',
    ]
        .filter(Boolean)
        .join(', ');
}
