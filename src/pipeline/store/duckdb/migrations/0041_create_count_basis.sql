CREATE TYPE count_basis AS ENUM ('tracks', 'grid', 'blind');
