-- Right where nothing is missing of the bucket; nothing better was kept.
UPDATE coverage_recent SET heard_until = bucket + to_microseconds(covered_us);
