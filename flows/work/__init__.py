"""The work of each stage: read, call one package, write. Runs in worker processes, no Prefect."""
