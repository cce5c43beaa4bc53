-- Devices behind changing addresses, by quarter of an hour of a fixed asset. No row: not known.
CREATE TABLE counted_recent (
    company_id UUID NOT NULL,
    asset_id   UUID NOT NULL,
    bucket     TIMESTAMP NOT NULL,
    devices_milli      INTEGER NOT NULL,  -- Thousandths of a device, heard by Wi-Fi;
    devices_low_milli  INTEGER NOT NULL,  -- the truth lies between these 90 times in 100.
    devices_high_milli INTEGER NOT NULL,
    basis count_basis NOT NULL,  -- What that rests on.
    ble_milli      INTEGER NOT NULL,  -- By BLE: never to be added.
    ble_low_milli  INTEGER NOT NULL,
    ble_high_milli INTEGER NOT NULL,
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
    span_ms BIGINT NOT NULL  -- Of the quarter, up to where it was heard.
);
