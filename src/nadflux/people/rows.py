"""What draws and posteriors need of a row of the parameter tables."""

from __future__ import annotations

from typing import Protocol


class Row(Protocol):
    """A row of the parameter tables, whoever loaded it."""

    @property
    def key(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def unit(self) -> str: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def distribution(self) -> str: ...
    @property
    def between_cv(self) -> float: ...
