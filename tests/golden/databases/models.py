"""Two databases of one project, with tables that are the same, alike, and different."""

import sqlalchemy as sa

users, audit = sa.MetaData(), sa.MetaData()
target_metadata = {"engine1": users, "engine2": audit}

sa.Table("tags", users, sa.Column("name", sa.String(20), primary_key=True))
sa.Table("tags", audit, sa.Column("name", sa.String(20), primary_key=True))
sa.Table("entries", users, sa.Column("id", sa.Integer, primary_key=True))
sa.Table("entries", audit, sa.Column("id", sa.BigInteger, primary_key=True))
