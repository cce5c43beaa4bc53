// What is above a list: search, filters, columns, kept views, the whole list as a file.

import { useEffect, useRef, useState } from 'react';
import { ActionIcon, Button, Checkbox, Popover, Select, TextInput, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import {
    IconBookmark,
    IconCalendar,
    IconColumns3,
    IconDownload,
    IconSearch,
    IconX,
} from '@tabler/icons-react';
import { csvOf, saveText } from '../csv';
import { recall, remember } from '../storage';
import { zoned } from './days';
import { askOf, isKeptViews, isNarrowed, sameView } from './list_state';
import type { KeptView, ListState } from './list_state';
import type { FilterChoice, RemoteColumn, RemoteFilter, RemoteTableProps } from './remote_table';

type Change = (change: Partial<ListState>, replace?: boolean) => void;

const kTypingMs = 250;
const kFilePageSize = 200;
const kFilePagesMax = 500;

function SearchField({
    label,
    state,
    change,
}: {
    label: string;
    state: ListState;
    change: Change;
}) {
    const [typed, setTyped] = useState(state.q ?? '');
    const input = useRef<HTMLInputElement>(null);
    const asked = state.q ?? '';
    const sent = useRef(asked);
    useEffect(() => {
        // By "back", or a saved view: not by what is being typed here.
        if (asked !== sent.current) setTyped(asked);
        sent.current = asked;
    }, [asked]);
    useEffect(() => {
        const wanted = typed.trim();
        if (wanted === asked) return;
        const timer = setTimeout(() => {
            sent.current = wanted;
            change({ q: wanted || undefined }, true);
        }, kTypingMs);
        return () => clearTimeout(timer);
    });
    useEffect(() => {
        const onKey = (event: KeyboardEvent) => {
            const within = event.target instanceof HTMLElement ? event.target : undefined;
            if (event.key !== '/' || within?.closest('input, textarea, select, [role=dialog]'))
                return;
            event.preventDefault();
            input.current?.focus();
        };
        window.addEventListener('keydown', onKey);
        return () => window.removeEventListener('keydown', onKey);
    }, []);
    return (
        <TextInput
            ref={input}
            size="xs"
            className="table-search"
            placeholder={label}
            aria-label={label}
            value={typed}
            maxLength={200}
            onChange={event => setTyped(event.currentTarget.value)}
            leftSection={<IconSearch size={14} stroke={1.7} />}
            rightSection={
                typed ? (
                    <ActionIcon
                        size="xs"
                        variant="transparent"
                        color="gray"
                        aria-label="Search for nothing"
                        onClick={() => setTyped('')}
                    >
                        <IconX size={12} />
                    </ActionIcon>
                ) : null
            }
        />
    );
}

interface FilterFieldProps {
    filter: RemoteFilter;
    value: string;
    set: (value: string) => void;
}

const kFoundMin = 2;

/** Of what is too many for a list: typed, and found by the server. */
function FoundField({ filter, value, set }: FilterFieldProps) {
    const [typed, setTyped] = useState('');
    const [asked, setAsked] = useState('');
    const [chosen, setChosen] = useState<FilterChoice>();
    useEffect(() => {
        const timer = setTimeout(() => setAsked(typed.trim()), kTypingMs);
        return () => clearTimeout(timer);
    }, [typed]);
    const found = useQuery({
        queryKey: ['filter', filter.name, asked],
        queryFn: ({ signal }) => filter.find!(asked, signal),
        enabled: asked.length >= kFoundMin,
        staleTime: 30_000,
        placeholderData: keepPreviousData,
    });
    const named = value && {
        value,
        label: (chosen?.value === value && chosen.label) || filter.naming?.(value) || value,
    };
    const choices = [...(found.data ?? [])];
    if (named && !choices.some(choice => choice.value === value)) choices.push(named);
    return (
        <Select
            size="xs"
            className="table-filter"
            data-chosen={value || undefined}
            aria-label={filter.label}
            placeholder={filter.label}
            data={choices}
            // What is shown was found by the server; the name need not hold what was typed.
            filter={({ options }) => options}
            value={value || null}
            onChange={(next, choice) => {
                setChosen(choice ?? undefined);
                set(next ?? '');
            }}
            searchable
            onSearchChange={setTyped}
            nothingFoundMessage={
                asked.length < kFoundMin
                    ? 'Type a part of the name'
                    : found.isFetching
                      ? 'Looking…'
                      : 'Nothing is called that'
            }
            clearable
            clearButtonProps={{ 'aria-label': `Any ${filter.label.toLowerCase()}` }}
            comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
        />
    );
}

function FilterField({ filter, value, set }: FilterFieldProps) {
    const [typed, setTyped] = useState(value);
    useEffect(() => setTyped(value), [value]);
    if (filter.kind === 'found') return <FoundField filter={filter} value={value} set={set} />;
    if (filter.kind === 'choice') {
        const choices = [...(filter.choices ?? [])];
        // By a link, or from beside a row: what is in force is shown, also when it is no choice.
        if (value && !choices.some(choice => choice.value === value)) {
            choices.push({ value, label: filter.naming?.(value) ?? value });
        }
        return (
            <Select
                size="xs"
                className="table-filter"
                data-chosen={value || undefined}
                aria-label={filter.label}
                placeholder={filter.label}
                data={choices}
                value={value || null}
                onChange={chosen => set(chosen ?? '')}
                clearable
                clearButtonProps={{ 'aria-label': `Any ${filter.label.toLowerCase()}` }}
                searchable={choices.length > 8}
                comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
            />
        );
    }
    return (
        <TextInput
            size="xs"
            className="table-filter"
            data-chosen={value || undefined}
            aria-label={filter.label}
            placeholder={filter.label}
            value={typed}
            maxLength={200}
            onChange={event => setTyped(event.currentTarget.value)}
            onBlur={() => typed.trim() !== value && set(typed.trim())}
            onKeyDown={event => event.key === 'Enter' && set(typed.trim())}
        />
    );
}

interface DaysProps {
    days: RemoteFilter[];
    values: Record<string, string>;
    set: (values: Record<string, string>) => void;
}

/** Since when and until when, behind one button. */
function DaysField({ days, values, set }: DaysProps) {
    const chosen = days.map(({ name }) => values[name]);
    const any = chosen.some(Boolean);
    const text = any
        ? chosen
              .map(day => day ?? '')
              .join(' – ')
              .trim()
        : 'Any day';
    return (
        <Popover position="bottom-start" trapFocus returnFocus>
            <Popover.Target>
                <Button
                    size="xs"
                    variant="default"
                    className="table-filter"
                    fw={400}
                    data-chosen={any || undefined}
                    leftSection={<IconCalendar size={14} stroke={1.7} />}
                    aria-label={`Days: ${text}`}
                >
                    {text}
                </Button>
            </Popover.Target>
            <Popover.Dropdown>
                <div className="table-days">
                    {days.map(({ name, label }) => (
                        <label
                            key={name}
                            className="table-day"
                            data-chosen={values[name] || undefined}
                        >
                            <span>{label}</span>
                            <input
                                type="date"
                                value={values[name] ?? ''}
                                onChange={event => set({ [name]: event.target.value })}
                            />
                        </label>
                    ))}
                    <Button
                        size="compact-xs"
                        variant="subtle"
                        disabled={!any}
                        onClick={() => set(Object.fromEntries(days.map(({ name }) => [name, ''])))}
                    >
                        Any day
                    </Button>
                </div>
            </Popover.Dropdown>
        </Popover>
    );
}

interface ColumnsProps<Row> {
    columns: RemoteColumn<Row>[];
    shown: RemoteColumn<Row>[];
    change: Change;
}

function Columns<Row>({ columns, shown, change }: ColumnsProps<Row>) {
    const set = (id: string, on: boolean) => {
        const ids = columns
            .filter(({ id: each }) => (each === id ? on : shown.some(column => column.id === each)))
            .map(column => column.id);
        const usual = columns.filter(column => !column.optional).map(column => column.id);
        change({ columns: ids.join() === usual.join() ? undefined : ids }, true);
    };
    return (
        <Popover position="bottom-end" trapFocus returnFocus>
            <Popover.Target>
                <ActionIcon
                    variant="subtle"
                    color="gray"
                    size={30}
                    aria-label="Columns"
                    title="Columns"
                >
                    <IconColumns3 size={16} stroke={1.7} />
                </ActionIcon>
            </Popover.Target>
            <Popover.Dropdown>
                <div className="choices" role="group" aria-label="Columns">
                    {columns
                        .filter(column => column.header)
                        .map((column, i) => (
                            <Checkbox
                                key={column.id}
                                size="xs"
                                label={column.header}
                                checked={shown.includes(column)}
                                disabled={i === 0}
                                onChange={event => set(column.id, event.currentTarget.checked)}
                            />
                        ))}
                </div>
            </Popover.Dropdown>
        </Popover>
    );
}

function Views({ name, state, change }: { name: string; state: ListState; change: Change }) {
    const key = `views.${name}`;
    const [kept, setKept] = useState<KeptView[]>(() => recall(key, isKeptViews) ?? []);
    const [opened, setOpened] = useState(false);
    const [title, setTitle] = useState('');
    const keep = (views: KeptView[]) => {
        setKept(views);
        remember(key, views.length > 0 ? views : undefined);
    };
    const current = kept.find(view => sameView(view.state, state));
    const { cursor: _, ...plain } = state;
    return (
        <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
            <Popover.Target>
                <ActionIcon
                    variant="subtle"
                    color={current ? 'accent' : 'gray'}
                    size={30}
                    aria-label="Saved views"
                    title="Saved views"
                    onClick={() => setOpened(before => !before)}
                >
                    <IconBookmark size={16} stroke={1.7} />
                </ActionIcon>
            </Popover.Target>
            <Popover.Dropdown>
                <div className="views">
                    {kept.length === 0 && (
                        <p className="hint">
                            Search, filter and sort as you need it, then save it here under a name.
                            It stays in this browser; a link shows it to others.
                        </p>
                    )}
                    {kept.map(view => (
                        <div key={view.name} className="view">
                            <button
                                type="button"
                                aria-pressed={view === current}
                                onClick={() => {
                                    change({
                                        q: undefined,
                                        sort: undefined,
                                        columns: undefined,
                                        ...view.state,
                                    });
                                    setOpened(false);
                                }}
                            >
                                {view.name}
                            </button>
                            <ActionIcon
                                size="sm"
                                variant="subtle"
                                color="gray"
                                aria-label={`Forget ${view.name}`}
                                onClick={() => keep(kept.filter(each => each !== view))}
                            >
                                <IconX size={13} />
                            </ActionIcon>
                        </div>
                    ))}
                    <form
                        onSubmit={event => {
                            event.preventDefault();
                            const given = title.trim();
                            if (!given) return;
                            const rest = kept.filter(view => view.name !== given);
                            keep([...rest, { name: given, state: plain }]);
                            setTitle('');
                        }}
                    >
                        <TextInput
                            size="xs"
                            aria-label="Name of this view"
                            placeholder="Name of this view"
                            value={title}
                            maxLength={60}
                            onChange={event => setTitle(event.currentTarget.value)}
                        />
                        <Button type="submit" size="xs" variant="default" disabled={!title.trim()}>
                            Save
                        </Button>
                    </form>
                </div>
            </Popover.Dropdown>
        </Popover>
    );
}

type DownloadProps<Row> = Pick<RemoteTableProps<Row>, 'name' | 'load' | 'caption' | 'sorted'> & {
    columns: RemoteColumn<Row>[];
    filters: RemoteFilter[];
    state: ListState;
    zone: string;
};

/** All that the filters leave, not only this page: page by page, until it is whole or given up. */
function Download<Row>(props: DownloadProps<Row>) {
    const { name, load, columns, filters, state, zone, caption, sorted } = props;
    const [rows, setRows] = useState<number>();
    const stop = useRef<AbortController>(undefined);
    useEffect(() => () => stop.current?.abort(), []);
    const start = async () => {
        const control = (stop.current = new AbortController());
        const kept = columns.filter(column => column.text);
        const lines: (string | number | boolean | undefined)[][] = [];
        let cursor: string | undefined;
        setRows(0);
        try {
            for (let page = 0; page < kFilePagesMax; ++page) {
                const asked = {
                    ...zoned(state, filters, zone),
                    sort: state.sort ?? sorted,
                    cursor,
                };
                const reply = await load(askOf(asked, kFilePageSize), control.signal);
                lines.push(...reply.items.map(row => kept.map(column => column.text!(row))));
                setRows(lines.length);
                cursor = reply.next_cursor;
                if (!cursor) break;
            }
            saveText(
                `mobilytics-${name}-${new Date().toISOString().slice(0, 10)}.csv`,
                csvOf(
                    kept.map(column => column.id),
                    lines,
                ),
            );
            if (cursor) {
                notifications.show({
                    message: `The file has the first ${lines.length} rows. Narrow the list for the rest.`,
                });
            }
        } catch (error) {
            if (!control.signal.aborted) {
                notifications.show({
                    color: 'red',
                    message: `No file: ${(error as Error).message}`,
                });
            }
        }
        setRows(undefined);
    };
    if (rows !== undefined) {
        return (
            <Button
                size="compact-xs"
                variant="default"
                onClick={() => stop.current?.abort()}
                aria-live="polite"
            >
                {rows} rows… Stop
            </Button>
        );
    }
    const what = isNarrowed(state) ? 'Download what matches, as CSV' : 'Download all, as CSV';
    return (
        <Tooltip label={what}>
            <ActionIcon
                variant="subtle"
                color="gray"
                size={30}
                aria-label={`${what}: ${caption}`}
                data-testid={`csv-${name}`}
                onClick={() => void start()}
            >
                <IconDownload size={16} stroke={1.7} />
            </ActionIcon>
        </Tooltip>
    );
}

type ToolsProps<Row> = RemoteTableProps<Row> & {
    filters: RemoteFilter[];
    state: ListState;
    change: Change;
    shown: RemoteColumn<Row>[];
    zone: string;
};

export function TableTools<Row>(props: ToolsProps<Row>) {
    const { state, change, filters, shown } = props;
    const days = filters.filter(({ kind }) => kind === 'day');
    const others = filters.filter(({ kind }) => kind !== 'day');
    return (
        <div className="table-tools">
            {props.searches && <SearchField label={props.searches} state={state} change={change} />}
            {others.map(filter => (
                <FilterField
                    key={filter.name}
                    filter={filter}
                    value={state.filters[filter.name] ?? ''}
                    set={value => change({ filters: { ...state.filters, [filter.name]: value } })}
                />
            ))}
            {days.length > 0 && (
                <DaysField
                    days={days}
                    values={state.filters}
                    set={values => change({ filters: { ...state.filters, ...values } })}
                />
            )}
            {isNarrowed(state) && (
                <button
                    type="button"
                    className="link-button"
                    onClick={() => change({ q: undefined, filters: {} })}
                >
                    Show all
                </button>
            )}
            <div className="table-tools-end">
                <Columns columns={props.columns} shown={shown} change={change} />
                <Views name={props.name} state={state} change={change} />
                <Download {...props} columns={shown} />
                {props.create}
            </div>
        </div>
    );
}
