"""What is known of functions: the aggregates, and those that return one value for each row."""

from __future__ import annotations

COUNTS = frozenset({"count", "grouping"})
"""Aggregates that are 0 without rows."""

AGGREGATES = COUNTS | frozenset(
    """max min sum avg bool_and bool_or every array_agg string_agg group_concat json_agg jsonb_agg
    json_object_agg jsonb_object_agg json_arrayagg json_objectagg json_group_array
    json_group_object stddev stddev_pop stddev_samp variance var_pop var_samp total bit_and bit_or
    bit_xor range_agg any_value""".split()  # noqa: SIM905
)
"""Functions of groups; without GROUP BY they return a row, whatever the table has."""

NULL_AGGREGATES = (
    AGGREGATES
    - COUNTS
    - frozenset(
        "total bit_and bit_or bit_xor json_group_array json_group_object".split()  # noqa: SIM905
    )
)
"""Aggregates that are NULL without rows on every database."""

LOCKS = frozenset(
    """get_lock is_free_lock release_lock pg_advisory_unlock pg_advisory_unlock_shared
    pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock
    pg_try_advisory_xact_lock_shared""".split()  # noqa: SIM905
)
"""Functions that take or release a lock, which is free here, and return whether they did."""

OF_EACH_ROW = frozenset(
    """coalesce nullif ifnull if lower upper trim ltrim rtrim concat concat_ws replace substring
    substr left right length char_length octet_length now current_timestamp gen_random_uuid
    uuid_generate_v4 uuid md5 cast convert date_trunc to_char to_timestamp to_date date greatest
    least position instr locate lpad rpad reverse split_part regexp_replace extract date_part
    strftime datetime abs round floor ceil ceiling mod power random json_extract json_unquote
    jsonb_build_object json_build_object jsonb_set jsonb_typeof to_json to_jsonb row_to_json
    array_length cardinality array_to_string quote_ident format encode decode hex unhex
    row_number rank dense_rank lag lead first_value last_value ntile nextval currval
    hashtext hashtextextended crc32 printf typeof unix_timestamp from_unixtime
    date_format""".split()  # noqa: SIM905
)
"""Functions that return one value for each row, window functions included."""

RETURNING_ROWS = frozenset(
    """unnest json_array_elements json_array_elements_text jsonb_array_elements
    jsonb_array_elements_text json_each jsonb_each json_each_text jsonb_each_text json_object_keys
    jsonb_object_keys json_tree json_table json_to_record json_to_recordset jsonb_to_record
    jsonb_to_recordset jsonb_path_query regexp_matches regexp_split_to_table string_to_table
    generate_subscripts xmltable aclexplode _pg_expandarray""".split()  # noqa: SIM905
)
"""Functions in FROM, of a server."""

KEYWORDS = frozenset(
    """exists in and or not as on using values case when then else end from join where limit offset
    any all some over filter partition by distinct select between like ilike is having union
    except intersect
    varchar char character numeric decimal timestamp time interval float double set with order
    row lateral array""".split()  # noqa: SIM905
)
"""Words that may stand before brackets and are no functions."""
