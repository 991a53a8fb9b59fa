"""How the repository is laid out, where no linter looks."""

import ast
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.sources import ROOT, SOURCE_ROOTS, modules, shown

TOP_LEVEL = {
    *("manage.py", "platform", "fundraisers", "teams", "donations", "frontend", "tests", "docs"),
    *("requirements.txt", "pyproject.toml", "Makefile", "README.md", "LICENSE"),
}
NOT_IN_THE_REPOSITORY = {"var", "__pycache__"}
MODULE_LINES = 400
FUNCTION_LINES = 40


def test_python_finds_its_own_platform_module() -> None:
    assert platform.system() == "Linux"
    assert Path(str(platform.__file__)).parent != ROOT


@pytest.mark.parametrize("path", [".", "platform"])
def test_python_finds_its_own_platform_module_from_our_folders(path: str) -> None:
    code = "import platform, config.settings; print(platform.system())"
    env = {"PYTHONPATH": str(ROOT / "platform")}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT / path, env=env, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "Linux", done.stderr


def test_platform_is_a_source_root_and_no_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_no_package_of_ours_hides_one_of_pythons() -> None:
    ours = {path.parent.name for root in SOURCE_ROOTS for path in root.glob("*/__init__.py")}
    assert ours >= {"config", "common", "donations"}
    assert not ours & sys.stdlib_module_names


def test_the_top_level_holds_only_what_a_reader_expects() -> None:
    names = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert names - NOT_IN_THE_REPOSITORY <= TOP_LEVEL


def test_no_module_is_long() -> None:
    lengths = {shown(path): len(path.read_text().splitlines()) for path in modules()}
    assert {name: length for name, length in lengths.items() if length > MODULE_LINES} == {}


def test_no_function_is_long() -> None:
    long = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long[f"{shown(path)}:{node.lineno} {node.name}"] = lines
    assert long == {}
