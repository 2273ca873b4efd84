DECLARE
    former oid := /*name*/::regtype;
    comment text := obj_description(former, 'pg_type');
    step text;
    steps text[] := ARRAY(
        SELECT s.text FROM pg_catalog.pg_attribute AS a
        JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
        JOIN pg_catalog.pg_type AS t ON t.oid = former
        LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
        CROSS JOIN LATERAL (
            SELECT format('ALTER TABLE %s ALTER COLUMN %I', c.oid::regclass, a.attname) AS alter,
                /*name*/ || CASE WHEN a.atttypid = former THEN '' ELSE '[]' END AS type,
                pg_get_expr(d.adbin, d.adrelid) AS preset
        ) AS p
        CROSS JOIN LATERAL (VALUES
            (1, p.alter || ' DROP DEFAULT', p.preset IS NOT NULL),
            (2, format('%s TYPE %s USING %I::%s', p.alter, p.type, a.attname, p.type), true),
            (3, p.alter || ' SET DEFAULT ' || p.preset, p.preset IS NOT NULL)
        ) AS s (number, text, needed)
        WHERE a.atttypid IN (former, t.typarray) AND NOT a.attisdropped AND a.attinhcount = 0
            AND s.needed
        ORDER BY c.oid, a.attnum, s.number
    );
BEGIN
    /*drop_checks*/
    EXECUTE /*rename*/;
    /*create*/;
    FOREACH step IN ARRAY steps LOOP
        EXECUTE step;
    END LOOP;
    IF comment IS NOT NULL THEN
        EXECUTE /*comment*/ || quote_literal(comment);
    END IF;
    EXECUTE 'DROP DOMAIN ' || former::regtype;
END
