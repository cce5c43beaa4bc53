// A list that the server pages, sorts and filters. What it shows stands in the address, so that
// back works and a link shows the same; how somebody likes it can be kept in this browser.

import { useEffect, useMemo, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { Button, Checkbox, Skeleton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { IconArrowDown, IconArrowUp, IconRefreshAlert } from '@tabler/icons-react';
import { ago } from '../format';
import { Message, Trouble } from '../panel';
import { zoned } from './days';
import { askOf, isNarrowed, nextSort } from './list_state';
import type { ListAsk } from './list_state';
import { useListState } from './use_list_state';
import { TableTools } from './table_tools';

export interface RemoteColumn<Row> {
    id: string;
    header: string;
    cell: (row: Row) => ReactNode;
    /** The same fact for a file. Left out: the column is not in it. */
    text?: (row: Row) => string | number | boolean | undefined;
    /** By what the contract sorts it. Left out: it cannot be sorted. */
    sort?: string;
    number?: boolean;
    /** Not shown until it is chosen. */
    optional?: boolean;
    /** Not among the facts of a card. */
    wideOnly?: boolean;
}

export interface FilterChoice {
    value: string;
    label: string;
}

export interface RemoteFilter {
    /** As the contract names it. */
    name: string;
    label: string;
    kind: 'choice' | 'found' | 'text' | 'day';
    choices?: FilterChoice[];
    /** Of what is too many to choose from: what the server has of that name. */
    find?: (text: string, signal: AbortSignal) => Promise<FilterChoice[]>;
    /** How what was found is called, where only its id is known: after a link was followed. */
    naming?: (value: string) => string | undefined;
    /** Of a day: the local midnight that begins it is sent, or the one that ends it. */
    end?: boolean;
}

export interface Page<Row> {
    items: Row[];
    next_cursor?: string;
}

export interface RemoteTableProps<Row> {
    /** Of kept views and of the file. */
    name: string;
    caption: string;
    queryKey: readonly unknown[];
    load: (ask: ListAsk, signal?: AbortSignal) => Promise<Page<Row>>;
    columns: RemoteColumn<Row>[];
    filters?: RemoteFilter[];
    /** What the search field finds by; without it there is none. */
    searches?: string;
    rowKey: (row: Row) => string;
    rowLabel: (row: Row) => string;
    /** A click, or Enter, on the first cell. */
    open?: (row: Row) => void;
    /** Which row is open beside the list. */
    openKey?: string | undefined;
    actions?: (row: Row) => ReactNode;
    bulk?: (rows: Row[], done: () => void) => ReactNode;
    empty: { title: string; text: ReactNode; action?: ReactNode };
    /** Asked again by itself this often. */
    refreshMs?: number;
    prefix?: string;
    /** How it is sorted until somebody chooses; the server's own way when left out. */
    sorted?: string;
    /** Right of the tools: what creates a row. */
    create?: ReactNode;
    pageSize?: number;
    zone?: string;
}

const kPageSize = 50;

function SkeletonRows({ columns, count }: { columns: number; count: number }) {
    return Array.from({ length: count }, (_, i) => (
        <tr key={i} aria-hidden>
            {Array.from({ length: columns }, (__, j) => (
                <td key={j} data-label="">
                    <Skeleton height={12} width={`${78 - ((i * 13 + j * 29) % 44)}%`} radius={4} />
                </td>
            ))}
        </tr>
    ));
}

/** Up and down step through the rows; the first cell's button opens one. */
function onRowKeys(event: KeyboardEvent<HTMLTableSectionElement>) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || !(event.target instanceof HTMLElement)) return;
    const at = event.target.closest('[data-row-open]');
    if (!at) return;
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row-open]')];
    const next = all[all.indexOf(at as HTMLElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
}

function Stale({ since, retry }: { since: number; retry: () => void }) {
    return (
        <div className="table-stale" role="status">
            <IconRefreshAlert size={15} stroke={1.8} aria-hidden />
            <span>
                This list is from {ago(Date.now() - since)}: it could not be asked for anew.
            </span>
            <button type="button" className="link-button" onClick={retry}>
                Try again
            </button>
        </div>
    );
}

interface HeadProps<Row> {
    column: RemoteColumn<Row>;
    /** By what the list is sorted now. */
    now: string | undefined;
    sortBy: (name: string) => void;
}

function Head<Row>({ column, now, sortBy }: HeadProps<Row>) {
    const { sort } = column;
    const way = sort && now === sort ? 'up' : now === `-${sort}` ? 'down' : undefined;
    return (
        <th
            scope="col"
            className={column.number ? 'number' : undefined}
            aria-sort={way === 'up' ? 'ascending' : way === 'down' ? 'descending' : undefined}
        >
            {sort ? (
                <button type="button" className="sort" onClick={() => sortBy(sort)}>
                    {column.header}
                    {way === 'up' && <IconArrowUp size={12} aria-hidden />}
                    {way === 'down' && <IconArrowDown size={12} aria-hidden />}
                </button>
            ) : (
                column.header || <span className="hidden">Actions</span>
            )}
        </th>
    );
}

export function RemoteTable<Row>(props: RemoteTableProps<Row>) {
    const { columns, filters = [], rowKey, rowLabel, pageSize = kPageSize } = props;
    const names = filters.map(filter => filter.name);
    const { state, change, turn, before } = useListState(names, props.prefix);
    const { sorted } = props;
    const sort = state.sort ?? sorted;
    const ask = askOf(zoned({ ...state, sort }, filters, props.zone ?? 'UTC'), pageSize);
    const list = useQuery({
        queryKey: [...props.queryKey, ask],
        queryFn: ({ signal }) => props.load(ask, signal),
        placeholderData: keepPreviousData,
        staleTime: 5_000,
        ...(props.refreshMs ? { refetchInterval: props.refreshMs } : {}),
    });
    const shown = useMemo(() => {
        const usual = columns.filter(column => !column.optional);
        if (!state.columns) return usual;
        const chosen = columns.filter(column => state.columns!.includes(column.id));
        return chosen.length > 0 ? chosen : usual;
    }, [columns, state.columns]);
    const [picked, setPicked] = useState<Set<string>>(new Set());
    const askText = JSON.stringify(ask);
    useEffect(() => setPicked(new Set()), [askText]);
    const items = list.data?.items ?? [];
    const chosen = items.filter(row => picked.has(rowKey(row)));
    const width = shown.length + (props.actions ? 1 : 0) + (props.bulk ? 1 : 0);
    const nothing = list.data && items.length === 0;

    return (
        <div className="data-table remote" data-testid={`table-${props.name}`}>
            <TableTools
                {...props}
                filters={filters}
                state={state}
                change={change}
                shown={shown}
                zone={props.zone ?? 'UTC'}
            />
            {props.bulk && chosen.length > 0 && (
                <div className="table-bulk" role="status">
                    <strong>{chosen.length} chosen</strong>
                    {props.bulk(chosen, () => setPicked(new Set()))}
                    <button
                        type="button"
                        className="link-button"
                        onClick={() => setPicked(new Set())}
                    >
                        None
                    </button>
                </div>
            )}
            {list.error && list.data && (
                <Stale since={list.dataUpdatedAt} retry={() => void list.refetch()} />
            )}
            {list.error && !list.data ? (
                <Trouble
                    error={list.error}
                    what={props.caption}
                    retry={() => void list.refetch()}
                    center
                />
            ) : nothing && !isNarrowed(state) && !state.cursor ? (
                <Message center title={props.empty.title} actions={props.empty.action}>
                    {props.empty.text}
                </Message>
            ) : (
                <div className="table-scroll" tabIndex={0} role="region" aria-label={props.caption}>
                    <table className="rows" aria-busy={list.isFetching || undefined}>
                        <caption className="hidden">{props.caption}</caption>
                        <thead>
                            <tr>
                                {props.bulk && (
                                    <th scope="col" className="pick">
                                        <Checkbox
                                            size="xs"
                                            aria-label="Choose all on this page"
                                            checked={
                                                items.length > 0 && chosen.length === items.length
                                            }
                                            indeterminate={
                                                chosen.length > 0 && chosen.length < items.length
                                            }
                                            onChange={event =>
                                                setPicked(
                                                    new Set(
                                                        event.currentTarget.checked
                                                            ? items.map(rowKey)
                                                            : [],
                                                    ),
                                                )
                                            }
                                        />
                                    </th>
                                )}
                                {shown.map(column => (
                                    <Head
                                        key={column.id}
                                        column={column}
                                        now={sort}
                                        sortBy={name =>
                                            change({ sort: nextSort(sort, name, sorted) })
                                        }
                                    />
                                ))}
                                {props.actions && (
                                    <th scope="col">
                                        <span className="hidden">Actions</span>
                                    </th>
                                )}
                            </tr>
                        </thead>
                        <tbody onKeyDown={onRowKeys} data-old={list.isPlaceholderData || undefined}>
                            {!list.data && <SkeletonRows columns={width} count={8} />}
                            {items.map(row => {
                                const key = rowKey(row);
                                return (
                                    <tr key={key} data-open={props.openKey === key || undefined}>
                                        {props.bulk && (
                                            <td className="pick" data-label="">
                                                <Checkbox
                                                    size="xs"
                                                    aria-label={`Choose ${rowLabel(row)}`}
                                                    checked={picked.has(key)}
                                                    onChange={event => {
                                                        const next = new Set(picked);
                                                        if (event.currentTarget.checked)
                                                            next.add(key);
                                                        else next.delete(key);
                                                        setPicked(next);
                                                    }}
                                                />
                                            </td>
                                        )}
                                        {shown.map((column, i) => (
                                            <td
                                                key={column.id}
                                                className={
                                                    [
                                                        column.number && 'number',
                                                        column.wideOnly && 'wide-cell',
                                                    ]
                                                        .filter(Boolean)
                                                        .join(' ') || undefined
                                                }
                                                data-label={i === 0 ? '' : column.header}
                                                data-first={i === 0 || undefined}
                                            >
                                                {i === 0 && props.open ? (
                                                    <button
                                                        type="button"
                                                        className="row-open"
                                                        data-row-open
                                                        onClick={() => props.open!(row)}
                                                    >
                                                        {column.cell(row)}
                                                    </button>
                                                ) : (
                                                    column.cell(row)
                                                )}
                                            </td>
                                        ))}
                                        {props.actions && (
                                            <td className="row-end" data-label="">
                                                {props.actions(row)}
                                            </td>
                                        )}
                                    </tr>
                                );
                            })}
                            {nothing && (
                                <tr>
                                    <td colSpan={width} className="muted" data-first>
                                        {state.cursor ? 'Nothing more.' : 'Nothing matches. '}
                                        {isNarrowed(state) && (
                                            <button
                                                type="button"
                                                className="link-button"
                                                onClick={() =>
                                                    change({ q: undefined, filters: {} })
                                                }
                                            >
                                                Show all
                                            </button>
                                        )}
                                    </td>
                                </tr>
                            )}
                        </tbody>
                    </table>
                </div>
            )}
            {(state.cursor || list.data?.next_cursor) && (
                <nav className="pager" aria-label={`Pages of ${props.caption.toLowerCase()}`}>
                    <Button
                        variant="default"
                        size="compact-sm"
                        disabled={!state.cursor}
                        onClick={before}
                    >
                        Before
                    </Button>
                    <Button
                        variant="default"
                        size="compact-sm"
                        disabled={!list.data?.next_cursor || list.isPlaceholderData}
                        onClick={() => turn(list.data?.next_cursor)}
                    >
                        Next
                    </Button>
                    {state.cursor && (
                        <button
                            type="button"
                            className="link-button"
                            onClick={() => turn(undefined)}
                        >
                            To the first page
                        </button>
                    )}
                </nav>
            )}
        </div>
    );
}
