// Which time, compared with what; in which zone.

import { Suspense, lazy, useState } from 'react';
import { Button, Popover, Skeleton, Switch } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconCalendar, IconChevronDown } from '@tabler/icons-react';
import { kDefaultRange, kPresetLabels, kPresets, spanText } from '../time/ranges';
import { dayText } from '@mobilytics/ui/zones';
import { useChangeSearch, useView } from './view';
import type { Days } from './days';

const DaysPicker = lazy(() => import('./days'));

export function RangePicker() {
    const { range, compare, zone } = useView();
    const change = useChangeSearch();
    const [opened, setOpened] = useState(false);
    const narrow = useMediaQuery('(max-width: 760px)');
    const [days, setDays] = useState<Days>([null, null]);
    const today = dayText(Date.now(), zone);

    const choose = (name: (typeof kPresets)[number]) => {
        change({
            range: name === kDefaultRange ? undefined : name,
            from: undefined,
            to: undefined,
        });
        setOpened(false);
    };
    const chooseDays = (chosen: Days) => {
        setDays(chosen);
        const [from, to] = chosen;
        if (!from || !to) return;
        change({ range: 'custom', from: from.slice(0, 10), to: to.slice(0, 10) });
        setOpened(false);
    };
    const shownDays: Days =
        days[0] && !days[1] ? days : [dayText(range.from, zone), dayText(range.to - 1, zone)];

    return (
        <Popover
            opened={opened}
            onChange={setOpened}
            onOpen={() => setDays([null, null])}
            position="bottom-end"
            trapFocus
            returnFocus
        >
            <Popover.Target>
                <Button
                    variant="default"
                    size="xs"
                    className="filter"
                    onClick={() => setOpened(before => !before)}
                    leftSection={<IconCalendar size={14} stroke={1.7} />}
                    rightSection={<IconChevronDown size={13} stroke={1.8} />}
                    aria-label={`Time: ${range.label}`}
                    data-testid="range"
                >
                    {range.label}
                </Button>
            </Popover.Target>
            <Popover.Dropdown p={0}>
                <div className="ranges">
                    <div className="presets" role="group" aria-label="Presets">
                        {kPresets.map(name => (
                            <button
                                key={name}
                                type="button"
                                aria-pressed={range.name === name}
                                data-testid={`range-${name}`}
                                onClick={() => choose(name)}
                            >
                                {kPresetLabels[name]}
                            </button>
                        ))}
                    </div>
                    <div className="calendar">
                        <Suspense fallback={<Skeleton height={narrow ? 288 : 242} />}>
                            <DaysPicker
                                value={shownDays}
                                choose={chooseDays}
                                last={today}
                                large={narrow === true}
                            />
                        </Suspense>
                    </div>
                </div>
                <div className="ranges-foot">
                    <Switch
                        size="xs"
                        label={`Compare with ${range.previousPhrase}`}
                        checked={compare}
                        onChange={event =>
                            change({ compare: event.currentTarget.checked ? undefined : 'none' })
                        }
                    />
                    <span className="muted">
                        {spanText(range, zone)} · {zone}
                    </span>
                </div>
            </Popover.Dropdown>
        </Popover>
    );
}
