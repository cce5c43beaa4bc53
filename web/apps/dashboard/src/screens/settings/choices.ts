// Zones and currencies as the browser knows them.

export function zoneChoices(): string[] {
    return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];
}

export function currencyChoices(): { value: string; label: string }[] {
    const names = new Intl.DisplayNames('en', { type: 'currency' });
    return Intl.supportedValuesOf('currency').map(code => ({
        value: code,
        label: `${code}: ${names.of(code) ?? code}`,
    }));
}
