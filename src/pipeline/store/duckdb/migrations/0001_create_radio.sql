CREATE TYPE radio AS ENUM ('wifi', 'ble');
