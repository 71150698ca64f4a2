"""Fields of a plan as plain data: amounts, times and phases, checked on reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nadflux.errors import PlanError, UnknownNameError
from nadflux.plans.language.clauses import area_from, food_from, frequency_from, times_of_day_from
from nadflux.plans.language.reader import Reader, with_article
from nadflux.plans.language.wording import reworded
from nadflux.plans.phase import EITHER, Phase
from nadflux.plans.timing import ONCE, Amount, clock_text

_MEANT = {"for": "duration", "from": "start", "over": "infusion time"}
_PHASE_FIELDS = ("dose", "frequency", "at", "over", "for", "from", "on", "food")


def check_fields(
    what: str, given: object, known: tuple[str, ...], required: tuple[str, ...] | None = None
) -> Mapping[str, Any]:
    """Return the given mapping, checked.

    Raises
    ------
    PlanError
        If it is no mapping, has an unknown field or lacks one that is ``required`` (all of ``known`` by default).
    """
    if not isinstance(given, Mapping):
        raise PlanError(f"{with_article(what)} must be a mapping with {', '.join(known)}")
    for name in given:
        if name not in known:
            raise PlanError(str(UnknownNameError(f"field of {with_article(what)}", str(name), known)))
    for name in known if required is None else required:
        if name not in given:
            raise PlanError(f"{with_article(what)} lacks its {name}")
    return given


def amount_of(name: str, text: object) -> Amount:
    """Read one number with its unit; raises `PlanError` with ``name``."""
    reader = Reader(reworded(str(text)))
    value, _, _ = reader.amount(f"{_MEANT[name]} ({name!r})" if name in _MEANT else name)
    if not reader.done:
        raise PlanError(f"{name} {text!r} is not one number with a unit")
    return value


def timing_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Read the frequency, times of day, duration and start of an entry; raises `PlanError`."""
    given: dict[str, Any] = {
        field: amount_of(name, entry[name]) for name, field in (("for", "duration"), ("from", "start")) if name in entry
    }
    if "frequency" in entry:
        given["frequency"] = frequency_from(str(entry["frequency"]))
    if "at" in entry:
        given["times_of_day"] = _times_of_day(entry["at"])
    return given


def phases_out(phases: tuple[Phase, ...]) -> list[dict[str, str]]:
    """Return phases as mappings of strings."""
    return [_phase_out(phase) for phase in phases]


def phases_of(name: str, phases: object) -> tuple[Phase, ...]:
    """Read the output of `phases_out`; raises `PlanError` with ``name``."""
    if not isinstance(phases, list):
        raise PlanError(f"phases of {name} must be a list")
    return tuple(_phase_in(phase) for phase in phases)


def _times_of_day(given: object) -> tuple[float, ...]:
    if isinstance(given, int) and 60 <= given < 24 * 60:
        clock = f"{given // 60}:{given % 60:02}"
        raise PlanError(
            f"at {given} is no time of day; YAML takes {clock} for that number: write it in quotes, '{clock}'"
        )
    return times_of_day_from(str(given))


def _phase_out(phase: Phase) -> dict[str, str]:
    fields = {"dose": str(phase.dose), "frequency": str(phase.frequency)}
    if phase.times_of_day:
        fields["at"] = clock_text(phase.times_of_day)
    for name, value in (("over", phase.infusion), ("for", phase.duration), ("from", phase.start), ("on", phase.area)):
        if value is not None:
            fields[name] = str(value)
    if phase.food:
        fields["food"] = phase.food
    return fields


def _phase_in(fields: object) -> Phase:
    given = check_fields("phase", fields, _PHASE_FIELDS, required=("dose",))
    timing = {"frequency": ONCE, **timing_of(given)}
    return Phase(
        dose=amount_of("dose", given["dose"]),
        infusion=amount_of("over", given["over"]) if "over" in given else None,
        area=area_from(str(given["on"])) if "on" in given else None,
        food=food_from(str(given["food"])) if "food" in given else EITHER,
        **timing,
    )
