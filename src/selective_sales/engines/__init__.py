"""Query and tables in, results out. One module per engine; `duckdb_engine` is the default."""
