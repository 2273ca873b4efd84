"""An engine without a driver or a server, on which scripts are replayed.

engine              the engine; driver: its DBAPI
inspection          `inspect()`, from the catalogue
empty_results       results without rows; queries: what a query finds; expressions: their values
functions           the functions that are known
catalogue_queries   results of a script's queries of the database's catalogue
"""
