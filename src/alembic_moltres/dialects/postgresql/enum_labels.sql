DECLARE
    -- the parameters
    sch text := /*schema*/; typ text := /*name*/;
    old_labels text[] := /*old*/;
    new_labels text[] := /*new*/;
    renamed jsonb := /*renamed*/;
    small bigint := /*small*/;
    used boolean := /*used*/;

    t oid; arr oid; r record; part record; s text; have text[]; removed text[]; n bigint;
    saved_path text := current_setting('search_path');
    restore text[] := '{}'; restore_late text[] := '{}'; drops text[] := '{}';
    kept text[]; merged text[];
    alters text[] := '{}'; dep text; added_only boolean; is_new boolean; may_add boolean; added text;
BEGIN
    SELECT ty.oid, ty.typarray, ns.nspname INTO t, arr, sch
    FROM pg_type ty JOIN pg_namespace ns ON ns.oid = ty.typnamespace
    WHERE ty.typname = typ AND ty.typtype = 'e'
      AND CASE WHEN sch IS NULL THEN pg_type_is_visible(ty.oid) ELSE ns.nspname = sch END;
    IF t IS NULL THEN
        RAISE EXCEPTION 'there is no enum type %', typ USING ERRCODE = 'undefined_object';
    END IF;
    SELECT array_agg(enumlabel::text ORDER BY enumsortorder) INTO have
    FROM pg_enum WHERE enumtypid = t;
    IF have = new_labels THEN RETURN; END IF;
    -- another branch may have added labels, or removed the same ones, before
    IF have <> old_labels AND renamed = '{}' THEN
        SELECT coalesce(array_agg(l ORDER BY o), '{}') INTO kept
        FROM unnest(new_labels) WITH ORDINALITY u(l, o) WHERE l = ANY (old_labels);
        IF kept = old_labels AND old_labels <@ have THEN
            merged := have;
            FOREACH added IN ARRAY new_labels LOOP
                IF NOT added = ANY (merged) THEN
                    n := coalesce(array_position(merged, s), 0);
                    merged := merged[:n] || added || merged[n + 1:];
                END IF;
                s := added;
            END LOOP;
            new_labels := merged; old_labels := have;
        ELSIF kept = new_labels AND new_labels <@ have THEN
            SELECT coalesce(array_agg(l ORDER BY o), '{}') INTO new_labels
            FROM unnest(have) WITH ORDINALITY u(l, o) WHERE l = ANY (new_labels) OR NOT l = ANY (old_labels);
            old_labels := have;
        END IF;
    END IF;
    IF have = new_labels THEN RETURN; END IF;
    IF have <> old_labels THEN
        RAISE EXCEPTION 'the enum type %.% has the labels %, not %', sch, typ, have, old_labels
            USING ERRCODE = 'MLTRD', DETAIL = 'write those that it has as the old ones, or upgrade with the scripts that made it';
    END IF;

    -- 0. a label that becomes one that stays: its rows get that, and it is removed below
    FOR r IN SELECT key, value FROM jsonb_each_text(renamed) LOOP
        CONTINUE WHEN NOT r.value = ANY (have) OR renamed ? r.value;
        FOR part IN SELECT a.attrelid::regclass::text AS tab, a.attname AS col, a.atttypid = arr AS is_array
                 FROM pg_attribute a JOIN pg_class k ON k.oid = a.attrelid
                 WHERE a.atttypid IN (t, arr) AND NOT a.attisdropped AND a.attnum > 0 AND a.attgenerated = '' AND k.relkind IN ('r','p') AND a.attinhcount = 0
                 ORDER BY a.attrelid, a.attnum LOOP
            EXECUTE format(CASE WHEN part.is_array THEN 'UPDATE %1$s SET %2$I = array_replace(%2$I, %3$L, %4$L) WHERE %3$L = ANY (%2$I)' ELSE 'UPDATE %1$s SET %2$I = %4$L WHERE %2$I = %3$L' END, part.tab, part.col, r.key, r.value);
        END LOOP;
        renamed := renamed - r.key;
    END LOOP;

    -- 1. rename labels; rows, defaults and all that depends on the type follow
    -- by way of names of our own, because two labels may take each other's
    FOR r IN SELECT key FROM jsonb_each_text(renamed) LOOP
        EXECUTE format('ALTER TYPE %I.%I RENAME VALUE %L TO %L', sch, typ, r.key, 'moltres:' || md5(r.key));
    END LOOP;
    FOR r IN SELECT key, value FROM jsonb_each_text(renamed) LOOP
        EXECUTE format('ALTER TYPE %I.%I RENAME VALUE %L TO %L', sch, typ, 'moltres:' || md5(r.key), r.value);
    END LOOP;
    SELECT array_agg(coalesce(renamed ->> l, l) ORDER BY o) INTO have
    FROM unnest(have) WITH ORDINALITY u(l, o);
    IF have = new_labels THEN RETURN; END IF;
    added_only := have = (
        SELECT array_agg(l ORDER BY o) FROM unnest(new_labels) WITH ORDINALITY u(l, o)
        WHERE l = ANY (have)
    );
    -- a type of this transaction has labels that can be used at once; of another one, new labels cannot
    SELECT xmin::text = (txid_current() % 4294967296)::text INTO is_new FROM pg_type WHERE oid = t;
    may_add := added_only AND (is_new OR NOT used);

    -- 2. the relations' columns of the type or of its array (domains over it: refused below)
    CREATE TEMP TABLE moltres_cols ON COMMIT DROP AS
        SELECT a.attrelid AS rel, a.attnum AS num, a.attname AS col, a.atttypid = arr AS is_array, a.attgenerated <> '' AS gen,
                      c.relkind, c.oid::regclass::text AS tab, pg_get_expr(d.adbin, d.adrelid) AS dflt, d.oid AS dflt_oid, a.attnotnull AS nn, a.attinhcount AS inh
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.atttypid IN (t, arr) AND NOT a.attisdropped AND a.attnum > 0 AND c.relkind IN ('r','p','f','m','v','c');
    SELECT string_agg(format('%s %s', CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'c' THEN 'composite type' ELSE 'foreign table' END, tab), ', ')
        INTO dep FROM moltres_cols WHERE relkind NOT IN ('r','p');
    s := dep;

    SELECT string_agg(m.tab, ', ') INTO dep FROM moltres_cols m JOIN pg_partitioned_table pt ON pt.partrelid = m.rel WHERE m.num = ANY (pt.partattrs::int2[]);
    s := nullif(concat_ws(', ', s, 'the partition key of ' || dep), '');

    -- 3. what else depends on the type, or on those columns, and is not ours to save: views, functions, policies, triggers (WHEN / UPDATE OF), publications, domains, casts, operators
    SELECT string_agg(DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid), ', ') INTO dep
    FROM pg_depend d
    WHERE ((d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t, arr))
            OR (d.refclassid = 'pg_class'::regclass AND (d.refobjid, d.refobjsubid) IN (SELECT rel::oid, num::int FROM moltres_cols)))
        AND d.deptype IN ('n','a','e','x')
        AND d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass, 'pg_trigger'::regclass, 'pg_cast'::regclass,
                                            'pg_operator'::regclass, 'pg_opclass'::regclass, 'pg_publication_rel'::regclass, 'pg_statistic_ext'::regclass);
    IF dep IS NULL THEN
        SELECT string_agg('domain ' || oid::regtype::text, ', ') INTO dep FROM pg_type WHERE typtype = 'd' AND typbasetype IN (t, arr);
    END IF;
    dep := nullif(concat_ws(', ', s, dep), '');
    IF dep IS NOT NULL AND NOT may_add THEN
        RAISE EXCEPTION 'the enum type %.% is used by %', sch, typ, dep
            USING ERRCODE = 'MLTRD', DETAIL = 'drop that before and create it again after, in the same migration';
    END IF;

    -- 4. rows that hold a removed label (generated columns follow their sources)
    SELECT array_agg(l) INTO removed FROM unnest(have) l WHERE NOT l = ANY (new_labels);
    IF removed IS NOT NULL THEN
        FOR r IN SELECT * FROM moltres_cols WHERE relkind IN ('r','p') AND NOT gen AND inh = 0 ORDER BY rel, num LOOP
            EXECUTE format(CASE WHEN r.is_array THEN 'SELECT count(*) FROM %s WHERE %I::text[] && $1' ELSE 'SELECT count(*) FROM %s WHERE %I::text = ANY ($1)' END, r.tab, r.col) INTO n USING removed;
            IF n > 0 THEN RAISE EXCEPTION '% rows of %.% hold a label that is removed from %.%: %', n, r.tab, r.col, sch, typ, removed USING ERRCODE = 'MLTRD', DETAIL = 'UPDATE them before'; END IF;
        END LOOP;
    END IF;

    -- 5. save with text that does not depend on search_path, except that the type itself is named by the new one of the same name
    PERFORM set_config('search_path', 'pg_catalog', true);
    CREATE TEMP TABLE moltres_gen (rel oid, num int) ON COMMIT DROP;
    -- generated columns that are of the type, or whose expression mentions it (or a column of it)
    FOR r IN SELECT DISTINCT a.attrelid, c.oid::regclass::text AS tab, a.attname, a.attnum, format_type(a.atttypid, a.atttypmod) AS typ_text, pg_get_expr(d.adbin, d.adrelid) AS expr, a.attnotnull, c.relnamespace
                      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                      JOIN pg_depend p ON (p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid) OR (p.classid = 'pg_class'::regclass AND p.objid = a.attrelid AND p.objsubid = a.attnum)
                      WHERE a.attgenerated <> '' AND ((p.refclassid = 'pg_type'::regclass AND p.refobjid IN (t, arr))
                            OR (p.refclassid = 'pg_class'::regclass AND (p.refobjid, p.refobjsubid) IN (SELECT rel::oid, num::int FROM moltres_cols)))
    LOOP
        -- ALTER COLUMN TYPE of a column that a generated one uses is refused by PostgreSQL: it is dropped and comes back, at the end of the table
        drops := drops || format('ALTER TABLE %s DROP COLUMN %I', r.tab, r.attname);
        restore := restore || format('ALTER TABLE %s ADD COLUMN %I %s%s GENERATED ALWAYS AS (%s) STORED%s', r.tab, r.attname, r.typ_text,
              (SELECT ' COLLATE ' || a.attcollation::regcollation::text FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid WHERE a.attrelid = r.attrelid AND a.attnum = r.attnum AND a.attcollation <> y.typcollation),
              r.expr, CASE WHEN r.attnotnull THEN ' NOT NULL' ELSE '' END);
        s := col_description(r.attrelid, r.attnum);
        IF s IS NOT NULL THEN restore_late := restore_late || format('COMMENT ON COLUMN %s.%I IS %L', r.tab, r.attname, s); END IF;
        restore_late := restore_late || ARRAY(SELECT q.text FROM (
/*properties*/
        ) AS q);
        INSERT INTO pg_temp.moltres_gen VALUES (r.attrelid, r.attnum);
    END LOOP;
    -- columns of the array type, whose storage ALTER TYPE resets
    FOR r IN SELECT m.rel AS attrelid, m.num AS attnum, m.col AS attname, m.rel::oid::regclass::text AS tab FROM pg_temp.moltres_cols m WHERE m.relkind IN ('r','p') AND m.is_array AND NOT m.gen LOOP
        restore_late := restore_late || ARRAY(SELECT q.text FROM (
/*properties*/
        ) AS q WHERE q.stored);
    END LOOP;
    -- constraints (check, exclude; unique/primary on the columns are rebuilt by ALTER TYPE itself unless a dropped generated column is in them;
    -- foreign keys, whose two columns change one after the other)
    FOR r IN SELECT DISTINCT con.contype = 'f' AS refers, con.oid, con.conname, con.conrelid::regclass::text AS tab, pg_get_constraintdef(con.oid) AS def, con.contype, con.conindid
                      FROM pg_constraint con JOIN pg_depend p ON (p.classid = 'pg_constraint'::regclass AND p.objid = con.oid) OR (con.contype = 'x' AND p.classid = 'pg_class'::regclass AND p.objid = con.conindid)
                      WHERE con.conrelid <> 0 AND con.conparentid = 0 AND coalesce(con.coninhcount, 0) = 0
                          AND ((con.contype IN ('c','x','f') AND ((p.refclassid = 'pg_type'::regclass AND p.refobjid IN (t, arr))
                                        OR (p.refclassid = 'pg_class'::regclass AND (p.refobjid, p.refobjsubid) IN (SELECT rel::oid, num::int FROM pg_temp.moltres_cols))))
                              OR (p.refclassid = 'pg_class'::regclass AND (p.refobjid, p.refobjsubid) IN (SELECT rel, num FROM pg_temp.moltres_gen)))
                      ORDER BY refers
    LOOP
        drops := format('ALTER TABLE %s DROP CONSTRAINT %I', r.tab, r.conname) || drops;
        IF r.refers THEN
            restore_late := restore_late || format('ALTER TABLE %s ADD CONSTRAINT %I %s', r.tab, r.conname, r.def);
        ELSE
            restore := restore || format('ALTER TABLE %s ADD CONSTRAINT %I %s', r.tab, r.conname, r.def);
            restore_late := restore_late || ARRAY(
                SELECT format(CASE n.clusters WHEN true THEN 'ALTER TABLE %s CLUSTER ON %I' ELSE 'ALTER TABLE %s REPLICA IDENTITY USING INDEX %I' END, r.tab, r.conname)
                FROM pg_index i CROSS JOIN LATERAL (VALUES (true, i.indisclustered), (false, i.indisreplident)) n (clusters, holds) WHERE i.indexrelid = r.conindid AND n.holds);
        END IF;
        s := obj_description(r.oid, 'pg_constraint');
        IF s IS NOT NULL THEN restore_late := restore_late || format('COMMENT ON CONSTRAINT %I ON %s IS %L', r.conname, r.tab, s); END IF;
    END LOOP;
    -- indexes without a constraint that have an expression or predicate on the type, or a dropped generated column
    FOR r IN SELECT DISTINCT i.indexrelid, i.indexrelid::regclass::text AS ix, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') AS def, i.indisclustered, i.indisreplident, i.indrelid::regclass::text AS tab, (SELECT relname FROM pg_class WHERE oid = i.indexrelid) AS relname
                      FROM pg_index i JOIN pg_depend p ON p.classid = 'pg_class'::regclass AND p.objid = i.indexrelid
                      WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p','u','x')) AND NOT EXISTS (SELECT 1 FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
                          AND (((i.indpred IS NOT NULL OR i.indexprs IS NOT NULL) AND ((p.refclassid = 'pg_type'::regclass AND p.refobjid IN (t, arr))
                                        OR (p.refclassid = 'pg_class'::regclass AND (p.refobjid, p.refobjsubid) IN (SELECT rel::oid, num::int FROM pg_temp.moltres_cols))))
                              OR (p.refclassid = 'pg_class'::regclass AND (p.refobjid, p.refobjsubid) IN (SELECT rel, num FROM pg_temp.moltres_gen)))
    LOOP
        drops := format('DROP INDEX %s', r.ix) || drops;
        restore := restore || r.def;
        restore_late := restore_late || ARRAY(
            SELECT format(CASE n.clusters WHEN true THEN 'ALTER TABLE %s CLUSTER ON %I' ELSE 'ALTER TABLE %s REPLICA IDENTITY USING INDEX %I' END, r.tab, r.relname)
            FROM (VALUES (true, r.indisclustered), (false, r.indisreplident)) n (clusters, holds) WHERE n.holds);
        s := obj_description(r.indexrelid, 'pg_class');
        IF s IS NOT NULL THEN restore_late := restore_late || format('COMMENT ON INDEX %s IS %L', r.ix, s); END IF;
    END LOOP;
    -- defaults that use the type on columns of another type (mood::text) are rare and found the same way
    FOR r IN SELECT DISTINCT d.oid, a.attrelid::regclass::text AS tab, a.attname, pg_get_expr(d.adbin, d.adrelid) AS expr
                      FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated = ''
                      WHERE EXISTS (SELECT 1 FROM pg_temp.moltres_cols m WHERE m.rel = d.adrelid AND m.num = d.adnum)
                            OR EXISTS (SELECT 1 FROM pg_depend p WHERE p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid AND p.refclassid = 'pg_type'::regclass AND p.refobjid IN (t, arr))
    LOOP
        drops := drops || format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT', r.tab, r.attname);
        restore := format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s', r.tab, r.attname, r.expr) || restore;
    END LOOP;
    -- the columns: one ALTER TABLE per table
    FOR r IN SELECT tab, string_agg(format('ALTER COLUMN %1$I TYPE %2$I.%3$I%4$s USING %1$I::text%4$s::%2$I.%3$I%4$s', col, sch, typ, CASE WHEN is_array THEN '[]' ELSE '' END), ', ' ORDER BY num) AS parts
                      FROM (SELECT m.rel::oid::regclass::text AS tab, m.col, m.is_array, m.num FROM pg_temp.moltres_cols m WHERE m.relkind IN ('r','p') AND NOT m.gen AND m.inh = 0) q GROUP BY tab
    LOOP alters := alters || format('ALTER TABLE %s %s', r.tab, r.parts); END LOOP;

    -- 6. add labels, where the type is better kept: something depends on it that cannot be restored, generated
    -- columns would move to the end, or many rows would be written anew
    IF may_add AND (dep IS NOT NULL OR EXISTS (SELECT 1 FROM pg_temp.moltres_gen)
            OR (NOT is_new
                    AND (SELECT coalesce(sum(pg_relation_size(rel::oid)), 0) > small FROM pg_temp.moltres_cols WHERE relkind = 'r'))) THEN
        added := have[1];
        FOR r IN SELECT l, o FROM unnest(new_labels) WITH ORDINALITY u(l, o) ORDER BY o LOOP
            IF NOT r.l = ANY (have) THEN
                EXECUTE format('ALTER TYPE %I.%I ADD VALUE %L %s %L', sch, typ, r.l, CASE WHEN r.o = 1 THEN 'BEFORE' ELSE 'AFTER' END, added);
            END IF;
            added := r.l;
        END LOOP;
        DROP TABLE pg_temp.moltres_cols, pg_temp.moltres_gen;
        PERFORM set_config('search_path', saved_path, true);
        RETURN;
    END IF;

    -- 7. swap the type
    s := obj_description(t, 'pg_type');
    FOREACH dep IN ARRAY drops LOOP EXECUTE dep; END LOOP;
    EXECUTE format('ALTER TYPE %I.%I RENAME TO %I', sch, typ, typ || '__moltres_old');
    EXECUTE format('CREATE TYPE %I.%I AS ENUM (%s)', sch, typ, (SELECT string_agg(quote_literal(l), ', ' ORDER BY o) FROM unnest(new_labels) WITH ORDINALITY u(l, o)));
    EXECUTE format('ALTER TYPE %I.%I OWNER TO %I', sch, typ, (SELECT rolname FROM pg_roles JOIN pg_type ON pg_type.typowner = pg_roles.oid WHERE pg_type.oid = t));
    -- its grants: those of nobody mean the default, in which everybody may use it
    FOR r IN SELECT a.grantee, a.is_grantable, y.typacl FROM pg_type y CROSS JOIN LATERAL aclexplode(y.typacl) a WHERE y.oid = t AND a.grantee <> y.typowner LOOP
        EXECUTE format('GRANT USAGE ON TYPE %I.%I TO %s%s', sch, typ, CASE r.grantee WHEN 0 THEN 'PUBLIC' ELSE r.grantee::regrole::text END, CASE WHEN r.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
    END LOOP;
    IF EXISTS (SELECT FROM pg_type y WHERE y.oid = t AND y.typacl IS NOT NULL AND NOT EXISTS (SELECT FROM aclexplode(y.typacl) a WHERE a.grantee = 0)) THEN
        EXECUTE format('REVOKE USAGE ON TYPE %I.%I FROM PUBLIC', sch, typ);
    END IF;
    FOREACH dep IN ARRAY alters LOOP EXECUTE dep; END LOOP;
    FOREACH dep IN ARRAY restore || restore_late LOOP EXECUTE dep; END LOOP;
    IF s IS NOT NULL THEN EXECUTE format('COMMENT ON TYPE %I.%I IS %L', sch, typ, s); END IF;
    EXECUTE format('DROP TYPE %I.%I', sch, typ || '__moltres_old');
    DROP TABLE pg_temp.moltres_cols, pg_temp.moltres_gen;      -- a second swap in the same transaction
    PERFORM set_config('search_path', saved_path, true);
END
