"""Habits of Alembic and SQLAlchemy in our operations: understood, or one line that shows what to write; never a traceback."""

from __future__ import annotations

from typing import Any

import alembic.op
import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.util import CommandError

import alembic_moltres
from alembic_moltres.errors import MoltresError
from tests.operations.context import offline, run

START = """
User = TableSchema(
    "users",
    [column("id", "INTEGER"), column("name", "VARCHAR(20)"), column("age", "INTEGER"), column("team", "INTEGER")],
    constraints=[primary_key("id"), unique("name", name="uq_users_name"), check("age > 0", name="ck_users_age")],
    indexes=[index("ix_users_age", "age")],
)
Team = TableSchema("teams", [column("id", "INTEGER", primary_key=True)])
op.moltres_create_table(Team)
op.moltres_create_table(User)
op.execute("INSERT INTO users VALUES (1, 'ann', 5, NULL)")
"""

BLOCK = "with op.moltres_alter_table('users') as users:\n    "

# what a script says, and a part of the error, or "" where it is understood
HABITS = [
    # names of what there is
    (BLOCK + "users.drop_column('team')", ""),
    (BLOCK + "users.drop_column('tema')", "there is no column 'tema' (at the table 'users'); did you mean 'team'?"),
    (BLOCK + "users.drop_constraint('uq_users_name')", ""),
    (BLOCK + "users.drop_constraint('uq_users_name', type_='unique')", ""),
    (BLOCK + "users.drop_constraint('uq_users_name', 'unique')", ""),
    (BLOCK + "users.drop_constraint('ck_users_age', type_='check')", ""),
    (BLOCK + "users.drop_constraint('uq_user_name')", "did you mean 'uq_users_name'?"),
    (BLOCK + "users.drop_index('ix_users_age')", ""),
    (BLOCK + "users.drop_index('ix_user_age')", "did you mean 'ix_users_age'?"),
    (BLOCK + "users.rename_column('age', 'years'); users.drop_column('years')", "uses the column 'years'"),
    (BLOCK + "users.rename_column('team', 'squad'); users.drop_column('squad')", ""),
    (BLOCK + "users.add_column(column('x', 'INTEGER')); users.drop_column('x')", ""),
    # columns of SQLAlchemy
    (BLOCK + "users.add_column(sa.Column('x', sa.String(5)))", ""),
    (BLOCK + "users.add_column(sa.Column('x', sa.String(5), nullable=False, server_default='a'))", ""),
    (BLOCK + "users.add_column(sa.Column('x', sa.Integer, sa.ForeignKey('teams.id', name='fk_x')))", ""),
    (BLOCK + "users.add_column(sa.Column('x', sa.Integer, index=True))", ""),
    (BLOCK + "users.add_column(sa.Column('x', sa.DateTime, server_default=sa.func.now()))", ""),
    (BLOCK + "users.add_column(sa.Column('x', sa.Integer), fill=3)", ""),
    (BLOCK + "users.drop_column(sa.Column('team', sa.Integer))", ""),
    (BLOCK + "users.add_column(sa.column('x'))", "add_column got SQLAlchemy's ColumnClause (at the table 'users'); write add_column(column('age', 'INTEGER'))"),
    (BLOCK + "users.add_column('x')", "add_column got 'x' (at the table 'users'); write add_column(column('age', 'INTEGER'))"),
    (BLOCK + "users.add_column('x', sa.Integer)", "add_column"),
    (BLOCK + "users.add_column('users', sa.Column('x', sa.Integer))", "add_column"),
    (BLOCK + "users.drop_column('users', 'team')", "drop_column"),
    (BLOCK + "users.add_column(User)", "add_column got TableSchema('users'"),
    (BLOCK + "users.add_column(None)", "add_column got None"),
    # alter_column
    (BLOCK + "users.alter_column('team', nullable=True)", ""),
    (BLOCK + "users.alter_column('name', nullable=False)", ""),
    (BLOCK + "users.alter_column('name', type_=sa.String(50))", ""),
    (BLOCK + "users.alter_column('name', existing_type=sa.String(20), type_=sa.Text(), existing_nullable=True)", ""),
    (BLOCK + "users.alter_column('name', server_default='x')", ""),
    (BLOCK + "users.alter_column('name', server_default=sa.text(\"'x'\"))", ""),
    (BLOCK + "users.alter_column('name', server_default=None)", ""),
    (BLOCK + "users.alter_column('name', comment='x')", ""),
    (BLOCK + "users.alter_column('name', new_column_name='called')", ""),
    (BLOCK + "users.alter_column('name', new_column_name='called', nullable=False)", ""),
    (BLOCK + "users.alter_column('name')", "alter_column got only 'name' (at the table 'users'); write the column as it is and as it is to be"),
    (BLOCK + "users.alter_column('nmae', nullable=False)", "did you mean 'name'?"),
    (BLOCK + "users.alter_column('name', nulable=False)", "alter_column got the argument 'nulable'"),
    (BLOCK + "users.alter_column('name', postgresql_using='x')", "alter_column got the argument 'postgresql_using'"),
    (BLOCK + "users.alter_column(column('name', 'VARCHAR(20)'), nullable=False)", ""),
    (BLOCK + "users.alter_column(sa.Column('name', sa.String(20)), sa.Column('name', sa.String(30)))", ""),
    # constraints and indexes
    (BLOCK + "users.create_index('ix_team', ['team'])", ""),
    (BLOCK + "users.create_index('ix_team', 'team')", ""),
    (BLOCK + "users.create_index('ix_team', ['team', 'age'], unique=True)", ""),
    (BLOCK + "users.create_index('ix_team')", "create_index got 'ix_team' (at the table 'users'); write create_index(index('ix_name', ['a']))"),
    (BLOCK + "users.create_index(sa.Index('ix_team', 'team'))", "create_index got SQLAlchemy's Index"),
    (BLOCK + "users.add_constraint(sa.UniqueConstraint('team'))", "add_constraint got SQLAlchemy's UniqueConstraint (at the table 'users'); write add_constraint(unique(['a'], name='uq_name'))"),
    (BLOCK + "users.create_unique_constraint('uq', ['team'])", "a block has no create_unique_constraint(); write add_constraint(unique(['a'], name='uq_name'))"),
    (BLOCK + "users.create_foreign_key('fk', 'teams', ['team'], ['id'])", "write add_constraint(foreign_key('a', 'other', 'id', name='fk_name'))"),
    (BLOCK + "users.create_check_constraint('ck', 'age > 1')", "write add_constraint(check('a > 0', name='ck_name'))"),
    (BLOCK + "users.create_primary_key('pk', ['id'])", "write add_constraint(primary_key(['a'], name='pk_name'))"),
    (BLOCK + "users.create_table_comment('x')", "write set_comment('new', 'old')"),
    (BLOCK + "users.execute('SELECT 1')", "write op.execute() outside of the block"),
    (BLOCK + "users.add_colum(column('x', 'INTEGER'))", "a block has no add_colum(); did you mean 'add_column'?"),
    (BLOCK + "users.drop_columns('x')", "did you mean 'drop_column'?"),
    (BLOCK + "users.add_constraint(foreign_key('team', 'teams', 'id', name='fk', ondelete='CASCADE'))", ""),
    (BLOCK + "users.add_constraint(foreign_key('team', 'teams', 'id', name='fk', onupdate='CASCADE'))", ""),
    (BLOCK + "users.add_constraint(foreign_key(['team'], ['teams.id']))", "write foreign_key('user_id', 'users', 'id', name='fk_name')"),
    (BLOCK + "users.add_constraint(foreign_key('team', 'teams', 'id', on_delet='x'))", "foreign_key() has no argument 'on_delet'; did you mean 'on_delete'?"),
    # values
    (BLOCK + "users.add_column(column('x', 'INTEGER', server_default='1'))", "column() has no argument 'server_default'; write default=..., with sql('...') for an expression"),
    (BLOCK + "users.add_column(column('x', type_='INTEGER'))", ""),
    (BLOCK + "users.add_column(column('x', sa.Integer()))", "write its name, such as 'INTEGER'"),
    (BLOCK + "users.add_column(column('x'))", "column() has the wrong arguments: missing 1 required positional argument: 'type_name'; write column('age', 'INTEGER', nullable=False)"),
    (BLOCK + "users.add_column(column('x', 'INTEGER', unique=True))", "column() has no argument 'unique'; write unique('x') among the constraints"),
    (BLOCK + "users.add_column(column('x', 'INTEGER', index=True))", "write index('ix_name', ['x']) among the indexes"),
    (BLOCK + "users.add_column(column('x', 'INTEGER', 'NOT NULL'))", "the column 'x' has nullable='NOT NULL'; write True or False"),
    (BLOCK + "users.add_column(column('x', 'INTEGER', nullabel=False))", "did you mean 'nullable'?"),
    (BLOCK + "users.add_column(column('x', 'INTEGER', default=sa.text('1')))", "a default is a finite literal or sql(...)"),
    (BLOCK + "users.create_index(index('ix', 'team', 'age'))", "the index 'ix' has unique='age'; write its columns as one list, without the table: index('ix', ['a', 'b'])"),
    (BLOCK + "users.create_index(index('ix', ['team'], postgresql_where='x'))", "index() has no argument 'postgresql_where'; write dialect_options="),
    (BLOCK + "users.create_index(index('ix', columns=['team']))", "index() has no argument 'columns'"),
    ("TableSchema('t', [sa.Column('x', sa.Integer)])", "it is SQLAlchemy's; write column('id', 'INTEGER'), imported from alembic_moltres"),
    ("TableSchema('t', [sa.column('x')])", "it is SQLAlchemy's; write column('id', 'INTEGER')"),
    ("TableSchema('t', [column('x', 'INTEGER'), unique('x')])", "put it into constraints=[...]"),
    ("TableSchema('t', column('x', 'INTEGER'))", "write a list: columns=[...]"),
    ("TableSchema('t', column('x', 'INTEGER'), column('y', 'INTEGER'))", "write a list: columns=[...]"),
    # whole tables
    ("with op.moltres_alter_table(User) as users:\n    users.drop_column('team')", ""),
    ("with op.moltres_alter_table(sa.Table('users', sa.MetaData(), sa.Column('id', sa.Integer))) as users:\n    users.drop_column('team')", ""),
    ("with op.moltres_alter_table(User) as batch_op:\n    batch_op.add_column(sa.Column('x', sa.Integer))", ""),
    ("with op.moltres_alter_table('usrs') as users:\n    users.drop_column('team')", "there is no table 'usrs'; did you mean 'users'?"),
    ("with op.moltres_alter_table(42) as users:\n    pass", "42 is neither a mapped class nor a Table"),
    ("op.moltres_drop_table('users')", "'users' is the name of a table; pass its TableSchema, a mapped class or a Table, or call Alembic's own operation"),
    ("op.moltres_create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('x', sa.Text))", ""),
    ("op.moltres_create_table('t')", "'t' is the name of a table"),
    ("op.moltres_create_table('t', column('id', 'INTEGER'))", "write one value: op.moltres_create_table(TableSchema("),
    ("op.moltres_create_table(User, Team)", "write one value"),
    # wrong arguments, misspelt names, Alembic's arguments
    (BLOCK + "users.alter_column('name', type_='VARCHAR(50)')", ""),
    (BLOCK + "users.alter_column('name', type=sa.String(50))", "alter_column got the argument 'type' (at the table 'users'); did you mean 'type_'?"),
    (BLOCK + "users.alter_column('name', new_type=sa.String(50))", "alter_column got the argument 'new_type' (at the table 'users'); did you mean 'type_'?"),
    (BLOCK + "users.alter_column(column_name='name', nullable=False)", ""),
    (BLOCK + "users.alter_column('age', type_=sa.String(50), postgresql_using='age::text')", "USING ...') in its place"),
    (BLOCK + "users.alter_column('name', default='x')", "alter_column got the argument 'default' (at the table 'users'); did you mean 'server_default'?"),
    (BLOCK + "users.alter_column(name='name', nullable=False)", "; write alter_column(column('age', 'INTEGER'), column('age', 'BIGINT'))"),
    (BLOCK + "users.add_column(sa.Column('x', sa.Integer), schema='x')", "; write add_column(column('age', 'INTEGER'))"),
    (BLOCK + "users.add_column(sa.Column('x', sa.Integer), if_not_exists=True)", "; leave it out: a block says what the table has at this line, as in add_column(column('age', 'INTEGER'))"),
    (BLOCK + "users.add_column(sa.Column('x', sa.Integer), insert_after='name')", "; write add_column(column('age', 'INTEGER'))"),
    (BLOCK + "users.add_column(sa.Column(sa.Integer))", "add_column got a column without a name (at the table 'users'); write add_column(sa.Column('age', sa.Integer()))"),
    (BLOCK + "users.add_column(column('x', sa.Integer))", "the column 'x' has the type SQLAlchemy's Integer; write its name, such as 'INTEGER'"),
    (BLOCK + "users.drop_column('name', if_exists=True)", "; leave it out: a block says what the table has at this line, as in drop_column(column('age', 'INTEGER'))"),
    (BLOCK + "users.drop_column('nope', if_exists=True)", "; leave it out: a block says what the table has at this line, as in drop_column(column('age', 'INTEGER'))"),
    (BLOCK + "users.drop_column('team', mssql_drop_default=True)", "drop_column() has no argument 'mssql_drop_default'"),
    (BLOCK + "users.drop_column('team', schema='x')", "; write drop_column(column('age', 'INTEGER'))"),
    (BLOCK + "users.drop_column(column_name='team')", ""),
    (BLOCK + "users.drop_constraint('uq_users_name', 'users', type_='unique')", "drop_constraint(): multiple values for argument 'type_'"),
    (BLOCK + "users.drop_constraint('uq_users_name', table_name='users')", ""),
    (BLOCK + "users.drop_constraint('uq_users_name', type_='uniqe')", "drop_constraint got type_='uniqe' (at the table 'users'); did you mean 'unique'?"),
    (BLOCK + "users.drop_constraint('uq_users_name', type_='foreignkey')", "drop_constraint('uq_users_name') got type_='foreignkey', and it is unique('name', name='uq_users_name') (at the table 'users'); take type_ out, or cor"),
    (BLOCK + "users.drop_constraint('uq_users_name', if_exists=True)", "; leave it out: a block says what the table has at this line, as in drop_constraint(unique(['a'], name='uq_name'))"),
    (BLOCK + "users.drop_constraint(constraint_name='uq_users_name')", ""),
    (BLOCK + "users.drop_constraint(None, type_='primary')", ""),
    (BLOCK + "users.drop_constraint('users_pkey', type_='primary')", ""),
    (BLOCK + "users.drop_constraint('ix_users_age')", "'ix_users_age' is an index: write drop_index('ix_users_age') (at the table 'users')"),
    (BLOCK + "users.drop_index('ix_users_age', table_name='users')", ""),
    (BLOCK + "users.drop_index('ix_users_age', if_exists=True)", "drop_index() has no argument 'if_exists' (at the table 'users'); leave it out: a block says what the table has at this line"),
    (BLOCK + "users.drop_index('uq_users_name')", "'uq_users_name' is a constraint: write drop_constraint('uq_users_name') (at the table 'users')"),
    (BLOCK + "users.drop_index(index_name='ix_users_age')", ""),
    (BLOCK + "users.drop_index('ix_users_age', postgresql_concurrently=True)", ""),
    (BLOCK + "users.create_index('ix_t', ['team'], if_not_exists=True)", "create_index() has no argument 'if_not_exists' (at the table 'users'); leave it out: a block says what the table has at this line"),
    (BLOCK + "users.create_index('ix_t', ['team'], postgresql_using='btree')", ""),
    (BLOCK + "users.create_index('ix_t', ['team'], postgresql_where=sa.text('age>1'))", ""),
    (BLOCK + "users.create_index('ix_t', ['team'], postgresql_concurrently=True)", ""),
    (BLOCK + "users.create_index('ix_t', [sa.text('lower(name)')])", ""),
    (BLOCK + "users.create_index('ix_t', [sa.func.lower(sa.column('name'))])", ""),
    (BLOCK + "users.create_index(index_name='ix_t', columns=['team'])", ""),
    (BLOCK + "users.create_index('ix_t', ['team'], uniqe=True)", "create_index() has no argument 'uniqe' (at the table 'users'); did you mean 'unique'?"),
    (BLOCK + "users.add_constraint('uq', 'unique', ['team'])", "; write add_constraint(unique(['a'], name='uq_name'))"),
    (BLOCK + "users.add_constraint(check(sa.text('age > 1'), name='ck'))", ""),
    (BLOCK + "users.add_constraint(check(sa.column('age') > 1, name='ck'))", "an expression is SQLAlchemy's BinaryExpression; write the SQL text"),
    (BLOCK + "users.batch_alter_table()", "a block has no batch_alter_table(); write op.batch_alter_table() outside of the block"),
    (BLOCK + "users.f('x')", "a block has no f(); write op.f() outside of the block"),
    (BLOCK + "users.rename_column('name', 'called', 'x')", "rename_column(): too many positional arguments"),
    (BLOCK + "users.rename_column('name')", "rename_column(): missing a required argument: 'new'"),
    (BLOCK + "users.rename_column(column('name','VARCHAR(20)'), 'called')", ""),
    (BLOCK + "users.set_comment()", "set_comment(): missing a required argument: 'new'"),
    (BLOCK + "users.set_comment('a','b','c')", "set_comment(): too many positional arguments"),
    (BLOCK + "users.set_options({'mysql_engine':'InnoDB'})", "; write set_options({'mysql_engine': 'InnoDB'}, {})"),
    (BLOCK + "users.set_options(mysql_engine='InnoDB')", "; write set_options({'mysql_engine': 'InnoDB'}, {})"),
    (BLOCK + "users.bulk_insert([])", "a block has no bulk_insert(); write op.bulk_insert() outside of the block"),
    (BLOCK + "users.name", "a block has no name(); it has add_column, drop_column, alter_column, rename_column, add_constraint, drop_constraint, create_index, drop_index, set_com"),
    ("with op.batch_alter_table('users') as b:\n    b.add_column(column('x','INTEGER'))", "op.add_column() of Alembic got the value column('x', 'INTEGER') (at "),
    ("with op.moltres_alter_table('users', recreate='always') as u:\n    u.drop_column('team')", "; write with op.moltres_alter_table('users', schema=None) as users:"),
    ("with op.moltres_alter_table('users', naming_convention={}) as u:\n    u.drop_column('team')", "; write with op.moltres_alter_table('users', schema=None) as users:"),
    ("with op.moltres_alter_table() as u:\n    u.drop_column('team')", "; write with op.moltres_alter_table('users', schema=None) as users:"),
    ("with op.moltres_alter_table('users', 'public') as u:\n    u.drop_column('team')", "the database refuses the reading of the table 'users': no such table: public.sqlite_master; correct the name of the schema, or create or attach it fir"),
    ("op.add_column('users', column('x','INTEGER'))", "; write with op.moltres_alter_table('users') as users: users.add_column(column('age', 'INTEGER'))"),
    ("op.bulk_insert(User, [{'id': 3}])", "op.bulk_insert() of Alembic got the value TableSchema('users', ...) (at "),
    ("op.moltres_create_table()", "; write op.moltres_create_table(TableSchema('users', [column('id', 'INTEGER')]))"),
    ("op.moltres_create_table('t2', sa.Column('id', sa.Integer), comment='x', mysql_engine='InnoDB')", "; write op.moltres_create_table(TableSchema('users', [column('id', 'INTEGER')]))"),
    ("op.moltres_create_table(name='t2', columns=[column('id','INTEGER')])", "; write op.moltres_create_table(TableSchema('users', [column('id', 'INTEGER')]))"),
    ("op.moltres_create_table(Team, if_exists=True)", "op.moltres_create_table() has no argument 'if_exists'"),
    ("op.moltres_create_table(Team, if_not_exist=True)", "op.moltres_create_table() has no argument 'if_not_exist'"),
    ("op.moltres_create_table(TableSchema('t2'))", "TableSchema() missing 1 required positional argument: 'columns'; its arguments are name, columns, if_not_exists, temporary, constraints, indexes, sche"),
    ("op.moltres_create_table(TableSchema('t2', [column('id','INTEGER')], primary_key='id'))", "TableSchema() got an unexpected keyword argument 'primary_key'; its arguments are name, columns, if_not_exists, temporary, constraints, indexes, schem"),
    ("op.moltres_create_table(TableSchema('t2', [column('id','INTEGER')], index=[index('i','id')]))", "TableSchema() got an unexpected keyword argument 'index'; did you mean 'indexes'?"),
    ("op.moltres_drop_table()", "; write op.moltres_drop_table(Users), the constant of the script"),
    ("op.moltres_drop_table(Team, 'x')", "; write op.moltres_drop_table(Users), the constant of the script"),
    ("op.moltres_drop_table(Team, if_exist=True)", "op.moltres_drop_table() has no argument 'if_exist'"),
    ("op.moltres_rename_table(User, 'people')", ""),
    ("op.moltres_rename_table('users')", "op.moltres_rename_table(): missing a required argument: 'new'"),
    ("op.moltres_rename_table('users', 'people', if_exists=True)", "; write op.moltres_rename_table('old', 'new', schema=None)"),
    ("op.moltres_rename_tabel('users', 'people')", "op has no moltres_rename_tabel(); did you mean 'moltres_rename_table'?"),
    ("op.moltres_add_column('users', column('x','INTEGER'))", "op has no moltres_add_column(); write with op.moltres_alter_table('users', schema=None) as users: and in it users.add_column(...)"),
    ("op.moltres_drop_column('users', 'team')", "op has no moltres_drop_column(); write with op.moltres_alter_table('users', schema=None) as users: and in it users.drop_column(...)"),
    ("op.moltres_create_index('ix','users',['team'])", "op has no moltres_create_index(); write with op.moltres_alter_table('users', schema=None) as users: and in it users.create_index(...)"),
    ("op.moltres_alter_column('users','name',nullable=False)", "op has no moltres_alter_column(); write with op.moltres_alter_table('users', schema=None) as users: and in it users.alter_column(...)"),
    ("op.moltres_altertable('users')", "op has no moltres_altertable(); did you mean 'moltres_alter_table'?"),
    ("op.moltres_create_enum('m','a','b')", "op has no moltres_create_enum(); write op.moltres_create_type("),
    ("op.moltres_alter_enum('m', ['a'], ['a','b'])", 'moltres_alter_enum got [\'a\']; write op.moltres_alter_enum("ENUM(\'a\',name=\'mood\')", "ENUM(\'a\',\'b\',name=\'mood\')")'),
    ("op.moltres_alter_enum(sa.Enum('a',name='m'), sa.Enum('a','b',name='m'))", ""),
    ("op.moltres_alter_enum('m')", '; write op.moltres_alter_enum("ENUM(\'a\',name=\'mood\')", "ENUM(\'a\',\'b\',name=\'mood\')")'),
    ("op.moltres_alter_sequence('a','b')", "moltres_alter_sequence got 'a'; write op.moltres_alter_sequence(sequence('s'), sequence('s', start=5))"),
    ("op.moltres_add_foreign_keys(User, Team)", "; write op.moltres_add_foreign_keys(Users), the constant of the script"),
    # our values in Alembic's operations, and as if they were SQLAlchemy's
    ("op.create_table(User)", "op.create_table() of Alembic got the value TableSchema('users', ...) (at "),
    ("op.create_table('t', column('id', 'INTEGER'))", "; write op.moltres_create_table(User), with everything in TableSchema('users', [...])"),
    ("op.create_table('t', sa.Column('id', sa.Integer), primary_key('id'))", "op.create_table() of Alembic got the value primary_key('id') (at "),
    ("op.drop_table(User)", "; write op.moltres_drop_table(User)"),
    ("op.drop_column(User, 'team')", "op.drop_column() of Alembic got the value TableSchema('users', ...) (at "),
    ("op.drop_column('users', column('team', 'INTEGER'))", "users.drop_column(column('age', 'INTEGER'))"),
    ("op.alter_column('users', 'team', type_=column('team', 'BIGINT'))", "users.alter_column(column('a', 'INTEGER'), column('a', 'BIGINT'))"),
    ("op.create_index('ix', 'users', [User.columns[0]])", "users.create_index(index('ix_users_age', 'age'))"),
    ("op.create_index('ix', User, ['team'])", "op.create_index() of Alembic got the value TableSchema('users', ...) (at "),
    ("op.rename_table(User, 'people')", "; write op.moltres_rename_table(User, 'people')"),
    ("op.execute(sql('SELECT 1'))", "; write the SQL as text: op.execute('UPDATE ...')"),
    ("op.batch_alter_table(User).__enter__()", "; write with op.moltres_alter_table(User) as users:"),
    ("with op.batch_alter_table('users') as b:\n    b.drop_column(column('team', 'INTEGER'))", "op.drop_column() of Alembic got the value column('team', 'INTEGER')"),
    ("op.execute('SELECT %s' % User['id'])", "TableSchema['id']: a value has no items; write op.moltres_tables()['users'].c['id'] for a column in a statement"),
    ("op.alter_column('users', 'team', type_='BIGINT')", "op.alter_column() of Alembic got type_='BIGINT' (at "),
    ("op.alter_column('users', 'team', existing_type='INTEGER', type_=sa.BigInteger())", "write existing_type=sa.Integer(), or with op.moltres_alter_table("),
    ("with op.batch_alter_table('users') as b:\n    b.alter_column('team', type_='BIGINT')", "got type_='BIGINT'"),
    ("len(User)", "len(TableSchema): a value has no length; write len(User.columns)"),
    ("User()", "a value cannot be called; pass it to op.moltres_..."),
    ("column('age', 'INTEGER') > 5", "ColumnDef > ...: a value is no expression; write it as text, check('age > 5')"),
    ("-column('age', 'INTEGER') + 1", "ColumnDef - ...: a value is no expression"),
    ("1 + column('age', 'INTEGER')", "ColumnDef + ...: a value is no expression"),
    ("check('a > 0') & check('b > 0')", "CheckConstraint & ...: a value is no expression"),
    ("assert User and column('age', 'INTEGER')", ""),
    ("list(User)", "TableSchema[0]: a value has no items"),
    ("'id' in User", "TableSchema[0]: a value has no items"),
    ("column('x', 'INTEGER')['name']", "ColumnDef['name']: a value has no items"),
]  # fmt: skip


def names(op: Any) -> dict[str, Any]:
    """Return what a script has imported."""
    values = (
        "Sequence",
        "TableSchema",
        "check",
        "column",
        "foreign_key",
        "index",
        "primary_key",
        "sql",
        "unique",
    )
    return {"op": op, "sa": sa, **{each: getattr(alembic_moltres, each) for each in values}}


def execute(engine: sa.Engine, source: str) -> None:
    def script(op: Any) -> None:
        with Operations.context(op.migration_context):
            known = names(alembic.op)
            exec(START, known)
            exec(source, known)

    run(engine, script)


@pytest.mark.parametrize(("source", "expected"), HABITS)
def test_a_habit_is_understood_or_one_line_shows_what_to_write(
    sqlite_engine: sa.Engine, source: str, expected: str
) -> None:
    if not expected:
        execute(sqlite_engine, source)
        return
    with pytest.raises((CommandError, MoltresError)) as raised:
        execute(sqlite_engine, source)
    message = str(raised.value)
    assert expected in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("source", "expected"),
    [(source, expected) for source, expected in [*HABITS[:9], *HABITS[12:13], *HABITS[26:38]]],
)
def test_names_are_read_on_servers_too(
    pg_engine: sa.Engine, mariadb_engine: sa.Engine, source: str, expected: str
) -> None:
    for engine in (pg_engine, mariadb_engine):
        test_a_habit_is_understood_or_one_line_shows_what_to_write(engine, source, expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("users.drop_column('team')", "drop_column('team') has a name only, and the table is not read (at the table 'users'); write drop_column(column('team', 'INTEGER')), with its own type"),
        ("users.drop_constraint('uq')", "write drop_constraint(unique(['a'], name='uq')), or as what it is"),
        ("users.drop_index('ix')", "write drop_index(index('ix', ['a'])), with its columns"),
        ("users.alter_column('team', nullable=False)", "write alter_column(column('team', 'INTEGER')), with its own type"),
    ],
)  # fmt: skip
def test_with_sql_nothing_is_read(source: str, expected: str) -> None:
    def script(op: Any) -> None:
        exec(BLOCK + source, names(op))

    with pytest.raises(CommandError) as raised:
        offline("postgresql://", script)
    assert expected in str(raised.value)


def test_what_is_understood_is_what_it_says(any_engine: sa.Engine) -> None:
    execute(
        any_engine,
        BLOCK
        + "users.add_column(sa.Column('x', sa.String(5), nullable=False, server_default='a', index=True))\n"
        "    users.alter_column('name', type_=sa.String(50), nullable=False, new_column_name='called')\n"
        "    users.drop_column('team')\n    users.create_index('ix_two', ['called', 'age'], unique=True)",
    )
    found = sa.inspect(any_engine)
    columns = {each["name"]: each for each in found.get_columns("users")}
    assert {"id", "called", "age", "x"} == columns.keys()
    assert (50, False) == (
        getattr(columns["called"]["type"], "length", None),
        columns["called"]["nullable"],
    )
    assert (False, True) == (columns["x"]["nullable"], "a" in str(columns["x"]["default"]))
    indexes = {each["name"]: each for each in found.get_indexes("users")}
    assert {"ix_users_age", "ix_users_x", "ix_two"} <= indexes.keys()
    assert indexes["ix_two"]["unique"]


def test_a_function_that_op_does_not_have_is_missing() -> None:
    assert not hasattr(alembic.op, "moltres_add_column")
    assert not hasattr(alembic.op, "nothing")
