// The calendar of the range picker: loaded when it is opened.

import { DatePicker } from '@mantine/dates';
import '@mantine/dates/styles.css';

export type Days = [string | null, string | null];

interface DaysPickerProps {
    value: Days;
    choose: (days: Days) => void;
    last: string;
    large: boolean;
}

export default function DaysPicker({ value, choose, last, large }: DaysPickerProps) {
    return (
        <DatePicker
            type="range"
            size={large ? 'sm' : 'xs'}
            allowSingleDateInRange
            value={value}
            onChange={days => choose(days as Days)}
            maxDate={last}
            firstDayOfWeek={1}
            weekendDays={[]}
            aria-label="Days"
        />
    );
}
