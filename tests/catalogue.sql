-- One row (table, text) for each part of every table, type, sequence, view, function and trigger that a user made.
WITH own AS (
    SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
)
SELECT c.relname,
       format('COLUMN %s.%s %s %s%s%s%s%s%s%s', c.oid::regclass,
              lpad((row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum))::text, 4, '0'), quote_ident(a.attname),
              format_type(a.atttypid, a.atttypmod),
              CASE WHEN a.attnotnull THEN ' NOT NULL' END,
              ' IDENTITY ' || nullif(a.attidentity::text, ''),
              ' GENERATED ' || nullif(a.attgenerated::text, ''),
              ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid),
              CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || a.attcollation::regcollation END,
              ' COMMENT ' || quote_literal(col_description(c.oid, a.attnum)))
FROM pg_class c
JOIN own ON own.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'p', 'f', 'c')
UNION ALL
SELECT c.relname, format('%s %s %s%s%s%s', c.relkind, c.relpersistence, c.oid::regclass, ' ' || c.reloptions::text,
                         ' ' || pg_get_partkeydef(c.oid), ' COMMENT ' || quote_literal(obj_description(c.oid)))
FROM pg_class c JOIN own ON own.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f', 'c')
UNION ALL
SELECT r.relname, format('CONSTRAINT %s ON %s %s%s', quote_ident(n.conname), n.conrelid::regclass,
                         pg_get_constraintdef(n.oid),
                         ' COMMENT ' || quote_literal(obj_description(n.oid, 'pg_constraint')))
FROM pg_constraint n JOIN own ON own.oid = n.connamespace JOIN pg_class r ON r.oid = n.conrelid
UNION ALL
SELECT r.relname, pg_get_indexdef(i.indexrelid)
                  || coalesce(' COMMENT ' || quote_literal(obj_description(i.indexrelid)), '')
FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid JOIN own ON own.oid = r.relnamespace
UNION ALL
SELECT r.relname, pg_get_triggerdef(g.oid)
FROM pg_trigger g JOIN pg_class r ON r.oid = g.tgrelid JOIN own ON own.oid = r.relnamespace WHERE NOT g.tgisinternal
UNION ALL
SELECT c.relname, format('VIEW %s %s', c.oid::regclass, pg_get_viewdef(c.oid))
FROM pg_class c JOIN own ON own.oid = c.relnamespace WHERE c.relkind IN ('v', 'm')
UNION ALL
SELECT '', format('SEQUENCE %s %s START %s INCREMENT %s MIN %s MAX %s CACHE %s CYCLE %s', s.seqrelid::regclass,
                  s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle)
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN own ON own.oid = c.relnamespace
UNION ALL
SELECT '', format('ENUM %s (%s)', t.oid::regtype,
                  (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
                   FROM pg_enum e WHERE e.enumtypid = t.oid))
FROM pg_type t JOIN own ON own.oid = t.typnamespace WHERE t.typtype = 'e'
UNION ALL
SELECT '', format('DOMAIN %s %s%s%s%s', t.oid::regtype, format_type(t.typbasetype, t.typtypmod),
                  CASE WHEN t.typnotnull THEN ' NOT NULL' END, ' DEFAULT ' || t.typdefault,
                  (SELECT string_agg(format(' %s %s', quote_ident(n.conname), pg_get_constraintdef(n.oid)), ''
                                     ORDER BY n.conname)
                   FROM pg_constraint n WHERE n.contypid = t.oid))
FROM pg_type t JOIN own ON own.oid = t.typnamespace WHERE t.typtype = 'd'
UNION ALL
SELECT '', pg_get_functiondef(p.oid) FROM pg_proc p JOIN own ON own.oid = p.pronamespace WHERE p.prokind IN ('f', 'p')
UNION ALL
SELECT '', 'SCHEMA ' || quote_ident(nspname) FROM pg_namespace JOIN own ON own.oid = pg_namespace.oid
