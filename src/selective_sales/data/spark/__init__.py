"""The data room over Spark: places in, views under the data contract out. Light to import: pyspark is needed only to load."""
