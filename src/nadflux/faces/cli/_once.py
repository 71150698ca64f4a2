"""A command that refuses an option given twice where only one can count, since the last would silently win."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import typer.core

from nadflux.errors import ValueOutOfRangeError

if TYPE_CHECKING:
    from typing import Any

_JOINED = {"plan": "; doses and habits that go together are one plan, joined by ' + '"}


class OnceCommand(typer.core.TyperCommand):
    """A command of which every option that takes one value may be given once.

    Options that may be repeated, and flags, are not checked.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of the command line.

        Raises
        ------
        ValueOutOfRangeError
            For an option with one value that is given more than once.
        """
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        given = Counter(p for p in order if p.param_type_name == "option")
        for option, times in given.items():
            if times > 1 and not (option.multiple or getattr(option, "is_flag", False) or getattr(option, "count", 0)):
                name = max(option.opts, key=len)
                remedy = _JOINED.get(option.name or "", "")
                raise ValueOutOfRangeError(f"{name} is given {_often(times)}; give it once{remedy}")
        return list(super().parse_args(ctx, args))


def _often(times: int) -> str:
    return "twice" if times == 2 else f"{times} times"
