"""What the judge knows of a lesson: its exercises and the reference functions, both read from ``lessons/``."""

from __future__ import annotations

import ast
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from .catalogue import Exercise


class LessonError(Exception):
    """A lesson cannot be read as it stands; the message names the file and the cure."""


@dataclass(frozen=True)
class Lesson:
    """A lesson as the judge sees it. ``reference`` maps names to the functions and imports of ``lesson.py``."""

    name: str
    folder: Path
    exercises: tuple[Exercise, ...]
    reference: dict[str, Any]

    def exercise(self, name: str) -> Exercise:
        """The exercise with this name; ``KeyError`` when there is none."""
        return {e.name: e for e in self.exercises}[name]


def load_lesson(folder: Path) -> Lesson:
    """Read the exercises and the reference functions of the lesson in ``folder`` (``lessons/NN-slug``)."""
    return Lesson(folder.name, folder, load_exercises(folder), load_reference(folder))


def load_exercises(folder: Path) -> tuple[Exercise, ...]:
    """The exercises that ``folder/exercises.py`` lists in ``EXERCISES``. Raises ``LessonError``."""
    path = folder / "exercises.py"
    if not path.is_file():
        raise LessonError(f"{path} is missing; every lesson has one (see CONTRIBUTING.md)")
    module = _import_file(path, f"_exercises_of_{folder.name.replace('-', '_')}")
    exercises = getattr(module, "EXERCISES", None)
    if not isinstance(exercises, tuple) or not all(isinstance(e, Exercise) for e in exercises):
        raise LessonError(f"{path} must define EXERCISES, a tuple of Exercise")
    for exercise in exercises:
        if exercise.visible_cases is None or exercise.hidden_cases is None:
            raise LessonError(f"{path}: {exercise.name} needs visible and hidden cases")
    return exercises


def load_reference(folder: Path) -> dict[str, Any]:
    """Run the imports and the function definitions of ``lesson.py``, and nothing else of it.

    The set-up cell's imports are among them, so a reference may use whatever the lesson imports. What neither a
    function here nor ``exercises.py`` names is not imported: what lessons draw with takes most of a second.
    """
    path = folder / "lesson.py"
    if not path.is_file():
        raise LessonError(f"{path} is missing; every lesson has one (see CONTRIBUTING.md)")
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    except SyntaxError as error:
        raise LessonError(f"{path}, line {error.lineno}: {error.msg}") from None
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    exercises = folder / "exercises.py"
    used = _names_in(ast.parse(exercises.read_text(encoding="utf-8"))) if exercises.is_file() else set()
    used = used.union(*map(_names_in, functions))
    tree.body = [
        node
        for node in tree.body
        if node in functions or (isinstance(node, ast.Import | ast.ImportFrom) and _binds(node) & used)
    ]
    namespace: dict[str, Any] = {"__name__": f"reference of {folder.name}"}
    exec(compile(tree, str(path), "exec"), namespace)
    return namespace


def _names_in(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _binds(statement: ast.Import | ast.ImportFrom) -> set[str]:
    """The names that an import gives to the module that it stands in."""
    return {alias.asname or alias.name.partition(".")[0] for alias in statement.names}


def _import_file(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # inspect.getsource and dataclasses look modules up by name
    try:
        # Not by the loader: its cache would take a changed file of the same second and size for the old one.
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
    except Exception as error:
        raise LessonError(f"{path} cannot be imported: {type(error).__name__}: {error}") from error
    return module
