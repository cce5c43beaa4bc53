CREATE TYPE address_class AS ENUM (
    'global', 'local', 'ble_public', 'ble_static', 'ble_resolvable', 'ble_non_resolvable'
);
