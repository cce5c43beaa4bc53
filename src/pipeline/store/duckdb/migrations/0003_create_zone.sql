CREATE TYPE zone AS ENUM ('near', 'mid', 'far');
