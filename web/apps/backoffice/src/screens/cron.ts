// A line of cron in words, where it is one of the plain kinds; else as it is written.

const kDays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const isNumber = (field: string) => /^\d+$/.test(field);

export function cronText(cron: string): string {
    const fields = cron.trim().split(/\s+/);
    if (fields.length !== 5) return cron;
    const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string];
    if (month !== '*') return cron;
    const everyDay = day === '*' && weekday === '*';
    const step = /^\*\/(\d+)$/.exec(minute)?.[1];
    if (everyDay && hour === '*') {
        if (minute === '*') return 'every minute';
        if (step) return `every ${step} minutes`;
        if (isNumber(minute)) return `every hour at :${minute.padStart(2, '0')}`;
    }
    if (!isNumber(minute) || !isNumber(hour)) return cron;
    const at = `at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
    if (everyDay) return `every day ${at}`;
    if (day === '*' && isNumber(weekday)) return `every ${kDays[Number(weekday) % 7]} ${at}`;
    if (weekday === '*' && isNumber(day)) return `on day ${day} of the month ${at}`;
    return cron;
}
