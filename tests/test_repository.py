"""The repository keeps its promises: small files, documented names, nothing local, safe weights."""

import ast
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("synth", "qa_gen", "datasets_cards", "fusion_model", "flows")
MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 50
MAX_FILE_MB = 16
MAX_CHECKPOINTS_MB = 40

# Spelled in pieces, so that this file does not contain what it forbids.
LOCAL = re.compile(
    r"(?<![\w.])/(work|tmp|root|home)/\w"
    + r"|pypi\.(org|python)|pythonhosted|/simple/|download\.pytorch"
)
# Distributions whose import name differs.
IMPORT_NAMES = {
    "pillow": "PIL",
    "import-linter": "importlinter",
    "pyyaml": "yaml",
    "opencv-python-headless": "cv2",
    "scikit-learn": "sklearn",
}


def repository_files():
    """Every file that is, or could be, committed: what git does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout, so there is no list of committed files")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def python_files():
    return sorted(
        path
        for folder in (*PACKAGES, "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
    )


def package_files():
    return [path for path in python_files() if path.relative_to(ROOT).parts[0] in PACKAGES]


def functions(tree):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def public_definitions(body, prefix=""):
    """Yield (name, node) of public classes, functions and methods."""
    for node in body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.name.startswith("_"):
            continue
        yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from public_definitions(node.body, f"{node.name}.")


def is_text(path):
    return b"\0" not in path.read_bytes()[:8192]


def test_no_file_and_no_function_is_too_long():
    too_long = []
    for path in python_files():
        text = path.read_text()
        name = path.relative_to(ROOT)
        if len(text.splitlines()) > MAX_FILE_LINES:
            too_long.append(f"{name}: {len(text.splitlines())} lines")
        too_long += [
            f"{name}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
            for node in functions(ast.parse(text))
            if node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
        ]
    assert too_long == []


def test_every_public_name_has_a_docstring():
    missing = []
    for path in package_files():
        tree = ast.parse(path.read_text())
        name = path.relative_to(ROOT)
        if not ast.get_docstring(tree):
            missing.append(f"{name}")
        missing += [
            f"{name}:{node.lineno} {public}"
            for public, node in public_definitions(tree.body)
            if not ast.get_docstring(node)
        ]
    assert missing == []


def test_test_folders_are_no_packages():
    # A package tests/synth would shadow the real one.
    assert sorted((ROOT / "tests").rglob("__init__.py")) == []


def test_no_committed_text_names_a_local_path_or_a_package_registry():
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in repository_files()
        if path != Path(__file__) and is_text(path)
        for match in LOCAL.finditer(path.read_text(errors="replace"))
    ]
    assert found == []


def test_no_committed_file_is_large():
    large = {
        str(path.relative_to(ROOT)): path.stat().st_size
        for path in repository_files()
        if path.stat().st_size > MAX_FILE_MB * 1e6
    }
    assert large == {}


def test_weights_are_safetensors_only_and_small_in_all():
    files = [path for path in repository_files() if ROOT / "checkpoints" in path.parents]
    assert sum(path.stat().st_size for path in files) <= MAX_CHECKPOINTS_MB * 1e6
    binary = [
        str(path.relative_to(ROOT))
        for path in files
        if path.suffix not in {".safetensors", ".png", ".jpg"} and not is_text(path)
    ]
    assert binary == []


@pytest.mark.parametrize("name", ["wan-t2v", "wan-vace", "camera-judge", "siglip", "qwen2"])
def test_the_demo_finds_its_checkpoint(name):
    folder = ROOT / "checkpoints" / "tiny" / name
    assert (folder / "README.md").is_file()
    assert (folder / "config.json").is_file() or (folder / "model_index.json").is_file()
    assert list(folder.rglob("*.safetensors"))


def test_every_third_party_import_is_declared_as_a_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    specs = [
        *project["dependencies"],
        *(s for name in extras if name != "dev" for s in extras[name]),
    ]
    names = [re.match(r"[\w-]+", spec)[0].lower() for spec in specs]
    declared = {IMPORT_NAMES.get(name, name.replace("-", "_")) for name in names}
    imported = {
        name.split(".")[0]
        for path in package_files()
        for node in ast.walk(ast.parse(path.read_text()))
        for name in imported_names(node)
    }
    assert imported - declared - set(PACKAGES) - set(sys.stdlib_module_names) == set()


def imported_names(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def test_every_dependency_is_pinned_to_one_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    specs = project["dependencies"] + project["optional-dependencies"]["dev"]
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", pin)] == []
    pinned = {pin.split("==")[0].lower().replace("_", "-") for pin in pins}
    wanted = {re.match(r"[\w-]+", spec)[0].lower().replace("_", "-") for spec in specs}
    assert wanted - pinned == set()


def commands_of_the_readme():
    """Every ``vega3d`` call in a code block or between backticks."""
    readme = (ROOT / "README.md").read_text().replace("\\\n", " ")
    lines = re.findall(r"^(vega3d .*)$", readme, re.MULTILINE)
    return lines + re.findall(r"`(vega3d [^`\n]+)`", readme)


@pytest.mark.parametrize("line", commands_of_the_readme())
def test_every_command_the_readme_shows_is_understood(line):
    from flows.options import parse

    words = shlex.split(line, comments=True)[1:]
    if words[-1] != "--help":
        assert parse(words).name == words[0]
    elif len(words) > 1:
        with pytest.raises(SystemExit, match="0"):
            parse(words)


def test_the_readme_shows_commands():
    assert len(commands_of_the_readme()) >= 6


def test_every_folder_the_readme_names_exists():
    readme = (ROOT / "README.md").read_text()
    folders = re.findall(r"`([a-z_]+)/`", readme)
    assert set(PACKAGES) <= set(folders)
    assert [name for name in folders if not (ROOT / name).is_dir()] == []
    links = re.findall(r"\]\(([A-Za-z/_.]+)\)", readme)
    assert [link for link in links if not (ROOT / link).is_file()] == []
