"""Order of work: recipes, Prefect flows and the command line."""
