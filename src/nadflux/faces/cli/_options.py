"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from nadflux.errors import ValueOutOfRangeError

SetOption = Annotated[
    list[str] | None, typer.Option("--set", help='Change a number: liver.NAMPT.Km="0.3 µM". May be repeated.')
]
SwitchOption = Annotated[
    list[str] | None, typer.Option("--switch", help="Option of a contested link, NAME=OPTION. May be repeated.")
]
ResearchOption = Annotated[
    bool, typer.Option("--research", help="Simulate a plan that screening stops; every output is marked.")
]
SupervisedOption = Annotated[
    bool, typer.Option("--supervised", help="State close supervision, which some plans need; nobody verifies it.")
]
DRAWS = 64  # of uncertain numbers, in questions about a cell
AGAIN = "joined by commas; given again, it adds."
"""End of the help text of every option that takes several names."""
PosteriorOption = Annotated[
    str,
    typer.Option(
        "--posterior", help="Fitted parameters to draw from: a file (.zarr), 'shipped', or 'none' for the priors."
    ),
]


def listed(words: Sequence[str] | None, option: str) -> tuple[str, ...]:
    """Return the names of an option that takes several, joined by commas or in repeated options; each once, in order.

    Raises
    ------
    ValueOutOfRangeError
        If the option is given without a name.
    """
    names = [name.strip() for word in words or () for name in word.split(",")]
    if words and not any(names):
        raise ValueOutOfRangeError(f"{option} names nothing; give names joined by commas")
    return tuple(dict.fromkeys(name for name in names if name))


def pairs(words: Sequence[str], option: str, example: str) -> dict[str, str]:
    """Return ``["a=1", "b=2 µM"]`` as a mapping.

    Raises
    ------
    ValueOutOfRangeError
        For a word without ``=``, or a name that is repeated.
    """
    result: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        name, value = name.strip(), value.strip().strip("\"'")
        if not (equals and name and value):
            raise ValueOutOfRangeError(f"{option} {word!r} is not NAME=VALUE; write e.g. {option} {example}")
        if name in result:
            raise ValueOutOfRangeError(f"{option} {name} is given twice; give it once")
        result[name] = value
    return result
