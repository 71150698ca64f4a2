"""Protocol of the columns of a parameter row that draws and posteriors need."""

from __future__ import annotations

from typing import Protocol


class Row(Protocol):
    """Row of the parameter tables, whatever loaded it."""

    @property
    def key(self) -> str:
        """Name of the row in its table."""
        ...

    @property
    def value(self) -> float:
        """Typical value, in the unit of the row."""
        ...

    @property
    def unit(self) -> str:
        """Unit of value and bounds."""
        ...

    @property
    def low(self) -> float:
        """Lower bound of the typical value."""
        ...

    @property
    def high(self) -> float:
        """Upper bound of the typical value."""
        ...

    @property
    def distribution(self) -> str:
        """Law of the uncertainty of the typical value."""
        ...

    @property
    def between_cv(self) -> float:
        """Coefficient of variation between people; of a fraction the sd of its logit."""
        ...
