// A sortable, paged table that becomes a list of cards on a narrow screen.

import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import {
    createPaginatedRowModel,
    createSortedRowModel,
    rowPaginationFeature,
    rowSortingFeature,
    sortFn_alphanumeric,
    sortFn_basic,
    sortFn_text,
    tableFeatures,
    useTable,
} from '@tanstack/react-table';
import type { Cell, ColumnDef } from '@tanstack/react-table';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';

export const kTableFeatures = tableFeatures({
    rowSortingFeature,
    rowPaginationFeature,
    sortedRowModel: createSortedRowModel(),
    paginatedRowModel: createPaginatedRowModel(),
    sortFns: { alphanumeric: sortFn_alphanumeric, text: sortFn_text, basic: sortFn_basic },
});

export type TableColumn<Row extends object> = ColumnDef<typeof kTableFeatures, Row>;

interface DataTableProps<Row extends object> {
    caption: string;
    rows: Row[];
    columns: TableColumn<Row>[];
    /** Said in place of rows. */
    nothing: string;
    numbers?: readonly string[];
}

const kPageSize = 50;

/**
 * What is in a cell. FlexRender takes the column's function for a component: a new one whenever
 * columns are made anew, which every second takes the focus and closes what is open.
 */
function drawn<Row extends object>(cell: Cell<typeof kTableFeatures, Row, unknown>): ReactNode {
    const { cell: draw } = cell.column.columnDef;
    return typeof draw === 'function' ? draw(cell.getContext()) : draw;
}

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
    const table = useTable({
        features: kTableFeatures,
        data: props.rows,
        columns: props.columns,
        initialState: { pagination: { pageIndex: 0, pageSize: kPageSize } },
        autoResetPageIndex: false,
        sortDescFirst: false,
    });
    const isNumber = (id: string) => (props.numbers?.includes(id) ? 'number' : undefined);
    const pages = table.getPageCount();
    const page = table.state.pagination.pageIndex;
    return (
        <div className="data-table">
            <table className="rows">
                <caption className="hidden">{props.caption}</caption>
                <thead>
                    {table.getHeaderGroups().map(group => (
                        <tr key={group.id}>
                            {group.headers.map(header => {
                                const sorted = header.column.getIsSorted();
                                return (
                                    <th
                                        key={header.id}
                                        scope="col"
                                        className={isNumber(header.column.id)}
                                        aria-sort={
                                            sorted === 'asc'
                                                ? 'ascending'
                                                : sorted === 'desc'
                                                  ? 'descending'
                                                  : undefined
                                        }
                                    >
                                        {header.column.getCanSort() ? (
                                            <button
                                                type="button"
                                                className="sort"
                                                onClick={header.column.getToggleSortingHandler()}
                                            >
                                                <table.FlexRender header={header} />
                                                {sorted === 'asc' && (
                                                    <IconArrowUp size={12} aria-hidden />
                                                )}
                                                {sorted === 'desc' && (
                                                    <IconArrowDown size={12} aria-hidden />
                                                )}
                                            </button>
                                        ) : header.column.columnDef.header ? (
                                            <table.FlexRender header={header} />
                                        ) : (
                                            <span className="hidden">Actions</span>
                                        )}
                                    </th>
                                );
                            })}
                        </tr>
                    ))}
                </thead>
                <tbody>
                    {table.getRowModel().rows.map(row => (
                        <tr key={row.id}>
                            {row.getAllCells().map(cell => (
                                <td
                                    key={cell.id}
                                    className={isNumber(cell.column.id)}
                                    data-label={
                                        typeof cell.column.columnDef.header === 'string'
                                            ? cell.column.columnDef.header
                                            : ''
                                    }
                                >
                                    {drawn(cell)}
                                </td>
                            ))}
                        </tr>
                    ))}
                    {props.rows.length === 0 && (
                        <tr>
                            <td colSpan={props.columns.length} className="muted">
                                {props.nothing}
                            </td>
                        </tr>
                    )}
                </tbody>
            </table>
            {pages > 1 && (
                <nav className="pager" aria-label="Pages of the table">
                    <Button
                        variant="default"
                        size="compact-xs"
                        disabled={!table.getCanPreviousPage()}
                        onClick={() => table.previousPage()}
                    >
                        Before
                    </Button>
                    <span className="muted">
                        Page {page + 1} of {pages}
                    </span>
                    <Button
                        variant="default"
                        size="compact-xs"
                        disabled={!table.getCanNextPage()}
                        onClick={() => table.nextPage()}
                    >
                        Next
                    </Button>
                </nav>
            )}
        </div>
    );
}
