"""The engine stays what it is: standard library only, no float, files one can read at a sitting."""

import ast
import sys
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path

import pytest

import concerto_education.engine as engine

FILES = sorted(Path(engine.__file__).parent.glob("**/*.py"))
ids = [path.name for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_no_float_anywhere(path):
	"""Defect: money through floats (2.675 → 2.67)."""
	for node in ast.walk(ast.parse(path.read_text("utf-8"))):
		where = f"{path.name}:{getattr(node, 'lineno', 0)}"
		assert not (isinstance(node, ast.Constant) and isinstance(node.value, (float, complex))), where
		if isinstance(node, ast.Name):
			assert node.id != "float" or path.name == "money.py", where
		if isinstance(node, ast.Attribute):
			assert node.attr not in ("total_seconds", "from_float"), where


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_imports_only_the_standard_library(path):
	for node in ast.walk(ast.parse(path.read_text("utf-8"))):
		if isinstance(node, ast.Import):
			roots = [alias.name.split(".")[0] for alias in node.names]
		elif isinstance(node, ast.ImportFrom) and not node.level:
			roots = [node.module.split(".")[0]]
		else:
			continue
		assert set(roots) <= sys.stdlib_module_names, f"{path.name}:{node.lineno} imports {roots}"


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_files_stay_short(path):
	assert len(path.read_text("utf-8").splitlines()) < 400


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_records_are_frozen(path):
	module = import_module(f"concerto_education.engine.{path.stem}") if path.stem != "__init__" else engine
	for value in vars(module).values():
		if isinstance(value, type) and is_dataclass(value):
			assert value.__dataclass_params__.frozen, value.__name__


def test_readme_names_every_file():
	readme = (Path(engine.__file__).parent / "README.md").read_text("utf-8")
	missing = [path.name for path in FILES if path.name != "__init__.py" and f"`{path.name}`" not in readme]
	assert not missing
