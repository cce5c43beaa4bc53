/** A download of ours, read back: what it says of itself, its head, its rows. */
export interface ReadBack {
    about: Record<string, string>;
    head: string[];
    rows: Record<string, string>[];
}

function cells(line: string): string[] {
    return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(found =>
        found[1] === undefined ? (found[2] ?? '') : found[1].replaceAll('""', '"'),
    );
}

export function readBack(text: string): ReadBack {
    const lines = text.split('\r\n').filter(Boolean);
    const about: Record<string, string> = {};
    while (lines[0]?.startsWith('# ')) {
        const [name, ...rest] = lines.shift()!.slice(2).split(': ');
        about[name!] = rest.join(': ');
    }
    const head = cells(lines.shift() ?? '');
    const rows = lines.map(line => {
        const values = cells(line);
        return Object.fromEntries(head.map((name, i) => [name, values[i] ?? '']));
    });
    return { about, head, rows };
}
