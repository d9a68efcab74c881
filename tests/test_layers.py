"""The direction of imports inside ssbml, those inside functions included."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import ssbml

PACKAGE = Path(ssbml.__file__).resolve().parent

LAYERS: tuple[tuple[str, ...], ...] = (
    ("version", "errors", "vocabulary", "fields", "wording", "location", "workers"),
    ("chemistry", "targets", "metrics", "splits", "activation"),
    ("cells", "tables", "recipe", "store"),
    ("features", "datasets"),
    ("estimators", "calibration", "difficulty", "probability", "domain", "describe"),
    ("correction", "quantities"),
    ("notes", "request", "predictor", "lab"),
    ("fitting", "versions"),
    ("models", "evaluation", "physics"),
    ("explanation", "practical", "report", "screening", "retraining", "temperature"),
    ("api", "training"),
    ("cli", "__init__"),
)
"""Rooms from the bottom up: each may import from its own layer and from those before it."""

LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}

SKLEARN_ROOMS = ("ssbml.fitting", "ssbml.features.transformers", "ssbml.evaluation.peers.learners")
MAX_MATMINER_MODULES = 1


@cache
def modules() -> dict[str, Path]:
    """Every module of the package by dotted name; a package by the name of its folder."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("ssbml", *path.relative_to(PACKAGE).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def is_type_checking(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in (
        "TYPE_CHECKING",
        "typing.TYPE_CHECKING",
    )


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Walk everything that can run; what stands under TYPE_CHECKING cannot."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt) and is_type_checking(child):
            assert isinstance(child, ast.If)
            for other in child.orelse:
                yield other
                yield from statements(other)
            continue
        yield child
        yield from statements(child)


def dynamic_target(node: ast.AST) -> str | None:
    """Return the module of ``import_module("...")`` with a literal name."""
    if not (isinstance(node, ast.Call) and node.args):
        return None
    name = ast.unparse(node.func).rsplit(".", 1)[-1]
    argument = node.args[0]
    if name in ("import_module", "__import__") and isinstance(argument, ast.Constant):
        return str(argument.value)
    return None


def imported(text: str, known: frozenset[str]) -> set[str]:
    """Return the modules that a source text imports."""
    found: set[str] = set()
    for node in statements(ast.parse(text)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports inside ssbml are absolute"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                found.add(full if full in known else str(node.module))
        elif (target := dynamic_target(node)) is not None:
            found.add(target)
    return found


@cache
def imports_of(name: str) -> frozenset[str]:
    return frozenset(imported(modules()[name].read_text("utf-8"), frozenset(modules())))


def inside(name: str) -> set[str]:
    """Return the modules of ssbml that a module imports."""
    return {target for target in imports_of(name) if target.split(".")[0] == "ssbml"}


def room(name: str) -> str:
    return name.split(".")[1] if "." in name else "__init__"


def test_every_room_has_a_layer() -> None:
    assert {room(name) for name in modules()} <= set(LEVEL)


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_point_downwards(name: str) -> None:
    upwards = {t for t in inside(name) if LEVEL[room(t)] > LEVEL[room(name)]}
    assert not upwards, f"{name} imports from above: {sorted(upwards)}"


def test_the_architecture_page_shows_these_layers() -> None:
    page = PACKAGE.parent / "docs" / "architecture.md"
    if not page.is_file():
        pytest.skip("the page lies beside the package in a source checkout only")
    rows = re.findall(r"^\| (\d+) \| ([^|]*) \|", page.read_text("utf-8"), re.MULTILINE)
    shown = {int(number): set(re.findall(r"`(\w+)`", rooms)) for number, rooms in rows}
    assert shown == {number: set(rooms) for number, rooms in enumerate(LAYERS, start=1)}


def test_no_module_is_part_of_an_import_cycle() -> None:
    edges = {name: inside(name) - {name} for name in modules()}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path[path.index(name) :], name))
        if name in done:
            return
        for target in edges.get(name, ()):
            visit(target, (*path, name))
        done.add(name)

    for name in edges:
        visit(name, ())


def importers(library: str) -> set[str]:
    return {name for name in modules() if any(t.split(".")[0] == library for t in imports_of(name))}


def test_scikit_learn_is_imported_where_models_are_fitted_only() -> None:
    users = importers("sklearn")
    assert users, "the walk finds no import at all"
    assert {name for name in users if not name.startswith(SKLEARN_ROOMS)} == set()


def test_matminer_is_imported_in_at_most_one_module() -> None:
    assert len(importers("matminer")) <= MAX_MATMINER_MODULES


@pytest.mark.parametrize("library", ["mapie", "pytest", "hypothesis", "skops", "tests", "training"])
def test_nothing_of_the_workbench_is_imported(library: str) -> None:
    assert importers(library) == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import a.b", {"a.b"}),
        ("from ssbml import errors", {"ssbml.errors"}),
        ("from ssbml.errors import Problem", {"ssbml.errors"}),
        ("def f():\n    from a import b", {"a"}),
        ("class C:\n    def f(self):\n        import a", {"a"}),
        ("if TYPE_CHECKING:\n    import a\nelse:\n    import b", {"b"}),
        ("from importlib import import_module\nimport_module('a')", {"importlib", "a"}),
        ("try:\n    import a\nexcept ImportError:\n    import b", {"a", "b"}),
    ],
)
def test_the_walk_finds_every_import(text: str, found: set[str]) -> None:
    assert imported(text, frozenset({"ssbml.errors"})) == found
