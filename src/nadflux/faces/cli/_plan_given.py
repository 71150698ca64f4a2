"""A plan as the command line gives it: a sentence, or a file that holds one or its YAML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nadflux.errors import PlanError

if TYPE_CHECKING:
    from nadflux.plans import Plan

ENDINGS = (".yaml", ".yml", ".json", ".txt")


def plan_given(text: str) -> Plan:
    """Return the plan of an option: of a file, if the text names one, else of a sentence or YAML.

    Raises
    ------
    PlanError
        For what is not understood, and for a file that cannot be read.
    """
    from nadflux.plans import Plan

    if not text.strip().casefold().endswith(ENDINGS):
        return Plan.parse(text)
    file = Path(text.strip())
    try:
        content = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise PlanError(f"cannot read the plan {str(file)!r}: {reason}; give a file, or a sentence") from error
    try:
        return Plan.parse(content.strip())
    except PlanError as error:
        raise PlanError(f"{file.name}: {error}") from error
