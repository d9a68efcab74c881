"""HTML elements as objects: text and attributes are escaped when they are written."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

Element = ElementTree.Element


def element(tag: str, *children: str | Element | None, **attributes: str | None) -> Element:
    """Return an HTML element.

    Parameters
    ----------
    tag : str
        Name of the element.
    *children : str, Element or None
        Text (escaped when written) and elements, in order; None is left out.
    **attributes : str or None
        ``class_`` is written ``class``, other underscores as hyphens; None is left out.

    Examples
    --------
    >>> html(element("p", "a < b ", element("b", "&"), class_="x"))
    '<p class="x">a &lt; b <b>&amp;</b></p>'
    """
    made = Element(
        tag,
        {
            name.rstrip("_").replace("_", "-"): printable(value)
            for name, value in attributes.items()
            if value is not None
        },
    )
    last: Element | None = None
    for child in children:
        if child is None:
            continue
        if isinstance(child, Element):
            made.append(child)
            last = child
        elif last is None:
            made.text = (made.text or "") + printable(child)
        else:
            last.tail = (last.tail or "") + printable(child)
    return made


def row(cells: Iterable[str | Element | None], tag: str = "td") -> Element:
    """Return a table row of cells; elements that are cells already stay as they are."""
    return element(
        "tr",
        *(
            c if isinstance(c, Element) and c.tag in ("td", "th") else element(tag, c)
            for c in cells
        ),
    )


def listed(items: Iterable[str | Element]) -> Element:
    """Return an unordered list."""
    return element("ul", *(element("li", item) for item in items))


def html(*elements: Element) -> str:
    """Return elements as HTML text."""
    return "".join(ElementTree.tostring(e, encoding="unicode", method="html") for e in elements)


def printable(text: str) -> str:
    """Return text without control characters, which no HTML page may hold."""
    return "".join(c for c in text if c in "\n\t" or (ord(c) >= 0x20 and not 0x7F <= ord(c) < 0xA0))
