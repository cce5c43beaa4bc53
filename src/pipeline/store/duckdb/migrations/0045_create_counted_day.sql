-- Made of counted_settled: those days of an asset that united_day has, as sums of their quarters.
CREATE TABLE counted_day (
    company_id UUID NOT NULL,
    asset_id   UUID NOT NULL,
    start      TIMESTAMP NOT NULL,
    quarters       BIGINT NOT NULL,  -- So many were counted;
    grid_quarters  BIGINT NOT NULL,  -- of them rest on timers,
    blind_quarters BIGINT NOT NULL,  -- and on neither strength nor numbers.
    devices_milli      BIGINT NOT NULL,  -- Thousandths of a device, heard by Wi-Fi;
    devices_low_milli  BIGINT NOT NULL,  -- sums of bounds: errors go on from quarter to quarter.
    devices_high_milli BIGINT NOT NULL,
    ble_milli      BIGINT NOT NULL,  -- By BLE: never to be added.
    ble_low_milli  BIGINT NOT NULL,
    ble_high_milli BIGINT NOT NULL,
    -- Device-milliseconds at the gate and above, in -dBm.
    present_80_ms BIGINT NOT NULL,
    present_78_ms BIGINT NOT NULL,
    present_76_ms BIGINT NOT NULL,
    present_74_ms BIGINT NOT NULL,
    present_72_ms BIGINT NOT NULL,
    present_70_ms BIGINT NOT NULL,
    present_68_ms BIGINT NOT NULL,
    present_66_ms BIGINT NOT NULL,
    present_64_ms BIGINT NOT NULL,
    present_62_ms BIGINT NOT NULL,
    present_60_ms BIGINT NOT NULL,
    span_ms BIGINT NOT NULL  -- Of those quarters, up to where they were heard.
);
