SELECT k.text, k.stored FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_type AS y ON y.oid = a.atttypid
CROSS JOIN LATERAL (SELECT format('ALTER TABLE %s ALTER COLUMN %I', r.tab, r.attname) AS alter, to_jsonb(a) ->> 'attcompression' AS compression) AS p
CROSS JOIN LATERAL (
    SELECT p.alter || ' SET STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END AS text, true AS stored
    WHERE a.attstorage <> y.typstorage
    UNION ALL
    SELECT p.alter || ' SET COMPRESSION ' || CASE p.compression WHEN 'p' THEN 'pglz' ELSE 'lz4' END, true WHERE p.compression <> ''
    UNION ALL
    SELECT p.alter || ' SET STATISTICS ' || a.attstattarget, false WHERE a.attstattarget >= 0
    UNION ALL
    SELECT format('%s SET (%I=%L)', p.alter, o.option_name, o.option_value), false
    FROM pg_options_to_table(a.attoptions) AS o WHERE o.option_name IN ('n_distinct', 'n_distinct_inherited')
    UNION ALL
    SELECT format('GRANT %s (%I) ON %s TO %s%s', g.privilege_type, r.attname, r.tab, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END,
                  CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END), false
    FROM aclexplode(a.attacl) AS g
    UNION ALL
    SELECT format('SECURITY LABEL FOR %I ON COLUMN %s.%I IS %L', l.provider, r.tab, r.attname, l.label), false
    FROM pg_catalog.pg_seclabel AS l WHERE l.classoid = 'pg_class'::regclass AND l.objoid = a.attrelid AND l.objsubid = a.attnum
    UNION ALL
    SELECT x.text, false FROM pg_catalog.pg_depend AS d CROSS JOIN LATERAL (VALUES
        (pg_get_statisticsobjdef(d.objid)),
        (format('COMMENT ON STATISTICS %s IS %L', (SELECT format('%I.%I', n.nspname, q.stxname) FROM pg_statistic_ext q JOIN pg_namespace n ON n.oid = q.stxnamespace WHERE q.oid = d.objid),
                nullif(obj_description(d.objid, 'pg_statistic_ext'), '')))
    ) AS x (text) WHERE x.text NOT LIKE 'COMMENT % IS NULL' AND d.classid = 'pg_statistic_ext'::regclass
        AND d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
) AS k WHERE a.attrelid = r.attrelid AND a.attnum = r.attnum
