"""Statements of text: the replayed state is what PostgreSQL and MariaDB make of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.alembic_project import ProjectFactory
from tests.history.test_plain_operations import agree

T = """CREATE TABLE IF NOT EXISTS "t" (
    id serial PRIMARY KEY,
    name varchar(30) DEFAULT 'it''s' NOT NULL,
    price numeric(10, 2) DEFAULT 1.50 CHECK (price > 0),
    at timestamptz DEFAULT now(),
    big int8, small int2, flag bool DEFAULT true, code char(3), ok boolean NULL,
    tags text[], data jsonb DEFAULT '{}', "Odd Name" int,
    CONSTRAINT uq_t_name UNIQUE (name),
    UNIQUE (big, small)
)"""
U = """CREATE TABLE u (a int REFERENCES t ON DELETE CASCADE, b int, c int,
    PRIMARY KEY (a, b), CONSTRAINT fk_u FOREIGN KEY (c) REFERENCES t (id) ON UPDATE SET NULL)"""

POSTGRESQL = {
    "create": (T, U),
    "drop": (T, U, "DROP TABLE IF EXISTS u, nothing"),
    "drop cascade": (T, U, "DROP TABLE t CASCADE"),
    "several at once": (f"{T};\n{U}; -- a comment; here\nDROP TABLE u;",),
    "blocks with branches": (
        T,
        """DO $$ BEGIN
            IF EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 't_pkey')
                AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'pk_t') THEN
                ALTER TABLE t RENAME CONSTRAINT t_pkey TO pk_t;
            END IF;
            IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'u')
                OR NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = 'v') THEN
                ALTER TABLE t ADD COLUMN a int;
            END IF;
        END $$""",
        """DO $$ BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = 't') THEN
                IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'u') THEN
                    ALTER TABLE u ADD COLUMN b int;
                ELSE
                    DROP TABLE IF EXISTS u;
                END IF;
                UPDATE t SET a = CASE WHEN a > 0 THEN 1 ELSE 2 END;
            ELSIF EXISTS (SELECT 1 FROM pg_class WHERE relname = 't') THEN
                ALTER TABLE t ADD COLUMN c int;
            ELSIF EXISTS (SELECT 1 FROM pg_class WHERE relname = 't') THEN
                ALTER TABLE t ADD COLUMN d int;
            ELSE
                ALTER TABLE t ADD COLUMN e int;
            END IF;
            IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'u') THEN
                ALTER TABLE t ADD COLUMN f int;
            ELSE
                ALTER TABLE t ADD COLUMN g int;
            END IF;
        END $$""",
    ),
    "blocks about other objects": (
        T,
        """DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
                EXECUTE format('CREATE USER %I WITH PASSWORD %L', 'nobody', 'x');
            END IF;
            EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), current_user);
            EXECUTE 'REVOKE ALL ON t FROM ' || quote_ident(current_user);
            PERFORM set_config('moltres.a', 'b', true);
        END $$""",
    ),
    "columns": (
        T,
        "ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 0, ADD b text, DROP COLUMN code",
        (
            "ALTER TABLE t ALTER COLUMN a TYPE bigint USING a::bigint, ALTER b SET DEFAULT 'x',"
            " ALTER b SET NOT NULL, ALTER COLUMN name DROP NOT NULL, ALTER price DROP DEFAULT"
        ),
        'ALTER TABLE IF EXISTS ONLY t RENAME COLUMN "Odd Name" TO odd',
        "ALTER TABLE t DROP COLUMN IF EXISTS nothing, ADD COLUMN IF NOT EXISTS a int",
    ),
    "constraints": (
        T,
        U,
        "ALTER TABLE t ADD CONSTRAINT ck CHECK (small < 9) NOT VALID",
        "ALTER TABLE t VALIDATE CONSTRAINT ck",
        "ALTER TABLE u DROP CONSTRAINT u_a_fkey, DROP CONSTRAINT IF EXISTS nothing",
        "ALTER TABLE u ADD FOREIGN KEY (b) REFERENCES t DEFERRABLE INITIALLY DEFERRED",
        "ALTER TABLE t RENAME CONSTRAINT t_big_small_key TO uq_both",
        "ALTER TABLE t DROP CONSTRAINT t_price_check",
    ),
    "a key that others need": (T, U, "ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE"),
    "indexes": (
        T,
        (
            "CREATE UNIQUE INDEX IF NOT EXISTS ix ON t USING btree"
            " (lower(name), big DESC NULLS LAST) INCLUDE (small) WHERE flag AND small > 0"
        ),
        "CREATE INDEX ix_data ON t USING gin (data jsonb_path_ops)",
        "CREATE INDEX gone ON t (big); DROP INDEX IF EXISTS gone, nothing",
        "ALTER INDEX ix RENAME TO ix_name",
        "ALTER INDEX t_pkey RENAME TO pk_t",
    ),
    "a constraint of an index": (
        T,
        "CREATE UNIQUE INDEX ix ON t (small)",
        "ALTER TABLE t ADD CONSTRAINT uq_small UNIQUE USING INDEX ix",
    ),
    "types": (
        "CREATE TYPE mood AS ENUM ('sad', 'ok')",
        "CREATE TABLE m (a mood DEFAULT 'ok', b mood[])",
        "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'fine' AFTER 'sad'",
        "ALTER TYPE mood RENAME VALUE 'ok' TO 'good'",
        "ALTER TYPE mood RENAME TO feeling",
        "DROP TYPE IF EXISTS nothing",
    ),
    "comments": (
        T,
        "COMMENT ON TABLE t IS 'Things'; COMMENT ON COLUMN t.name IS 'its name'",
        "COMMENT ON CONSTRAINT uq_t_name ON t IS 'once'; COMMENT ON TABLE public.t IS NULL",
    ),
    "identity, computed": (
        (
            "CREATE TABLE g (id int GENERATED ALWAYS AS IDENTITY (START WITH 5 INCREMENT BY 2),"
            " a int, b int GENERATED ALWAYS AS (a * 2) STORED)"
        ),
        "ALTER TABLE g ALTER COLUMN id DROP IDENTITY",
    ),
    "storage": (
        "CREATE TABLE g (a int) WITH (fillfactor = 70)",
        "ALTER TABLE g SET (autovacuum_enabled = false)",
    ),
    "renames": (T, U, "ALTER TABLE t RENAME TO things", "ALTER TABLE public.things ADD z int"),
    "a temporary table": (
        "CREATE TEMP TABLE x (a int)",
        T,
        "INSERT INTO t (name) VALUES ('CREATE')",
    ),
    "quotes and comments": (
        "/* a /* nested; */ comment */ CREATE TABLE q (a text DEFAULT E'it\\'s; \\x41', b text)",
        "DO 'BEGIN INSERT INTO q VALUES (''CREATE''); END'",
        "COMMENT ON TABLE q IS $body$it's; a 'q'$body$; ALTER TABLE q ADD c int",
        "ALTER TABLE q ADD CHECK (a <> 'b'), ADD \"d;e\" int",
        "CREATE TYPE \"Mood\" AS ENUM ('it''s'); ALTER TABLE q ADD m public.\"Mood\"[]",
    ),
    "a block about roles and functions": (
        T,
        (
            "DO $$ BEGIN CREATE ROLE moltres_none; DROP ROLE moltres_none; EXCEPTION WHEN OTHERS THEN"
            " RAISE NOTICE '%', 'x'; END $$; DO $$ BEGIN CREATE OR REPLACE FUNCTION one() RETURNS int"
            " LANGUAGE sql AS 'SELECT 1'; END $$"
        ),
    ),
    "temporary tables of queries": (
        T,
        (
            "CREATE TEMPORARY TABLE m AS WITH RECURSIVE x AS (SELECT id FROM t) SELECT * FROM x;"
            "CREATE TEMP TABLE n (a, b) ON COMMIT DROP AS SELECT id, name FROM t;"
            "SELECT id INTO TEMP o FROM t; UPDATE t SET name = 'x' FROM m WHERE m.id = t.id;"
            "ALTER TABLE t ADD COLUMN o INTEGER; DROP TABLE m"
        ),
    ),
    "sequences": (
        "CREATE SEQUENCE short_ids START 1; CREATE SEQUENCE long_ids AS smallint INCREMENT BY -2 MAXVALUE 9 NO CYCLE",
        "CREATE TABLE n (id int DEFAULT nextval('short_ids'), serial serial, PRIMARY KEY (id))",
        "ALTER SEQUENCE short_ids OWNED BY NONE",
        "ALTER SEQUENCE long_ids RESTART WITH 5; ALTER SEQUENCE long_ids CYCLE CACHE 3",
        "ALTER SEQUENCE long_ids RENAME TO longer_ids",
    ),
    "what pg_dump writes of a SERIAL": (
        (
            "CREATE TABLE public.users (id integer NOT NULL, n bigint, m int);"
            "CREATE SEQUENCE public.users_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE"
            " NO MAXVALUE CACHE 1;"
            "ALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;"
            "CREATE SEQUENCE users_n_seq OWNED BY users.n"
        ),
        (
            "ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT"
            " nextval('public.users_id_seq'::regclass);"
            "ALTER TABLE users ALTER COLUMN n SET DEFAULT nextval('users_n_seq'::regclass)"
        ),
        "ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id)",
    ),
    "the key before its default": (
        "CREATE TABLE users (id integer PRIMARY KEY); CREATE SEQUENCE users_id_seq AS integer",
        "ALTER TABLE users ALTER COLUMN id SET DEFAULT nextval('users_id_seq')",
        "ALTER SEQUENCE users_id_seq OWNED BY users.id",
    ),
    "the sequence of a key": (
        "CREATE TABLE old (id serial PRIMARY KEY)",
        "ALTER TABLE old RENAME TO new; ALTER SEQUENCE old_id_seq RENAME TO new_id_seq",
    ),
    "a name that the server cuts": (
        f"CREATE TABLE n (a int); CREATE INDEX {'i' * 70} ON n (a)",
        f'CREATE TABLE "{"é" * 40}" (b int)',
    ),
    "storage of an index, and a column that goes": (
        "CREATE TABLE n (a text, b int, c int)",
        "CREATE INDEX i ON n (a text_pattern_ops, b) WITH (fillfactor = 50)",
        "ALTER TABLE n DROP COLUMN c",
    ),
    "a UNIQUE that stands there twice": (
        "CREATE TABLE n (a int, b int, CONSTRAINT u UNIQUE (a), CONSTRAINT u UNIQUE (a), UNIQUE (b), UNIQUE (b))",
    ),
    "blocks": (
        "CREATE TABLE n (a int)",
        *(
            (
                "DO $$ BEGIN CREATE TYPE mood AS ENUM ('a', 'b');"
                " EXCEPTION WHEN duplicate_object THEN NULL; END $$"
            ),
        )
        * 2,
        *(
            """DO $$ BEGIN
                IF NOT EXISTS (SELECT 1 FROM information_schema.columns
                    WHERE table_name = 'n' AND column_name = 'm') THEN
                    ALTER TABLE n ADD COLUMN m mood;
                    CREATE INDEX ix_m ON n (m);
                END IF;
            END $$""",
        )
        * 2,
        """DO $$ DECLARE x int := 0; BEGIN
            BEGIN
                ALTER TABLE n ADD COLUMN m int;
            EXCEPTION WHEN duplicate_column THEN RAISE NOTICE 'x'; WHEN others THEN NULL;
            END;
            IF (SELECT count(*) FROM n) = 0 AND NOT (EXISTS (SELECT a, m FROM n)) THEN
                EXECUTE 'ALTER TABLE n ADD COLUMN b int; ALTER TABLE n ADD COLUMN c int';
            ELSE
                FOR i IN 1..2 LOOP DROP TABLE n; END LOOP;
            END IF;
            IF EXISTS (SELECT count(*) FROM n) THEN ALTER TABLE n ADD COLUMN d int; END IF;
            IF true OR false AND false THEN ALTER TABLE n ADD COLUMN e int; END IF;
        END $$""",
        """DO $$ BEGIN
            IF EXISTS (SELECT FROM n WHERE a = 1) THEN DROP TABLE n; END IF;
            IF EXISTS (SELECT FROM pg_class WHERE relname = 'ix_m') THEN DROP INDEX ix_m; END IF;
        END $$""",
    ),
    "blocks that execute texts about views with quoted names": (
        "CREATE TABLE t (id int)",
        "CREATE VIEW a AS SELECT 1 AS x; CREATE VIEW b AS SELECT 1 AS x; CREATE VIEW c AS SELECT 1 AS x",
        """DO $$ DECLARE n text := 'b'; BEGIN
            EXECUTE 'DROP VIEW ' || quote_ident(n) || ' CASCADE';
            EXECUTE format('DROP VIEW %I', concat('a'));
            EXECUTE ('DROP VIEW ' || 'c'::regclass);
            EXECUTE format('GRANT SELECT ON %1$I TO %2$I', 't', current_user::text);
        END $$""",
        "EXPLAIN ANALYZE CREATE MATERIALIZED VIEW m AS SELECT 1 AS x",
        "DROP MATERIALIZED VIEW m",
    ),
    "without a log": (
        "CREATE UNLOGGED TABLE l (a int)",
        "CREATE TABLE m (a int)",
        "ALTER TABLE m SET UNLOGGED",
        "CREATE UNLOGGED TABLE n (a int)",
        "ALTER TABLE n SET LOGGED",
    ),
    "deferrable keys": (
        "CREATE TABLE k (a int, PRIMARY KEY (a) DEFERRABLE, CONSTRAINT u UNIQUE (a))",
        "CREATE TABLE l (a int, PRIMARY KEY (a), CONSTRAINT v UNIQUE (a) DEFERRABLE)",
        "CREATE TABLE m (a int, PRIMARY KEY (a) DEFERRABLE, CONSTRAINT w UNIQUE (a) DEFERRABLE)",
    ),
    "a savepoint": (
        "CREATE TABLE s (a int)",
        "SAVEPOINT x; ALTER TABLE s ADD b int; ROLLBACK TO SAVEPOINT x; ALTER TABLE s ADD c int",
    ),
    "a sequence that a default reads": (
        "CREATE SEQUENCE q",
        "CREATE TABLE s (a int DEFAULT nextval('q'))",
        "DROP SEQUENCE q CASCADE",
    ),
    "a schema": (
        "CREATE SCHEMA shop",
        "CREATE TABLE shop.orders (id int PRIMARY KEY)",
        "CREATE TABLE lines (id int REFERENCES shop.orders (id))",
        "ALTER TABLE shop.orders ADD total int",
    ),
}

MARIADB = {
    "create": (
        (
            "CREATE TABLE `t` (`id` INTEGER NOT NULL AUTO_INCREMENT, name VARCHAR(30) DEFAULT 'x',"
            " n INT UNSIGNED, ok BOOL, at DATETIME(6), PRIMARY KEY (id), UNIQUE KEY uq (name))"
        ),
        "CREATE TABLE u (a INT, CONSTRAINT fk FOREIGN KEY (a) REFERENCES t (id))",
        "ALTER TABLE u ADD COLUMN b INT AFTER a, ADD COLUMN c INT FIRST, ADD INDEX ix_b (b)",
        "ALTER TABLE u MODIFY COLUMN b BIGINT NOT NULL, CHANGE c d INT DEFAULT 3",
        "ALTER TABLE u DROP FOREIGN KEY fk, DROP INDEX fk",
        "RENAME TABLE u TO v",
        "CREATE INDEX ix_n ON t (n)",
        "DROP INDEX ix_n ON t",
        "ALTER TABLE t DROP INDEX uq, ALGORITHM=INPLACE",
    ),
    "a character set": (
        (
            "CREATE TABLE c (id INT PRIMARY KEY AUTO_INCREMENT, a VARCHAR(20), b TEXT, d TINYTEXT, e MEDIUMTEXT,"
            " f LONGTEXT, g VARCHAR(9) CHARACTER SET ascii COLLATE ascii_bin, h TEXT CHARACTER SET latin1)"
            " ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb3 COMMENT='A table'"
        ),
        "ALTER TABLE c CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
        "ALTER TABLE c DEFAULT CHARACTER SET = utf8mb4 COLLATE utf8mb4_unicode_ci, ADD i TEXT",
        "CREATE TABLE n (a INT)",
        "ALTER TABLE n CHARSET latin1 COLLATE latin1_bin",
        "ALTER TABLE n ADD b TEXT",
    ),
    "a table with foreign keys that have no name is renamed": (
        "CREATE TABLE p (id INT PRIMARY KEY)",
        "CREATE TABLE old (a INT, b INT, c INT, FOREIGN KEY (a) REFERENCES p (id))",
        "ALTER TABLE old ADD FOREIGN KEY (b) REFERENCES p (id)",
        "ALTER TABLE old ADD CONSTRAINT mine FOREIGN KEY (c) REFERENCES p (id)",
        "RENAME TABLE old TO new",
        "ALTER TABLE new DROP FOREIGN KEY new_ibfk_1",
    ),
    "a foreign key over the column of one that was dropped": (
        "CREATE TABLE p (id INT PRIMARY KEY)",
        "CREATE TABLE old (a INT, b INT)",
        "ALTER TABLE old ADD CONSTRAINT fk_a FOREIGN KEY (a) REFERENCES p (id)",
        "ALTER TABLE old ADD CONSTRAINT fk_b FOREIGN KEY (b) REFERENCES p (id)",
        "ALTER TABLE old DROP FOREIGN KEY fk_a",
        "ALTER TABLE old DROP FOREIGN KEY fk_b",
        "RENAME TABLE old TO new",
        "ALTER TABLE new CHANGE a c INT",
        "ALTER TABLE new ADD CONSTRAINT fk_c FOREIGN KEY (c) REFERENCES p (id)",
    ),
    "checks in columns": (
        "CREATE TABLE t (id INT PRIMARY KEY, a INT CHECK (a > 0), b INT CHECK (b > 0), c INT, CHECK (a < b))",
        "ALTER TABLE t ADD d INT DEFAULT 3 CHECK (d > 2)",
        "ALTER TABLE t MODIFY a BIGINT, MODIFY b BIGINT CHECK (b > 1), MODIFY c INT UNIQUE",
        "ALTER TABLE t DROP CONSTRAINT CONSTRAINT_1, RENAME COLUMN d TO e",
    ),
    "a character set that is narrower": (
        "CREATE TABLE c (a TEXT, b VARCHAR(20)) CHARACTER SET utf8mb4",
        "ALTER TABLE c CONVERT TO CHARSET latin1",
    ),
    "comments that are executed": (
        "/*!50003 CREATE TABLE t (id INT NOT NULL, a INT) */ /*!40100 CHARSET latin1 */",
        "/*! ALTER TABLE t ADD b VARCHAR(9) DEFAULT '*/' /* a comment */, ADD c INT */",
        "/*!101011 ALTER TABLE t ADD d INT*/",
        "/*M!80000 ALTER TABLE t ADD e INT */",
        "/*!80000 DROP TABLE t */",
        "/*!50700 DROP TABLE t */",
        "ALTER TABLE t ADD f INT /*!99999 NOT NULL */",
    ),
    "quotes and comments": (
        "CREATE TABLE q (a VARCHAR(9) DEFAULT 'it\\'s' COMMENT \"its; name\", `b``c` INT) # a comment;",
        "ALTER TABLE q ADD d INT -- 'why;\n, ADD e INT",
    ),
}


def scripts(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"op.execute({text!r})" for text in texts)


def _marks(name: str) -> tuple[pytest.MarkDecorator, ...]:
    """Storage parameters of a table are `postgresql_with`, which SQLAlchemy has since 2.1."""
    return (pytest.mark.newest,) if name == "storage" else ()


SQLITE = {
    "NULL in a primary key": (
        "CREATE TABLE a (id INT PRIMARY KEY, n TEXT)",
        "CREATE TABLE b (id integer PRIMARY KEY)",
        "CREATE TABLE c (a TEXT, b TEXT NOT NULL, PRIMARY KEY (a, b))",
        "CREATE TABLE d (id INTEGER, b TEXT, PRIMARY KEY (id))",
        "CREATE TABLE e (id TEXT PRIMARY KEY)",
    ),
}


CASES = [
    pytest.param(database, texts, id=f"{database}-{name}", marks=_marks(name))
    for database, cases in (("postgresql", POSTGRESQL), ("mariadb", MARIADB), ("sqlite", SQLITE))
    for name, texts in cases.items()
]


@pytest.mark.parametrize(("database", "texts"), CASES)
def test_the_state_is_what_the_database_makes_of_texts(
    database: str,
    texts: tuple[str, ...],
    new_engine: Callable[[], sa.Engine],
    alembic_project: ProjectFactory,
) -> None:
    agree(scripts(texts), new_engine(), alembic_project)
