"""Arrow/Parquet datasets with cards: schema, shards, splits, statistics, publishing."""
