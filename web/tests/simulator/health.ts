// How the stand-in says that it is: mostly well.

import type { Health, HealthCheck } from '../../packages/api/src/types';
import { ago } from './lists';
import type { Deed } from './deeds';

const kUpS = 3 * 86_400;

const well = (name: string, told: string): HealthCheck => ({
    name,
    state: 'ok',
    told,
    since: ago(kUpS),
});

export const kHealth: Record<string, Deed> = {
    find_health: () => {
        const health: Health = {
            state: 'warn',
            looked_at: ago(4),
            up_since: ago(kUpS),
            checks: [
                well('postgres', 'answers in 1 ms'),
                well('broker', 'answers'),
                well('store', 'answers'),
                { ...well('disk', '61 % free'), value: 61, unit: 'percent' },
                {
                    name: 'backup',
                    state: 'warn',
                    told: 'the last backup is 9 days old',
                    since: ago(2 * 86_400),
                    remedy: 'mobilytics backup --to FOLDER, at least every 7 days',
                    value: 9,
                    unit: 'days',
                },
            ],
            versions: [
                { name: 'mobilytics', version: '0.3.0' },
                { name: 'postgres', version: '15.8' },
            ],
        };
        return [200, health];
    },
};
