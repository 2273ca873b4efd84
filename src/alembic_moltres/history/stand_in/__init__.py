"""An engine without a driver or a server, on which scripts are replayed.

engine              the engine; driver: its DBAPI
inspection          `inspect()`, from the catalogue
empty_results       results without rows
catalogue_queries   queries of pg_class, information_schema and the like;
                    catalogue_statements: SHOW and the like, as such queries
pg_catalog          the rows of PostgreSQL's own tables
"""
