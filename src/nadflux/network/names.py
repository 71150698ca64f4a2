"""One name everywhere: ``liver.NAMPT.Km`` in tables, Python and plots is ``liver__NAMPT__Km`` in SBML."""

from __future__ import annotations

import re

from nadflux.errors import ModelError

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def to_id(name: str) -> str:
    """Return the SBML id of a canonical name.

    Parameters
    ----------
    name : str
        Parts joined by dots, e.g. ``"liver.NAMPT.Km"``. An SBML id passes unchanged.

    Raises
    ------
    ModelError
        Where the result is no SBML id.
    """
    result = name.strip().replace(".", "__")
    if not _ID.fullmatch(result):
        raise ModelError(
            f"{name!r} is not a name of the model; write parts of letters, digits and _ joined by dots, "
            "as in 'liver.NAMPT.Km'"
        )
    return result


def to_name(identifier: str) -> str:
    """Return the canonical name of an SBML id: ``liver__NAMPT__Km`` as ``liver.NAMPT.Km``."""
    return identifier.replace("__", ".")


def join(*parts: str) -> str:
    """Return the SBML id of the parts of a name; empty parts are left out."""
    return "__".join(part for part in parts if part)


def first_part(identifier: str) -> str:
    """Return the first part of a name: the organ of ``liver__NAMPT__Km``."""
    return identifier.split("__", 1)[0]
