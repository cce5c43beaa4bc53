// Play logs as they are chosen: looked at before they are sent. What is right with them the server
// says.

export interface PlayFile {
    name: string;
    blob: Blob;
    /** The first line that names columns, or the first play. */
    head: string;
}

export const kPlayFileBytesMax = 64 * 1024 * 1024;
const kHeadBytes = 4096;

/** A file that can be sent, with the type by which the server reads it; or why it is none. */
export async function lookIntoPlays(
    file: File | Blob,
    name: string,
): Promise<PlayFile | { trouble: string }> {
    if (file.size > kPlayFileBytesMax) {
        return { trouble: 'The file has more than 64 MiB: cut it, by days or weeks.' };
    }
    const text = (await file.slice(0, kHeadBytes).text()).replace(/^\uFEFF/, '').trimStart();
    if (text === '') return { trouble: 'The file is empty.' };
    if (text.startsWith('PK')) {
        return { trouble: 'This is a workbook or an archive: export it as CSV.' };
    }
    const json = text.startsWith('{');
    return {
        name,
        blob: new Blob([file], { type: json ? 'application/x-ndjson' : 'text/csv' }),
        head: text.split(/\r?\n/, 1)[0]!.slice(0, 200),
    };
}
