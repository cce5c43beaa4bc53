/** Of a name, for the round mark: "Ada Okafor" is AO. */
export function initials(name: string): string {
    const words = name.trim().split(/\s+/);
    const last = words.length > 1 ? (words.at(-1)?.[0] ?? '') : '';
    return ((words[0]?.[0] ?? '') + last).toUpperCase();
}
