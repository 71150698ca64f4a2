"""The numerical engine: models become machine code that integrates many people at once."""

from nadflux.kernel.batch import Batch, EventArrays, Failure, Solution
from nadflux.kernel.cache import cached_program
from nadflux.kernel.engine import Engine, compile_program, emit_object
from nadflux.kernel.integrate import integrate
from nadflux.kernel.lower import lower
from nadflux.kernel.program import Program
from nadflux.kernel.stepper import Stepper

__all__ = [
    "Batch",
    "Engine",
    "EventArrays",
    "Failure",
    "Program",
    "Solution",
    "Stepper",
    "cached_program",
    "compile_program",
    "emit_object",
    "integrate",
    "lower",
]
