CREATE TYPE motion AS ENUM ('fixed', 'parked', 'driving', 'unknown');
