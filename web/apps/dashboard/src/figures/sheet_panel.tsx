// A chart with its table behind it: the same rows, to look at, to read out and to take away.

import { useState } from 'react';
import type { ReactNode } from 'react';
import { ActionIcon, Skeleton, Tooltip } from '@mantine/core';
import { IconChartBar, IconDownload, IconTable } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Basics } from '@mobilytics/api';
import { Chart, Message, Panel, Trouble } from '@mobilytics/ui';
import type { Ink } from '@mobilytics/ui';
import type { EChartsCoreOption } from 'echarts/core';
import { saveSheet, useSheet } from '../shell/sheets';
import { useView } from '../shell/view';
import { cellText } from './sheet';
import type { Sheet } from './sheet';
import type { Span } from '../time/ranges';

export function SheetTable({ sheet, height = 320 }: { sheet: Sheet; height?: number }) {
    return (
        <div
            className="rows-scroll"
            style={{ ['--rows-height' as string]: `${height}px` }}
            tabIndex={0}
            role="region"
            aria-label={sheet.title}
        >
            <table className="rows">
                <caption className="hidden">{sheet.title}</caption>
                <thead>
                    <tr>
                        {sheet.columns.map(column => (
                            <th
                                key={column.key}
                                scope="col"
                                className={column.digits === undefined ? undefined : 'number'}
                            >
                                {column.label}
                                {column.unit && <span className="muted"> {column.unit}</span>}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {sheet.rows.map((row, i) => (
                        <tr key={i}>
                            {sheet.columns.map(column => (
                                <td
                                    key={column.key}
                                    className={column.digits === undefined ? undefined : 'number'}
                                >
                                    {cellText(row[column.key], column)}
                                </td>
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

interface SheetPanelProps {
    title: ReactNode;
    about?: ReactNode;
    /** Beside the buttons. */
    controls?: ReactNode;
    /** Above the chart: a figure or two. */
    head?: ReactNode;
    /** Under the chart: how marks are to be read. */
    foot?: ReactNode;
    query: Pick<UseQueryResult<unknown>, 'isPending' | 'error' | 'refetch'> & {
        data?: Basics | undefined;
    };
    sheet: Sheet | undefined;
    /** Why there is nothing to draw, if so. */
    nothing?: string | false | undefined;
    option: (ink: Ink, width: number) => EChartsCoreOption;
    description: string;
    height?: number;
    span?: Span;
    what: string;
    onClick?: (index: number) => void;
}

export function SheetPanel(props: SheetPanelProps) {
    const { query, sheet, height = 260 } = props;
    const view = useView();
    const [table, setTable] = useState(false);
    useSheet(props.nothing ? undefined : sheet, query.data, props.span);
    const open = sheet && !props.nothing;
    return (
        <Panel
            title={props.title}
            about={props.about}
            testId={sheet ? `panel-${sheet.name}` : undefined}
            actions={
                <>
                    {props.controls}
                    <Tooltip label={table ? 'Show as chart' : 'Show as table'}>
                        <ActionIcon
                            variant="subtle"
                            color="gray"
                            size={28}
                            disabled={!open}
                            aria-pressed={table}
                            aria-label="Show as table"
                            onClick={() => setTable(!table)}
                        >
                            {table ? (
                                <IconChartBar size={16} stroke={1.7} />
                            ) : (
                                <IconTable size={16} stroke={1.7} />
                            )}
                        </ActionIcon>
                    </Tooltip>
                    <Tooltip label="Download CSV">
                        <ActionIcon
                            variant="subtle"
                            color="gray"
                            size={28}
                            disabled={!open}
                            aria-label="Download CSV of this"
                            onClick={() =>
                                sheet &&
                                saveSheet({ sheet, basics: query.data, span: props.span }, view)
                            }
                        >
                            <IconDownload size={16} stroke={1.7} />
                        </ActionIcon>
                    </Tooltip>
                </>
            }
        >
            {!(query.error && !query.data) && props.head}
            {query.error && !query.data ? (
                <div style={{ minHeight: height }}>
                    <Trouble
                        error={query.error}
                        what={props.what}
                        retry={() => void query.refetch()}
                    />
                </div>
            ) : query.isPending || !sheet ? (
                <Skeleton height={height} radius={6} aria-label="Loading" />
            ) : props.nothing ? (
                <div style={{ minHeight: height }}>
                    <Message title="Nothing to show yet">{props.nothing}</Message>
                </div>
            ) : table ? (
                <SheetTable sheet={sheet} height={height} />
            ) : (
                <Chart
                    option={props.option}
                    height={height}
                    description={`${props.description} The same as a table: button “Show as table”.`}
                    {...(props.onClick ? { onClick: props.onClick } : {})}
                />
            )}
            {open && props.foot}
        </Panel>
    );
}
