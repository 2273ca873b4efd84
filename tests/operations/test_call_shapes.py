"""Wrong shapes of calls: each function of a script, called as other tools' functions are called."""

from __future__ import annotations

import datetime as dt
from typing import Any

import alembic.op
import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.util import CommandError

import alembic_moltres
from alembic_moltres.errors import MoltresError
from tests.operations.context import run
from tests.operations.test_habits import BLOCK, START

# what a script says, and a part of the error
SHAPES = [
    ("column('x','INTEGER',length=5)", "column() has no argument 'length'; write it into the type: 'VARCHAR(50)'"),
    ("column('x', 'VARCHAR', length=50)", "column() has no argument 'length'; write it into the type: 'VARCHAR(50)'"),
    ("column('x','INTEGER', not_null=True)", "column() has no argument 'not_null'; write nullable=False"),
    ("column('x','INTEGER', pk=True)", "column() has no argument 'pk'; write primary_key=True"),
    ("column('x','INTEGER', foreign_key='users.id')", "column() has no argument 'foreign_key'; write foreign_key('x', 'users', 'id') among the constraints"),
    ("column('x','INTEGER', references='users.id')", "column() has no argument 'references'; write foreign_key('x', 'users', 'id') among the constraints"),
    ("column('x','INTEGER', onupdate=1)", "column() has no argument 'onupdate'; leave it out: it is not in the database"),
    ("column('x','INTEGER', comment=5)", "column() got comment=5; write comment='...'"),
    ("column(5,'INTEGER')", "column() got name=5; write name='...'"),
    ("column('x','INTEGER', info={})", "column() has no argument 'info'; leave it out: it is not in the database"),
    ("column('x','INTEGER', key='y')", "column() has no argument 'key'; leave it out: it is not in the database"),
    ("column('x','INTEGER', doc='y')", "column() has no argument 'doc'; leave it out: it is not in the database"),
    ("column('x','INTEGER', computed='a*2')", "column() got computed='a*2'; write computed=computed('a * b')"),
    ("column('x','INTEGER', identity=True)", "column() got identity=True; write identity=identity()"),
    ("column('x','INTEGER', sequence='s')", "column() got sequence='s'; write sequence=sequence('s')"),
    ("column('x','INTEGER', check='x>0')", "column() has no argument 'check'; write check('x > 0') among the constraints"),
    ("primary_key('a','b')", "primary_key('a', 'b') has two texts; write primary_key(['a', 'b']) for two columns, or name='b'"),
    ("primary_key(column('a','INTEGER'))", "primary_key() got columns=column('a', 'INTEGER'); write the names of columns: 'a', or ['a', 'b']"),
    ("unique('a','b')", "unique('a', 'b') has two texts; write unique(['a', 'b']) for two columns, or name='b'"),
    ("unique('a', deferrable='yes')", "unique() got deferrable='yes'; write deferrable=True or deferrable=False"),
    ("unique([column('a','INTEGER')])", "unique() got columns=column('a', 'INTEGER'); write the names of columns: 'a', or ['a', 'b']"),
    ("unique('a', nulls_not_distinct=True)", "unique() has no argument 'nulls_not_distinct'; write dialect_options={'postgresql_nulls_not_distinct': True}"),
    ("check(sql('a > 0'), name='x', sqltext='x')", "check() has no argument 'sqltext'; its arguments are expression, name, deferrable, initially, comment, dialect_options, ddl_if"),
    ("check('a > 0', condition='x')", "check() has no argument 'condition'; its arguments are expression, name, deferrable, initially, comment, dialect_options, ddl_if"),
    ("foreign_key('a','users','id',on_delete='DELETE')", "foreign_key() got on_delete='DELETE'; write one of CASCADE, SET NULL, SET DEFAULT, RESTRICT, NO ACTION"),
    ("foreign_key('fk','orders','users',['a'],['id'])", "foreign_key() got name=['a']; write name='...'"),
    ("foreign_key('a','users','id',referent_schema='s')", "foreign_key() has no argument 'referent_schema'; write references_schema='...'"),
    ("foreign_key('a','users','id',source_schema='s')", "foreign_key() has no argument 'source_schema'; did you mean 'references_schema'?"),
    ("foreign_key('a', User, 'id')", "; write references_table='...'"),
    ("foreign_key('a','users','id', use_alter='x')", "foreign_key() got use_alter='x'; write use_alter=True or use_alter=False"),
    ("index('ix','users',['a'])", "the index 'ix' has unique=['a']; write its columns as one list, without the table: index('ix', ['a', 'b'])"),
    ("index('ix',['a'],where='a > 0')", "index() has no argument 'where'; write dialect_options={'postgresql_where': sql('...')}"),
    ("index('ix', sa.text('lower(a)'))", "index() got elements=SQLAlchemy's TextClause; write columns and expressions: ['a', sql('lower(b)')]"),
    ("index('ix', sa.func.lower('a'))", "index() got elements=SQLAlchemy's Function; write columns and expressions: ['a', sql('lower(b)')]"),
    ("index('ix', [('a','desc')])", "index() got elements=('a', 'desc'); write columns and expressions: ['a', sql('lower(b)')]"),
    ("index('ix',['a'],method='gin')", "index() has no argument 'method'; write using='...' in exclude(), dialect_options={'postgresql_using': '...'} in index()"),
    ("index('ix',['a'],using='gin')", "index() has no argument 'using'; write dialect_options={'postgresql_using': '...'}"),
    ("sql()", "an expression is ''; write the SQL text"),
    ("sql.NOW()", "sql has no NOW(); write sql('...') for an expression, sql.now() for the time"),
    ("sql.text('x')", "sql has no text(); write sql('...') for an expression, sql.now() for the time"),
    ("TableSchema('t', [], primary_key('id'))", "the table 't' got primary_key('id') after its columns; write constraints=[...]"),
    ("TableSchema('t', sa.MetaData(), column('id','INTEGER'))", "the table 't' has columns=SQLAlchemy's MetaData; write a list: columns=[...]"),
    ("sa.select(User)", "a statement got TableSchema, which is a value; write op.moltres_tables()['users'] for a table in a statement"),
    ("sa.insert(User)", "a statement got TableSchema, which is a value; write op.moltres_tables()['users'] for a table in a statement"),
    ("op.moltres_tables('users')", "; write op.moltres_tables()['users']"),
    ("with op.moltres_idempotent(True):\n    pass", "; write with op.moltres_idempotent():"),
    ("op.moltres_state_only(User)", "; write with op.moltres_state_only():"),
    ("op.moltres_anchor(User)", "; write op.moltres_anchor([User])"),
    ("op.moltres_anchor()", "; write op.moltres_anchor([User])"),
    ("op.moltres_anchor(['users'])", "moltres_anchor got 'users'; write op.moltres_anchor([User])"),
    ("op.moltres_create_type('mood', ['a'])", '; write op.moltres_create_type("ENUM(\'a\',name=\'mood\')")'),
    ('op.moltres_drop_type("ENUM(\'a\',name=\'mood\')", if_exists=True)', '; write op.moltres_drop_type("ENUM(\'a\',name=\'mood\')")'),
    ("op.moltres_rename_type('m', 5)", "moltres_rename_type got 5; write op.moltres_rename_type('old', 'new', schema=None)"),
    ("op.moltres_rename_type('', 'n')", "moltres_rename_type got ''; write op.moltres_rename_type('old', 'new', schema=None)"),
    ("op.moltres_rename_type('m', 'n', 5)", "moltres_rename_type got 5; write op.moltres_rename_type('old', 'new', schema=None)"),
    ("op.moltres_rename_type('m', 'a\\0b')", "the name 'a\\x00b' has a NUL character (at the rename of 'm'); take it out"),
    ("op.moltres_rename_enum('m', 'n')", "op has no moltres_rename_enum(); write op.moltres_rename_type('old', 'new', schema=None)"),
    ("op.moltres_alter_sequence(sequence('s'), sequence('z'))", "sequence('s') and sequence('z') are different sequences; give both the same name and schema, or drop one and create the other"),
    ("op.moltres_create_sequence('s')", "moltres_create_sequence got 's'; write op.moltres_create_sequence(sequence('s')), with sequence() of alembic_moltres"),
    ("op.moltres_create_sequence(sa.Sequence('s'))", "; write op.moltres_create_sequence(sequence('s')), with sequence() of alembic_moltres"),
    ("op.moltres_drop_sequence('s')", "moltres_drop_sequence got 's'; write op.moltres_drop_sequence(sequence('s')), with sequence() of alembic_moltres"),
    ("op.moltres_alter_domain('d')", '; write op.moltres_alter_domain("postgresql.DOMAIN(INTEGER,name=\'d\')", "postgresql.DOMAIN(BIGINT,name=\'d\')")'),
    ('op.moltres_alter_enum("ENUM(\'a\',name=\'m\')","ENUM(\'b\',name=\'m\')", renamed=[(\'a\',\'b\')])', "moltres_alter_enum got renamed=[('a', 'b')]; write renamed={'old': 'new'}"),
    ("op.moltres_add_enum_value('mood','x')", 'op has no moltres_add_enum_value(); write op.moltres_alter_enum("ENUM(\'a\',name=\'mood\')", "ENUM(\'a\',\'b\',name=\'mood\')")'),
    ("op.moltres_create_foreign_key('fk','users','teams',['team'],['id'])", "op has no moltres_create_foreign_key(); write with op.moltres_alter_table('users', schema=None) as users: and in it user"),
    ("op.moltres_create_unique_constraint('u','users',['name'])", "; write with op.moltres_alter_table('users', schema=None) as users: and in it users.add_constraint(unique(['a'], name='uq_name'))"),
    ("op.moltres_execute('SELECT 1')", "op has no moltres_execute(); write op.execute(), Alembic's own"),
    ("op.moltres_bulk_insert(User, [])", "op has no moltres_bulk_insert(); write op.bulk_insert(), Alembic's own"),
    ("op.moltres_rename_table('users', User)", "; write op.moltres_rename_table('old', 'new', schema=None)"),
    ("op.moltres_rename_table('users', 5)", "moltres_rename_table got 5 as new name; write op.moltres_rename_table('old', 'new', schema=None)"),
    (BLOCK + "users.alter_column(column('name','VARCHAR(20)'), 'VARCHAR(30)')", "; write alter_column('name', type_='VARCHAR(30)') for a type, or rename_column('name', 'new') for a name"),
    (BLOCK + "users.alter_column('name', 'VARCHAR(30)')", "; write alter_column('name', type_='VARCHAR(30)') for a type, or rename_column('name', 'new') for a name"),
    (BLOCK + "users.alter_column('name', sa.String(30))", "; write alter_column('name', type_='...') for a type, or rename_column('name', 'new') for a name"),
    (BLOCK + "users.alter_column('name', type_=str)", "; write a type such as type_='VARCHAR(50)', and a default as text or sa.text(): server_default='5'"),
    (BLOCK + "users.alter_column('name', server_default=5)", "; write a type such as type_='VARCHAR(50)', and a default as text or sa.text(): server_default='5'"),
    (BLOCK + "users.alter_column('name', 'called')", "; write alter_column('name', type_='called') for a type, or rename_column('name', 'new') for a name"),
    (BLOCK + "users.rename_table('people')", "a block has no rename_table(); write op.moltres_rename_table('old', 'new') outside of the block"),
    (BLOCK + "users.create_index('ix', 'age', 'name')", "the index 'ix' has unique='name'; write its columns as one list, without the table: index('ix', ['a', 'b'])"),
    (BLOCK + "users.create_index('ix', 'users', ['age'])", "the index 'ix' has unique=['age']; write its columns as one list, without the table: index('ix', ['a', 'b'])"),
    (BLOCK + "users.create_index(index('ix','age'), unique=True)", "; write it into the index: create_index(index('ix_name', ['a'], unique=True))"),
    (BLOCK + "users.set_comment(5)", "set_comment got 5 (at the table 'users'); write set_comment('new', 'old')"),
    (BLOCK + "users.comment = 'x'", "a block has no comment; write set_comment('new', 'old')"),
    (BLOCK + "users.drop_table()", "a block has no drop_table(); write op.moltres_drop_table(User) outside of the block"),
    (BLOCK + "users.columns", "a block has no columns; write op.moltres_tables()['users'].c outside of the block"),
    (BLOCK + "users.c.name", "a block has no c; write op.moltres_tables()['users'].c outside of the block"),
    (BLOCK + "users['name']", "a block has no columns to look up, such as 'name'; write op.moltres_tables()['users'].c outside of the block"),
    (BLOCK + "users.drop_primary_key()", "a block has no drop_primary_key(); write drop_constraint(None, type_='primary')"),
    (BLOCK + "users.drop_foreign_key('x')", "a block has no drop_foreign_key(); write drop_constraint('name')"),
    (BLOCK + "users.add_foreign_key('x')", "a block has no add_foreign_key(); write add_constraint(foreign_key('a', 'other', 'id', name='fk_name'))"),
    (BLOCK + "users.add_unique('x')", "a block has no add_unique(); write add_constraint(unique(['a']))"),
    (BLOCK + "users.add_check('x')", "a block has no add_check(); write add_constraint(check('a > 0'))"),
    (BLOCK + "users.modify_column('name')", "a block has no modify_column(); write alter_column('a', nullable=False)"),
    (BLOCK + "users.change_column('name')", "a block has no change_column(); write alter_column('a', nullable=False)"),
    (BLOCK + "users.fill('x')", "a block has no fill(); write add_column(column('a', 'INTEGER'), fill=0)"),
    ("op.moltres_backfill('users')", "op has no moltres_backfill(); see the reference"),
    ("op.moltres_rows('users')", "op has no moltres_rows(); see the reference"),
    ("op.moltres_fill('users', 'age', 3)", "op has no moltres_fill(); see the reference"),
    ("op.moltres_run_sql('x')", "op has no moltres_run_sql(); see the reference"),
    ("column('x', 'VARCHAR', max_length=20)", "column() has no argument 'max_length'; write it into the type: 'VARCHAR(50)'"),
    ("column('x', 'INTEGER', on_delete='CASCADE')", "column() has no argument 'on_delete'; write foreign_key('x', 'users', 'id') among the constraints"),
    ("column('x', 'INTEGER', null=True)", "column() has no argument 'null'; write nullable=True or nullable=False"),
    ("column('x', 'INTEGER', db_index=True)", "column() has no argument 'db_index'; write index('ix_name', ['x']) among the indexes"),
    ("column('x', 'INTEGER', unsigned=True)", "write type_variants={'mysql': 'mysql.INTEGER(unsigned=True)'}"),
    ("column('x', 'TIMESTAMP', auto_now_add=True)", "column() has no argument 'auto_now_add'; write default=sql.now()"),
    ("column('x', 'INTEGER', blank=True)", "column() has no argument 'blank'; leave it out: it is not in the database"),
    ("column('x', 'DATE', default=datetime.date(2020, 1, 2))", "the column 'x' has the default datetime.date(2020, 1, 2); write '2020-01-02'"),
    ("column('x', 'JSON', default={})", "the column 'x' has the default {}; write its JSON as text, such as '{}'"),
    ("column('x', 'TIMESTAMP', default=datetime.datetime.now)", "type object>; it is Python's, not the database's; write sql.now() for the time, or a literal"),
    ("column('x', 'INTEGER', default=object())", "the column 'x' has the default <object object>; a default is a finite literal or sql(...)"),
    ("foreign_key('a', 'users', 'id', 'CASCADE')", "foreign_key() got 'CASCADE' as its name; write on_delete='CASCADE', or name='CASCADE'"),
    ("TableSchema('t', [column('a', 'TEXT')], comment=5)", "a table has comment=5; write comment='...'"),
    ("TableSchema('t', [column('a', 'TEXT')], schema=sa.MetaData())", "a table has schema=SQLAlchemy's MetaData; write schema='...'"),
    ("TableSchema('t', [column('a', 'TEXT')], ddl=['CREATE x'])", "the table 't' has 'CREATE x' among its ddl; write ddl('after_create', 'CREATE TRIGGER ...')"),
    ("TableSchema('t', [column('a', 'TEXT')], dialect_options='x')", "the table 't' has the options 'x'; write them as {'mysql_engine': 'InnoDB'}"),
    ("op.moltres_create_table([User])", "is no table; pass one TableSchema, mapped class or Table"),
    ("op.moltres_drop_table(None)", "None is no table; pass one TableSchema, mapped class or Table"),
    ("op.moltres_create_table(TableSchema)", "is no table; pass one TableSchema, mapped class or Table"),
    ("op.moltres_rename_table('users', '')", "moltres_rename_table got '' as new name; write"),
    ("op.moltres_drop_table(Team); op.moltres_tables.teams", "op.moltres_tables is not called (at "),
    (BLOCK + "users.set_options('InnoDB', {})", "set_options got 'InnoDB' (at the table 'users'); write set_options({'mysql_engine': 'InnoDB'}, {})"),
    (BLOCK + "users.set_options({'engine': 'InnoDB'}, {})", "set_options got {'engine': 'InnoDB'} (at the table 'users'); write"),
    (BLOCK + "users.alter_column('age', type_=sa.Column('age', sa.Text()))", "alter_column got type_=SQLAlchemy's Column (at the table 'users'); write a type such as"),
    (BLOCK + "users.alter_column('age', comment=5)", "alter_column got 5 (at the table 'users'); write comment='...'"),
    (BLOCK + "users.create_check('x > 0')", "a block has no create_check(); write add_constraint(check('a > 0'))"),
    (BLOCK + "users.rename('people')", "a block has no rename(); write rename_column('old', 'new'), or op.moltres_rename_table("),
    (BLOCK + "users.add_column(column)", "add_column got <function column> (at the table 'users')"),
    ("uuid()", "uuid() has the wrong arguments: missing 1 required positional argument: 'name'; write uuid('key', nullable=False)"),
    ("computed('a*2', stored=True)", "computed() has no argument 'stored'; write persisted=True"),
    ("identity(1)", "identity() got always=1; write always=True or always=False"),
    ("identity(start='x')", "identity() got start='x'; write start=1, a whole number"),
    ("identity(by_default=True)", "identity() has no argument 'by_default'; write always=False"),
    ("sequence('s', increment_by=2)", "sequence() has no argument 'increment_by'; did you mean 'increment'?"),
    ("ddl('CREATE x')", "; write ddl('after_create', 'CREATE TRIGGER ...')"),
    ("ddl('after_create', sa.DDL('x'))", "ddl() got statement=SQLAlchemy's DDL; write statement='...'"),
    ("ddl('after_create', ['x'])", "ddl() got statement=['x']; write statement='...'"),
    ("exclude('room','=')", "; write exclude(('room', '='), ('during', '&&'), name='ex_name')"),
    ("exclude(('room','='), method='gist')", "exclude() has no argument 'method'; write using='...' in exclude(), dialect_options={'postgresql_using': '...'} in index()"),
]  # fmt: skip


def execute(engine: sa.Engine, source: str) -> None:
    def script(op: Any) -> None:
        with Operations.context(op.migration_context):
            known = {name: getattr(alembic_moltres, name) for name in alembic_moltres.__all__}
            known |= {"op": alembic.op, "sa": sa, "datetime": dt}
            exec(START, known)
            exec(source, known)

    run(engine, script)


@pytest.mark.parametrize(("source", "expected"), SHAPES)
def test_one_line_shows_what_to_write(sqlite_engine: sa.Engine, source: str, expected: str) -> None:
    with pytest.raises((CommandError, MoltresError)) as raised:
        execute(sqlite_engine, source)
    message = str(raised.value)
    assert expected in message
    assert "\n" not in message
    assert len(message) < 400
