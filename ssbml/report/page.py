"""The frame that every report shares, and where a report may be written."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from string import Template

from ssbml.report.markup import element, html
from ssbml.tables.write import check_destination, replaced

PAGE_SUFFIXES = (".html", ".htm")
"""Endings of a page."""


def check_report(path: str | Path, suffixes: Sequence[str] = PAGE_SUFFIXES) -> Path:
    """Return the path if a report can be written there.

    Parameters
    ----------
    path : str or Path
        The file.
    suffixes : sequence of str
        Endings allowed, with their dots.

    Raises
    ------
    TableError
        Another file type, a directory, or a folder that does not exist.
    """
    return check_destination(path, suffixes, "a report ends in")


def write_report(text: str, path: Path) -> None:
    """Write a report beside its place and rename it.

    Raises
    ------
    TableError
        The file cannot be written.
    """
    with replaced(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def page(title: str, body: Sequence[str], scripts: Sequence[str]) -> str:
    """Return a whole page as HTML text.

    Parameters
    ----------
    title : str
        Plain text.
    body : sequence of str
        Sections as HTML.
    scripts : sequence of str
        JavaScript to run after them.
    """
    return Template(asset("page.html")).substitute(
        title=html(element("title", title)).removeprefix("<title>").removesuffix("</title>"),
        style=asset("style.css"),
        body="\n".join(body),
        scripts="\n".join(script(text) for text in scripts),
    )


def script(text: str) -> str:
    """Return JavaScript as an HTML element."""
    return f"<script>{text}</script>"


def asset(name: str) -> str:
    """Return the text of a file that lies beside this module."""
    return files("ssbml.report").joinpath(name).read_text(encoding="utf-8")
