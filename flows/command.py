"""Carry out a parsed command: check, take the lease, run what is missing, say what came out."""

import json
from dataclasses import asdict

from flows.lease import Lease
from flows.options import BadCommandError, Command
from flows.preflight import checkpoint_digests, decide_device, require_earlier_stages
from flows.progress import PROGRESS
from flows.recipe_checks import check_recipe
from flows.recipes.recipe import Recipe
from flows.result import Result
from flows.run_folder import RunFolder
from flows.score_table import as_text
from flows.stages import STAGES, missing_shards
from flows.timings import Timings


def execute(command: Command) -> Result:
    """Do what a command line says.

    Raises:
        ValueError: The input is bad. No shard was made, and no run was started in a folder that
            held none, except for a device that is missing: torch, asked by a worker, says so late.
        StageFailedError: A shard could not be made.
    """
    run = RunFolder(command.options.out)
    recipe = command.recipe or run.recipe()
    check_recipe(recipe)
    digests = checkpoint_digests(recipe)
    if command.name != "run" and not run.holds_run():
        require_earlier_stages(run, recipe, command.name)
    run.prepare(recipe, digests)
    with Lease(run.path) as lease:
        if command.name != "run":
            require_earlier_stages(run, recipe, command.name)
        stages = tuple(STAGES) if command.name == "run" else (command.name,)
        todo = [name for name in stages if missing_shards(run, recipe, name)]
        if todo:
            PROGRESS.say(f"to do: {', '.join(todo)}; starting the flow engine")
            try:
                _run(command, run, lease)
            except ValueError as error:
                if isinstance(error, BadCommandError):
                    raise
                # The input was accepted: what the engine refuses now is a failure, not bad input.
                raise RuntimeError(f"the flow engine failed: {error}") from error
        else:
            PROGRESS.say("every shard is there already")
    return _result(command, run, recipe)


def _run(command: Command, run: RunFolder, lease: Lease) -> None:
    """Run the flows, and end the worker processes whatever happens."""
    from flows.workers import close_pool  # only when there is work

    wait = True
    try:
        _run_flows(command, run, lease)
    except (KeyboardInterrupt, SystemExit):
        wait = False  # who interrupts does not want to wait for running shards
        raise
    finally:
        close_pool(command.options.n_workers, wait=wait)


def _run_flows(command: Command, run: RunFolder, lease: Lease) -> None:
    """Start Prefect once and run the flows in it."""
    from flows.engine import configure_prefect, prefect_server
    from flows.workers import ask_for_cuda

    wanted, workers = command.options.device, command.options.n_workers
    sees_cuda = None if wanted == "cpu" else ask_for_cuda(workers)
    configure_prefect(run.path / ".prefect")
    from flows.pipeline import run_all, run_stage  # imports Prefect, which reads its settings

    with prefect_server(lease) as address:
        device = decide_device(wanted, sees_cuda=sees_cuda is not None and sees_cuda.result())
        PROGRESS.say(f"flow engine at {address}; {workers} workers on {device}")
        if command.name == "run":
            run_all(run.path, device, workers)
        else:
            run_stage(command.name, run.path, device, workers)


def _result(command: Command, run: RunFolder, recipe: Recipe) -> Result:
    scores_path, report = run.path / "scores.json", run.path / "report.html"
    scores = json.loads(scores_path.read_bytes()) if scores_path.exists() else None
    times = {name: asdict(spent) for name, spent in Timings(run.path).read().items()}
    lines = [
        f"{name:<11}{t['seconds']:7.1f} s {t['cpu_seconds']:7.1f} cpu-s {t['peak_mb']:7.0f} MB"
        for name, t in times.items()
    ]
    lines += ["", as_text(scores["rows"])] if scores else []
    lines += ["", f"report: {report}"] if report.exists() else []
    return Result(
        text="\n".join(lines),
        content={
            "command": command.name,
            "recipe": recipe.name,
            "seed": recipe.seed,
            "out": str(run.path),
            "report": str(report) if report.exists() else None,
            "scores": scores and scores["rows"],
            "stages": times,
            "seconds": round(PROGRESS.seconds, 1),
        },
    )
