"""Which version is used: chosen, promoted by hand, or rolled back."""

from __future__ import annotations

from ssbml.errors import ModelError
from ssbml.versions.durable import locked
from ssbml.versions.names import DEFAULT, Reference, folder_of, parse_reference
from ssbml.versions.pointers import (
    Pointer,
    move_pointer,
    read_in_use,
    read_pointer,
    write_in_use,
    write_pointer,
)
from ssbml.versions.versions import get_version, numbers_in, spoken, unknown_model


def use(text: str) -> Reference:
    """Choose what a prediction uses when no model is named.

    ``NAME@3`` also makes that version the active one of its name; ``default`` goes back to the
    shipped model. The version is opened first.

    Returns
    -------
    Reference
        As chosen.

    Raises
    ------
    ModelError
        No such version, it cannot be opened, or the choice cannot be written.
    """
    wanted = parse_reference(text)
    if wanted.name != DEFAULT:
        found = get_version(wanted)
        found.open()
        if wanted.number is not None:
            with locked(folder_of(wanted.name)):
                move_pointer(wanted.name, wanted.number)
    write_in_use(wanted)
    return wanted


def rollback(name: str) -> Reference:
    """Make the version that was active before the active one again.

    Returns
    -------
    Reference
        The version that is active now.

    Raises
    ------
    ModelError
        There is no earlier one, or it cannot be opened; the pointer is then as before.
    """
    folder = folder_of(name)
    if not numbers_in(folder):
        raise unknown_model(name)
    with locked(folder):
        pointer = read_pointer(name)
        if not pointer.before:
            raise ModelError(
                f"{name} has no earlier active version to go back to; "
                f"{spoken(name, numbers_in(folder))}"
            )
        *before, number = pointer.before
        found = get_version(Reference(name, number))
        found.open()
        write_pointer(name, Pointer(number, tuple(before)))
    return found.reference


def in_use() -> Reference:
    """Return the version that is used when no model is named (``default``: the shipped one).

    Raises
    ------
    ModelError
        What was chosen does not exist any more, or the choice is damaged.
    """
    chosen = read_in_use()
    if chosen.name == DEFAULT:
        return chosen
    try:
        return get_version(chosen).reference
    except ModelError as error:
        raise ModelError(
            f"{error} (it is the model in use; 'ssbml models use {DEFAULT}' goes back to the "
            "shipped one)"
        ) from None
