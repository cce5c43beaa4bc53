UPDATE coverage_settled SET heard_until = bucket + to_microseconds(covered_us);
