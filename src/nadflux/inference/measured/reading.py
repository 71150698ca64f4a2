"""Measured values in words: ``whole blood NAD+ 24 µM``, ``NAD+ in PBMC 150 µM``, ``whole blood NAD+ 18 µM, -80 °C``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nadflux.errors import NadfluxError, UnknownNameError, ValueOutOfRangeError
from nadflux.simulation.output_labels import ids_of
from nadflux.simulation.run import Quantity
from nadflux.units import parse_quantity

FRESH = "fresh"
STORED = (FRESH, "-80 °C", "-20 °C")
_EXAMPLE = "'whole blood NAD+ 24 µM'"
_VALUE = re.compile(
    r"(?P<what>.+?)\s*[\s:=]\s*(?P<value>[-+]?\d[\d.,]*(?:e[-+]?\d+)?)\s*(?P<unit>[^\d\s,;][^,;]*)$", re.IGNORECASE
)
_STORAGE = re.compile(
    r"[,(]?\s*(?:frozen|stored|kept)?\s*(?:at|,)?\s*(?P<cold>[-−–]\s*[28]0)\s*°?\s*C\)?$|,\s*fresh$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    """One measured value of a person at rest, before any plan.

    Attributes
    ----------
    quantity : str
        Id of the observable.
    value : float
        In ``unit``.
    unit : str
    storage : str
        ``fresh``, ``-80 °C`` or ``-20 °C``: where the sample was kept before it was measured.
    """

    quantity: str
    value: float
    unit: str
    storage: str = FRESH

    def __post_init__(self) -> None:
        if not 0 < self.value < float("inf"):
            raise ValueOutOfRangeError(f"{self.quantity} {self.value:g} {self.unit}: give a finite value above 0")
        if self.storage not in STORED:
            raise UnknownNameError("storage", self.storage, STORED)

    def __str__(self) -> str:
        return f"{self.quantity} {self._figure}"

    def said(self, quantity: Quantity) -> str:
        """Return it by the label of its quantity: ``NAD+ in whole blood 24 µM``."""
        return f"{quantity.long_name} in {quantity.matrix} {self._figure}"

    @property
    def _figure(self) -> str:
        kept = "" if self.storage == FRESH else f", kept at {self.storage}"
        return f"{self.value:g} {self.unit}{kept}"


def read_measured(words: str | Sequence[str | MeasuredValue]) -> tuple[MeasuredValue, ...]:
    """Read measured values, several of them as a list or separated by ``;``.

    Raises
    ------
    ValueOutOfRangeError
        For words without a quantity, a value and a unit, for a value not above 0, and for a quantity given twice.
    UnknownNameError
        For a quantity that does not exist, or a label that several have.
    UnitError
        For a unit that does not exist.

    Examples
    --------
    >>> [str(one) for one in read_measured("whole blood NAD+ 18 µM, frozen at -80 °C; NAD+ in PBMC: 150 uM")]
    ['whole_blood_nad 18 µM, kept at -80 °C', 'pbmc_nad 150 uM']
    """
    given = [words] if isinstance(words, str | MeasuredValue) else list(words)
    parts: list[str | MeasuredValue] = []
    for one in given:
        parts += [part.strip() for part in one.split(";") if part.strip()] if isinstance(one, str) else [one]
    if not parts:
        raise ValueOutOfRangeError(f"nothing is measured; write e.g. {_EXAMPLE}")
    found = tuple(part if isinstance(part, MeasuredValue) else _read(part) for part in parts)
    names = [one.quantity for one in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueOutOfRangeError(f"{twice} is given twice; give the mean of its measurements once")
    return found


def _read(words: str) -> MeasuredValue:
    storage, text = FRESH, words
    kept = _STORAGE.search(words)
    if kept is not None:
        text = words[: kept.start()].rstrip(" ,(")
        cold = kept.group("cold")
        storage = FRESH if cold is None else f"-{re.sub(r'[^0-9]', '', cold)} °C"
    match = _VALUE.fullmatch(text.strip())
    if match is None:
        raise ValueOutOfRangeError(f"{words!r} is no measured value; write quantity, value and unit, e.g. {_EXAMPLE}")
    try:
        value, unit = parse_quantity(f"{match.group('value').replace(',', '')} {match.group('unit').strip()}")
    except NadfluxError as error:
        raise type(error)(f"{words!r}: {error}") from error
    (name,) = ids_of([match.group("what").strip()])
    return MeasuredValue(name, value, unit, storage)
