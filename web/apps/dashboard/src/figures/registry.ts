// What popovers, table heads and downloads say of a figure. The definitions page has all metrics, of
// the server's registry (GET /api/v1/metrics, docs/metrics/); a test holds that these are among them.

export interface Metric {
    label: string;
    /** After the number; in a download's head in brackets. */
    unit?: string;
    definition: string;
    formula?: string;
    note?: string;
    /** More of it is neither good nor bad. */
    neutral?: true;
    /** What kind of certainty it has, when no interval comes with it. */
    certain: string;
}

const kCount =
    'An exact count of what sensors heard. How many phones they could not hear is not known.';

export const kMetrics = {
    visits: {
        label: 'Visits',
        unit: 'visits',
        definition:
            'A visit is one device’s stay near one asset: its sightings, joined while the gaps stay short (5 minutes for Wi-Fi, 60 seconds for Bluetooth). It counts at the time it began.',
        formula: 'visits = stays begun in the range',
        note: 'Not calibrated against people counted by hand, so it is not called impressions or people.',
        certain: kCount,
    },
    devices: {
        label: 'Addresses',
        unit: 'addresses',
        definition:
            'Different addresses near the chosen assets, each counted once a local day. A phone heard by Wi-Fi and by Bluetooth has two, and one that changes its random address counts again: there are many times as many addresses as devices.',
        formula: 'addresses = distinct pseudonyms, united over assets',
        note: 'Pseudonyms end with the day, by design: over several days the days are added up.',
        certain: 'An estimate by a HyperLogLog sketch; standard error 0.81 %.',
    },
    frequency: {
        label: 'Visits an address',
        definition:
            'How often an address came, on average, within its day. A phone that changes its address comes as several.',
        formula: 'frequency = (visits + those that had begun before) ÷ addresses',
        certain: 'As certain as the addresses it is divided by.',
    },
    dwell_median: {
        label: 'Median dwell',
        neutral: true,
        unit: 's',
        definition:
            'Half of the visits lasted longer. Dwell is the time from a visit’s first to its last sighting. Visits of a single sighting have no length and are left out; the histogram shows them apart.',
        formula: 'dwell = last sighting − first sighting',
        certain: 'Interpolated within its bin of the histogram.',
    },
    dwell_mean: {
        label: 'Mean dwell',
        neutral: true,
        unit: 's',
        definition:
            'The average length of the visits of more than one sighting. Long stays pull it up.',
        formula: 'mean = Σ dwell ÷ visits of ≥ 2 sightings',
        certain: kCount,
    },
    presence: {
        label: 'Presence',
        unit: 'device-seconds',
        definition:
            'The time that devices spent near assets, added up: two devices for a minute are two minutes.',
        formula: 'presence = Σ time of each device in the range',
        certain: kCount,
    },
    devices_present: {
        label: 'Devices present',
        unit: 'devices',
        definition:
            'Devices at an asset at a moment, on average, counted behind changing addresses: heard by Wi-Fi, at −80 dBm or louder. Addresses that a maker gave are left out, for they are fixtures or laptops. Of fixed assets only.',
        formula: 'time of stays, 5 minutes added at both ends ÷ time heard',
        note: 'Devices, not people: a calibration makes people of them.',
        certain:
            'How many devices the addresses are, is an estimate. Over several quarters of an hour its interval is the mean of theirs, and no narrower.',
    },
    devices_counted: {
        label: 'Devices in a quarter of an hour',
        unit: 'devices',
        definition:
            'Different devices at an asset in a quarter of an hour, on average, counted behind changing addresses: these are joined by fingerprints, numbers, strength and time, and identical phones told apart by their timers. Wi-Fi alone; of fixed assets only.',
        formula: 'devices = Σ over families of tracks, by how often such tracks were a device',
        note: 'Quarters are not added up: who stays for an hour is in four of them.',
        certain:
            'How many devices the addresses are, is an estimate. Over several quarters of an hour its interval is the mean of theirs, and no narrower.',
    },
    occupancy_mean: {
        label: 'Addresses present',
        unit: 'addresses',
        definition:
            'How many addresses were near an asset at a moment, averaged over the time in which it was heard.',
        formula: 'mean occupancy = presence ÷ time heard',
        certain: kCount,
    },
    occupancy_max: {
        label: 'Most at once',
        unit: 'addresses',
        definition:
            'The most addresses of one kind, Wi-Fi or Bluetooth, that were near one asset at the same moment.',
        certain: kCount,
    },
    assets_heard: {
        label: 'Assets heard',
        definition:
            'Assets whose sensor heard the air in the range. The others were off, out of reach or without a sensor.',
        certain: 'An exact count.',
    },
    distance: {
        label: 'Distance driven',
        neutral: true,
        unit: 'm',
        definition:
            'The way of moving assets between position fixes, cut where fixes are more than 5 minutes or 1 km apart.',
        certain: 'As good as the position fixes: some metres a fix.',
    },
    driving: {
        label: 'Driving time',
        neutral: true,
        unit: 's',
        definition: 'Time in which moving assets went at 1.5 m/s or faster.',
        certain: 'As good as the position fixes.',
    },
    parked: {
        label: 'Parked time',
        neutral: true,
        unit: 's',
        definition: 'Time in which moving assets went slower than 1.5 m/s, within their trips.',
        certain: 'As good as the position fixes.',
    },
    completeness: {
        label: 'Completeness',
        unit: '%',
        definition:
            'Of the time in which sensors were on the assets, how much was heard and received. What is missing is known report by report: still on its way, lost by the sensor, or unknown.',
        formula: 'completeness = time covered by accepted reports ÷ time with a sensor attached',
        certain: 'An exact sum.',
    },
    sum_of_assets: {
        label: 'Sum of assets',
        unit: 'devices',
        definition:
            'Devices of each asset, added up. A device that met three assets counts three times, so the sum is more than the devices reached.',
        formula: 'overlap = 1 − devices reached ÷ sum of assets',
        certain: 'Each asset’s devices are an estimate; standard error 0.81 %.',
    },
    frequency_devices: {
        label: 'Devices by visits',
        unit: 'devices',
        definition:
            'How many devices came once, twice, and so on. Only while single visits are still kept: the last 24 hours.',
        certain: kCount,
    },
    people_present: {
        label: 'People present',
        unit: 'people',
        definition:
            'How many people were at an asset at a moment, on average over the time in which it was heard. Of calibrated assets alone: how large a part that is stands beside it.',
        formula: 'people present = presence of devices × k ÷ time heard',
        note: 'Present, not passing: who stays an hour counts as much as sixty who stay a minute.',
        certain: 'A 90 % interval of the count, of the factor and of how much days differ.',
    },
    zone_time: {
        label: 'Time in zone',
        neutral: true,
        unit: 's',
        definition:
            'How long a moving asset was within a region, over all its passages. Between two points of its path it goes straight and evenly.',
        formula: 'time = sum over passages of (left − entered)',
        certain: 'Paths are simplified to 15 m, so that a border is crossed within that.',
    },
    zone_stops: {
        label: 'Stops in zone',
        neutral: true,
        unit: 'stops',
        definition:
            'How often a moving asset stood within a region, slower than 1.5 m/s, for at least so long as was asked.',
        certain: 'Paths are simplified to 15 m, so that a border is crossed within that.',
    },
    zone_flows: {
        label: 'Trips between zones',
        neutral: true,
        unit: 'trips',
        definition:
            'How many trips of moving assets began in one zone and ended in another; of passages, how often one was left for the next.',
        certain: 'An exact count of the trips whose ends were heard.',
    },
} satisfies Record<string, Metric>;

export type MetricId = keyof typeof kMetrics;

export function metric(id: MetricId): Metric {
    return kMetrics[id];
}
