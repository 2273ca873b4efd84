-- Running upgrade enums -> drop

DROP TABLE calls;

DROP TABLE places;

DROP TYPE IF EXISTS "Mood";

UPDATE alembic_version SET version_num='drop' WHERE alembic_version.version_num = 'enums';

