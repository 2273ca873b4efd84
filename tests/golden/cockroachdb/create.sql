CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> create

CREATE TYPE IF NOT EXISTS "Mood" AS ENUM ('calm', 'it''s 5% \', 'busy');

CREATE TABLE places (
    id BIGSERIAL NOT NULL, 
    mood "Mood" NOT NULL, 
    name VARCHAR(20), 
    twice BIGINT AS (id * 2) STORED, 
    PRIMARY KEY (id), 
    CONSTRAINT places_name UNIQUE (name), 
    CONSTRAINT positive CHECK (id > 0)
);

CREATE INDEX ix_places_mood ON places (mood);

COMMENT ON TABLE places IS 'where things are';

COMMENT ON COLUMN places.name IS 'what it is called';

CREATE TABLE visits (
    id SERIAL NOT NULL, 
    place_id BIGINT, 
    PRIMARY KEY (id), 
    CONSTRAINT fk_place FOREIGN KEY(place_id) REFERENCES places (id)
);

INSERT INTO alembic_version (version_num) VALUES ('create') RETURNING alembic_version.version_num;

