"""YAML read as plain data, with the line on which every value stands.

YAML 1.2 is read (ruamel.yaml), where ``1e-3`` is a number and ``No`` or ``Y`` are texts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ssbml.errors import SpaceError
from ssbml.screening.scalars import KeyPath

MAX_BYTES = 1_000_000
_MAX_NODES = 100_000
_SUFFIXES = (".yaml", ".yml")
_MAX_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML mapping as plain data.

    Attributes
    ----------
    data : dict
        Plain dicts, lists, texts, numbers, booleans and None.
    source : str
        File name, or an empty string.
    lines : dict
        1-based line of every value by the keys and positions that lead to it.
    """

    data: dict[str, Any]
    source: str = ""
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def line(self, path: KeyPath) -> int | None:
        """Return the line of a value, or of the nearest one around it."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return None


def read_yaml(given: str | Path) -> Document:
    """Return the mapping in a YAML file or text.

    Parameters
    ----------
    given : str or Path
        A file, or YAML text (several lines, or one that no file name could be).

    Raises
    ------
    SpaceError
        The file cannot be read, is too large, is not YAML, repeats a key, holds tags, or is no
        mapping.
    """
    text, source = _text(given)
    node = _parse(text, source)
    if not isinstance(node, dict):
        raise SpaceError((), None, "a search space is a mapping of keys to values", source=source)
    lines: dict[KeyPath, int] = {}
    data = _Plain(lines, source).convert(node, ())
    return Document(data, source, lines)


def _text(given: str | Path) -> tuple[str, str]:
    is_text = isinstance(given, str) and ("\n" in given or ": " in given)
    if isinstance(given, str) and is_text and not given.strip().endswith(_SUFFIXES):
        if len(given) > MAX_BYTES:
            raise SpaceError((), None, f"a search space has at most {MAX_BYTES:,} characters")
        return given, ""
    path = Path(given)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SpaceError(
                (), None, f"a search space has at most {MAX_BYTES:,} bytes", source=path.name
            )
        return path.read_text(encoding="utf-8"), path.name
    except OSError as error:
        raise SpaceError((), None, f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SpaceError((), None, "the file is not UTF-8 text", source=path.name) from None


def _parse(text: str, source: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import DuplicateKeyError
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="rt", pure=True)
    yaml.max_depth = _MAX_DEPTH
    try:
        return yaml.load(text)
    except DuplicateKeyError as error:
        mark = error.problem_mark
        line = None if mark is None else mark.line + 1
        what = str(error.problem).splitlines()[0].split(" with value")[0]
        raise SpaceError(
            (), None, f"{what}: a key may stand once", source=source, line=line
        ) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        what = str(error.problem or error.context or "it cannot be read").split(", if nec")[0]
        raise SpaceError((), None, f"not valid YAML: {what}", source=source, line=line) from None
    except (YAMLError, ValueError, RecursionError) as error:
        first = str(error).splitlines()[0] if str(error) else "nested too deeply"
        raise SpaceError((), None, f"not valid YAML: {first}", source=source) from None


class _Plain:
    """Turns parsed nodes into plain data and notes their lines."""

    def __init__(self, lines: dict[KeyPath, int], source: str) -> None:
        self._lines = lines
        self._source = source
        self._nodes = 0

    def convert(self, node: Any, path: KeyPath) -> Any:
        self._nodes += 1
        if self._nodes > _MAX_NODES:
            raise SpaceError((), None, "the file unfolds without end", source=self._source)
        if getattr(getattr(node, "tag", None), "value", None):
            raise self._meaningless(path)
        if isinstance(node, dict):
            return {str(k): self._child(node, k, (*path, str(k))) for k in node}
        if isinstance(node, list):
            return [self._child(node, i, (*path, i)) for i in range(len(node))]
        for kind in (bool, int, float, str):
            if isinstance(node, kind):
                return kind(node)
        if node is None:
            return None
        raise self._meaningless(path)

    def _meaningless(self, path: KeyPath) -> SpaceError:
        reason = "dates and tags have no meaning here; write a number or a text"
        return SpaceError(path, None, reason, source=self._source, line=self._lines.get(path))

    def _child(self, node: Any, key: Any, path: KeyPath) -> Any:
        self._lines[path] = (node.lc.data or {}).get(key, (node.lc.line or 0,))[0] + 1
        return self.convert(node[key], path)
