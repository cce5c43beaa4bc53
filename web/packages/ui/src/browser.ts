// What browsers say of themselves, short enough to be known again.

const kBrowsers: [RegExp, string][] = [
    [/Edg\//, 'Edge'],
    [/OPR\//, 'Opera'],
    [/Firefox\//, 'Firefox'],
    [/Chrom(e|ium)\//, 'Chrome'],
    [/Safari\//, 'Safari'],
    [/curl\//, 'curl'],
];

const kSystems: [RegExp, string][] = [
    [/iPhone|iPad/, 'iOS'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'macOS'],
    [/CrOS/, 'ChromeOS'],
    [/Linux/, 'Linux'],
];

export function browserText(userAgent: string): string {
    const browser = kBrowsers.find(([pattern]) => pattern.test(userAgent))?.[1];
    const system = kSystems.find(([pattern]) => pattern.test(userAgent))?.[1];
    if (browser && system) return `${browser} on ${system}`;
    return browser ?? system ?? (userAgent ? userAgent.slice(0, 40) : 'Unknown');
}

export function isPhone(userAgent: string): boolean {
    return /iPhone|Android.*Mobile/.test(userAgent);
}
