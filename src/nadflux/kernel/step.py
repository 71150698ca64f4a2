"""One step in IR: every lane has its own time, step and error.

Loops run over the states with one vector of lanes at a time; what the lanes decide is taken lane by lane.
"""

from __future__ import annotations

from nadflux.kernel import tableau
from nadflux.kernel.context import ContextPrinter
from nadflux.kernel.ir import Function, Value, Variable

ABSOLUTE_FRACTION = 1e-3  # below this fraction of its scale a state's error counts as absolute
FIRST_STEP_SAFETY = 0.5
SOLVE_ERROR, SOLVE_ERROR_RELATIVE = 1e-2, 1e-9  # of the tolerance, and of the terms of the equation
SIGNS = "signs"  # table: how many tolerances below zero a state may go from above
# An amount below this fraction of its scale, or a step below this fraction of the time, may cross zero freely.
NEARLY_NOTHING, SHORT_STEP = 1e-6, 1e-10
INFINITY = float("inf")


class StepPrinter(ContextPrinter):
    """Printer of the functions that choose, compute and judge a step."""

    # one attempt at a step

    def attempt(self) -> Function:
        """Print ``attempt(context)``: compute a step of every lane into ``new``, ``error`` and ``unsolved``."""
        f = self.new("attempt")
        n = self.count
        y, new, slope, time_slope = (self.array(f, k) for k in ("y", "new", "f", "time_slope"))
        stages, time = self.array(f, "stages"), self.array(f, "time")
        t, step = f.read(self.array(f, "t"), 0), f.read(self.array(f, "step"), 0)
        per_step = 1.0 / step
        f.write(per_step * (1 / tableau.GAMMA), self.array(f, "shift"), 0)
        f.call("factorise", *(self.array(f, k) for k in ("jacobian", "shift", "factors")))
        for stage in range(tableau.STAGES):
            mine = f.at(stages, stage * n, f.vector)
            with f.loop(n) as k:
                addends = [f.read(f.at(stages, j * n, f.vector), k) for j in range(stage)]
                self._stage_sums(f, stage, k, addends, (y, new, mine, time_slope), per_step, step)
            if stage:
                f.write(t + step * float(tableau.ALPHA[stage]), time, 0)
                self.model(f, "slopes", "new", "time", "f")
            f.call("solve", self.array(f, "factors"), slope, mine)
            if stage == 0:
                self._check_solution(f)
        self._error(f)
        f.give()
        return f

    def _stage_sums(
        self,
        f: Function,
        stage: int,
        k: Value,
        stages: list[Value],
        arrays: tuple[Value, ...],
        per_step: Value,
        step: Value,
    ) -> None:
        """Print the state at which a stage is evaluated, and its right-hand side without f."""
        y, new, mine, time_slope = arrays
        if stage >= 6:
            f.write(f.read(new, k) + stages[stage - 1], new, k)
        elif stage:
            total = f.read(y, k)
            # Sums the stages before, in order.
            for j in range(stage):
                total = total + float(tableau.A[stage, j]) * stages[j]
            f.write(total, new, k)
        right = f.vector_of(0.0)
        if stage:
            total = float(tableau.C[stage, 0]) * stages[0]
            # The same for the coefficients of the right-hand side.
            for j in range(1, stage):
                total = total + float(tableau.C[stage, j]) * stages[j]
            right = total * per_step
        if tableau.GAMMAS[stage]:
            change = (step * float(tableau.GAMMAS[stage])) * f.read(time_slope, k)
            right = right + change if stage else change
        f.write(right, mine, k)

    def weight(self, f: Function, size: Value, k: Value) -> Value:
        """Return the error allowed for a state of this size."""
        rtol = self.splat(f, self.double(f, "rtol"))
        return rtol * (size + ABSOLUTE_FRACTION * f.read(self.array(f, "scale"), k))

    def _check_solution(self, f: Function) -> None:
        """Print the residual of the first stage: elimination without pivoting may have lost accuracy."""
        solution, product = self.array(f, "stages"), self.array(f, "work")
        f.call("multiply", self.array(f, "jacobian"), solution, product)
        shift, step = f.read(self.array(f, "shift"), 0), f.read(self.array(f, "step"), 0)
        bad = Variable(f, f.vector_of(0.0))
        with f.loop(self.count) as k:
            change = (step * float(tableau.GAMMAS[0])) * f.read(self.array(f, "time_slope"), k)
            right = f.read(self.array(f, "f"), k) + change
            left, moved = shift * f.read(solution, k), f.read(product, k)
            residual = f.intrinsic("fabs", (left - moved) - right)
            size = f.intrinsic("fabs", left) + f.intrinsic("fabs", moved) + f.intrinsic("fabs", right)
            allowed = self.weight(f, f.intrinsic("fabs", f.read(self.array(f, "y"), k)), k) * shift * SOLVE_ERROR
            bad.set((residual <= allowed + SOLVE_ERROR_RELATIVE * size).where(bad.get(), 1.0))
        flags = f.emit(f"<{f.width} x i64>", f"fptosi {f.vector} {bad.get().text} to <{f.width} x i64>")
        f.write(flags, self.array(f, "unsolved"), 0)

    def _error(self, f: Function) -> None:
        """Print the new state, and the fourth root of the mean fourth power of its error over the tolerance.

        A mean square would let one of 586 states miss its own tolerance 24 times over, the fourth power 5 times.
        An amount that was above zero and ends below zero counts alone, by how far below: beyond the pole of a
        Michaelis-Menten law at S = -Km its use never ends, and the linearised step jumps there from S >> Km. What
        truly goes below zero does so from nearly nothing, after some shorter steps. ``sunk`` is how many tolerances the
        lowest amount of each lane lies below zero.
        """
        last = f.at(self.array(f, "stages"), (tableau.STAGES - 1) * self.count, f.vector)
        y, new = self.array(f, "y"), self.array(f, "new")
        total, sunk = Variable(f, f.vector_of(0.0)), Variable(f, f.vector_of(0.0))
        signs = Value(f, "ptr", f"@{SIGNS}")
        time = f.intrinsic("fabs", f.read(self.array(f, "t"), 0))
        coarse = f.read(self.array(f, "step"), 0) > SHORT_STEP * time
        with f.loop(self.count) as k:
            change = f.read(last, k)
            after = f.read(new, k) + change
            f.write(after, new, k)
            start = f.read(y, k)
            before, size = f.intrinsic("fabs", start), f.intrinsic("fabs", after)
            ratio = change / self.weight(f, (before > size).where(before, size), k)
            # an infinite state would allow any error
            ratio = (size < INFINITY).where(ratio, INFINITY)
            below = -after / self.weight(f, size, k)
            # infinity where a state may have either sign
            least = self.splat(f, f.read(signs, k, "double"))
            sunk.set(((least < INFINITY) & (below > sunk.get())).where(below, sunk.get()))
            lost = coarse & (start > NEARLY_NOTHING * f.read(self.array(f, "scale"), k)) & (below > least)
            square, alone = ratio * ratio, below * below
            total.set(total.get() + lost.where(alone * alone * float(self.count), square * square))
        mean_square = f.intrinsic("sqrt", total.get() * (1.0 / max(self.count, 1)))
        f.write(f.intrinsic("sqrt", mean_square), self.array(f, "error"), 0)
        f.write(sunk.get(), self.array(f, "sunk"), 0)

    # size of the first step

    def first_step(self) -> Function:
        """Print ``first_step(context)``: a step for lanes marked fresh, from f, J f + ∂f/∂t and the tolerance.

        The transient has rate r = |y''|/|y'| and amplitude |y'|/r; a method of order 5 follows it to within
        the tolerance with h = (1/r)·amplitude^(-1/6), norms being in units of the tolerance.
        """
        f = self.new("first_step")
        f.call("multiply", self.array(f, "jacobian"), self.array(f, "f"), self.array(f, "work"))
        first, second = Variable(f, f.vector_of(0.0)), Variable(f, f.vector_of(0.0))
        steepest, sharpest, growth = (Variable(f, f.vector_of(0.0)) for _ in range(3))
        with f.loop(self.count) as k:
            weight = self.weight(f, f.intrinsic("fabs", f.read(self.array(f, "y"), k)), k)
            slope = f.read(self.array(f, "f"), k) / weight
            curve = (f.read(self.array(f, "work"), k) + f.read(self.array(f, "time_slope"), k)) / weight
            first.set(first.get() + slope * slope)
            second.set(second.get() + curve * curve)
            growth.set((curve * slope).equals(INFINITY).where(1.0, growth.get()))
            for largest, value in ((steepest, slope), (sharpest, curve)):
                size = f.intrinsic("fabs", value)
                largest.set((size > largest.get()).where(size, largest.get()))
        # logarithms of the squared norms
        scale = 1.0 / max(self.count, 1)
        log_second = self._log_square(f, second.get() * scale + 1e-200, sharpest.get())
        log_first = self._log_square(f, first.get() * scale + 1e-200, steepest.get())
        least = 0.5 * log_second
        log_first = (log_first > least).where(log_first, least)
        guess = FIRST_STEP_SAFETY * f.function("exp", (4.0 * log_first - 5.0 * log_second) * (1 / 12))
        # an implicit step past a growth that steep would look like decay; a step of 0 ends the lane
        endless = log_second.equals(INFINITY) & (growth.get() > 0.0)
        f.write(endless.where(0.0, guess), self.array(f, "factor"), 0)
        with f.loop(self.width) as lane:
            fresh = self.lane(f, "fresh", lane).differs(0)
            with f.when(fresh & self.lane(f, "active", lane).differs(0)):
                left = self.lane(f, "limit", lane) - self.lane(f, "t", lane)
                value = self.lane(f, "factor", lane)
                most = 0.5 * left
                value = (value <= most).where(value, most)
                self.set_lane(f, "h", lane, value)
                self.set_lane(f, "fresh", lane, 0)
        f.give()
        return f

    @staticmethod
    def _log_square(f: Function, square: Value, largest: Value) -> Value:
        """Return the logarithm of a squared norm, or of its largest square if they are too large to add."""
        return (square < INFINITY).where(f.function("log", square), 2.0 * f.function("log", largest))

    def choose_step(self) -> Function:
        """Print ``choose_step(context)``: shorten steps so that the next stop is met exactly."""
        f = self.new("choose_step")
        with f.loop(self.width) as lane:
            wanted = self.lane(f, "h", lane)
            largest = self.double(f, "largest_step")
            wanted = (wanted <= largest).where(wanted, largest)
            left = self.lane(f, "limit", lane) - self.lane(f, "t", lane)
            reaches = wanted >= left * 0.999999
            half = wanted > left * 0.5
            step = reaches.where(left, half.where(left * 0.5, wanted))
            active = self.lane(f, "active", lane).differs(0)
            self.set_lane(f, "step", lane, active.where(step, 1.0))
            self.set_lane(f, "hit", lane, reaches.cast("zext", "i64"))
            self.set_lane(f, "shortened", lane, half.cast("zext", "i64"))
        f.give()
        return f
