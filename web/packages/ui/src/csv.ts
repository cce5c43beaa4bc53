// Text that a spreadsheet reads, and a file of it.

/** RFC 4180. Text that a spreadsheet would run as a formula begins with an apostrophe. */
export function csvText(text: string): string {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export type CsvCell = string | number | boolean | null | undefined;

export function csvOf(head: string[], rows: CsvCell[][]): string {
    const cell = (value: CsvCell) =>
        value === null || value === undefined
            ? ''
            : typeof value === 'number'
              ? String(value)
              : csvText(typeof value === 'boolean' ? (value ? 'yes' : 'no') : value);
    return [head.map(csvText), ...rows.map(row => row.map(cell))]
        .map(line => line.join(',') + '\r\n')
        .join('');
}

export function saveText(name: string, text: string, type = 'text/csv;charset=utf-8') {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
