"""Integration loop in IR: judging steps, outputs, stops and failures, lane by lane.

A lane that has ended or failed goes on being computed but is never written, so that its neighbours keep their
bits. At a stop the state just before is recorded, then all events of that moment are applied in order, and the step
is chosen from (t, y, f) alone, as at the start. The next step follows from the error of this one alone: after a stop,
where most steps are taken, an error that also counts the step before lets it grow too slowly.
"""

from __future__ import annotations

from nadflux.kernel import tableau
from nadflux.kernel.batch import ADD, SET, STOP
from nadflux.kernel.context import ContextPrinter
from nadflux.kernel.ir import Function, Value, Variable
from nadflux.kernel.step import SIGNS

SAFETY = 0.85
SMALLEST_FACTOR, LARGEST_FACTOR, FACTOR_NOT_FINITE = 0.1, 6.0, 0.25
SMALLEST_ERROR = 1e-10
SMALLEST_STEP = 1e-13  # relative to the time
NOT_FINITE_START, NOT_FINITE, STEP_TOO_SMALL, TOO_MANY_STEPS, UNSOLVED, OVERFLOW, BELOW_ZERO = 1, 2, 3, 4, 5, 6, 7
NEARLY_INFINITE = 1e300
INFINITY = float("inf")


class LoopPrinter(ContextPrinter):
    """Printer of the functions ``begin`` and ``advance`` and what they use."""

    def begin(self) -> Function:
        """Print ``begin(context)``: outputs and events at the start, first stops, check of the initial state."""
        f = self.new("begin")
        y = self.array(f, "y")
        with f.loop(self.width) as lane, f.when(self.lane(f, "active", lane).differs(0)):
            with f.loop(self.count) as k:
                value = f.read(self._element(f, y, k, lane), 0, "double")
                with f.when((f.intrinsic("fabs", value) < INFINITY).invert()):
                    self.set_lane(f, "failure", lane, NOT_FINITE_START)
                    self.set_lane(f, "worst", lane, k)
            with f.when(self.lane(f, "failure", lane).differs(0)):
                self.set_lane(f, "active", lane, 0)
            self.set_lane(f, "theta", lane, 0.0)
        f.call("copy_start", f.argument("context"))
        f.call("record", f.argument("context"), f.integer(1))
        with f.loop(self.width) as lane, f.when(self.lane(f, "active", lane).differs(0)):
            f.call("pass_stop", f.argument("context"), lane)
        f.give()
        return f

    def copy_start(self) -> Function:
        """Print ``copy_start(context)``: make the initial state the end of an empty step."""
        f = self.new("copy_start")
        with f.loop(self.count) as k:
            f.write(f.read(self.array(f, "y"), k), self.array(f, "new"), k)
        with f.loop(self.width) as lane:
            self.set_lane(f, "step", lane, 0.0)
            self.set_lane(f, "accepted", lane, self.lane(f, "active", lane))
        f.give()
        return f

    @staticmethod
    def _element(f: Function, array: Value, row: Value, lane: Value) -> Value:
        return f.at(f.at(array, row, f.vector), lane, "double")

    # stops

    def pass_stop(self) -> Function:
        """Print ``pass_stop(context, lane)``: apply the events of this moment and find the next stop."""
        f = self.new("pass_stop", [("i64", "lane")])
        lane = f.argument("lane")
        t, end = self.lane(f, "t", lane), self.lane(f, "end", lane)
        times = self.array(f, "event_time")
        index, last = Variable(f, self.lane(f, "event", lane)), self.lane(f, "event_end", lane)

        def due() -> Value:
            # the last element is a sentinel at infinity, so reading one past the end of a person is safe
            return (index.get() < last) & (f.read(times, index.get(), "double") <= t)

        with f.when(t < end), f.loop_while(due):
            kind = f.read(self.array(f, "event_kind"), index.get(), "i64")
            target = f.read(self.array(f, "event_target"), index.get(), "i64")
            value = f.read(self.array(f, "event_value"), index.get(), "double")
            with f.when(kind.equals(ADD)):
                element = self._element(f, self.array(f, "y"), target, lane)
                f.store(f.load(element, "double") + value, element)
            with f.when(kind.equals(SET)):
                f.store(value, self._element(f, self.array(f, "inputs"), target, lane))
            with f.when(kind.differs(STOP)):
                self.set_lane(f, "fresh", lane, 1)
            index.set(index.get() + 1)
        self.set_lane(f, "event", lane, index.get())
        following = f.read(times, index.get(), "double")
        sooner = (index.get() < last) & (following < end)
        self.set_lane(f, "limit", lane, sooner.where(following, end))
        self.set_lane(f, "rejected", lane, 0)
        with f.when(t >= end):
            self.set_lane(f, "active", lane, 0)
        f.give()
        return f

    # outputs

    def interpolate(self, everything: bool) -> Function:
        """Print ``interpolate…(context)``: states at the fraction ``theta`` of the last step into ``dense``."""
        f = self.new("interpolate_all" if everything else "interpolate")
        theta = f.read(self.array(f, "theta"), 0)
        rest = 1.0 - theta
        stages = self.array(f, "stages")
        positions = range(self.count) if everything else self.needed
        if len(positions) < self.count:
            table = "@needed"
            with f.loop(len(positions)) as row:
                k = f.read(Value(f, "ptr", table), row, "i64")
                self._interpolate_state(f, k, theta, rest, stages)
        else:
            with f.loop(self.count) as k:
                self._interpolate_state(f, k, theta, rest, stages)
        f.give()
        return f

    def _interpolate_state(self, f: Function, k: Value, theta: Value, rest: Value, stages: Value) -> None:
        parts = []
        addends = [f.read(f.at(stages, j * self.count, f.vector), k) for j in range(tableau.STAGES)]
        for row in tableau.DENSE:
            total = float(row[0]) * addends[0]
            # Sums the row over the stages.
            for j in range(1, tableau.STAGES):
                total = total + float(row[j]) * addends[j]
            parts.append(total)
        inner = rest * (parts[0] + theta * (parts[1] + theta * parts[2]))
        before, after = f.read(self.array(f, "y"), k), f.read(self.array(f, "new"), k)
        value = rest * before + theta * (after + inner)
        # at the end of a step exactly its new state
        f.write(theta.equals(1.0).where(after, value), self.array(f, "dense"), k)

    def record(self) -> Function:
        """Print ``record(context, at_start)``: store the outputs whose times lie in the accepted step."""
        f = self.new("record", [("i64", "at_start")])
        count_times = self.integer(f, "count_times")
        times, base = self.array(f, "times"), self.array(f, "outputs")
        kept = self.integer(f, "count_kept")
        more = Variable(f, f.integer(1))
        with f.loop_while(lambda: more.get().differs(0)):
            more.set(0)
            with f.loop(self.width) as lane:
                row = self.lane(f, "row", lane)
                self.set_lane(f, "pending", lane, 0)
                self.set_lane(f, "theta", lane, 1.0)
                within = (row < count_times) & self.lane(f, "accepted", lane).differs(0)
                with f.when(within):
                    due = f.read(times, row, "double")
                    t, step = self.lane(f, "t", lane), self.lane(f, "step", lane)
                    hit = self.lane(f, "hit", lane).differs(0)
                    after = hit.where(self.lane(f, "limit", lane), t + step)
                    after = f.argument("at_start").differs(0).where(t, after)
                    with f.when(due <= after):
                        fraction = (due - t) / step
                        fraction = due.equals(after).where(1.0, fraction)
                        fraction = (fraction < 1.0).where(fraction, 1.0)
                        self.set_lane(f, "theta", lane, fraction)
                        self.set_lane(f, "time", lane, due)
                        self.set_lane(f, "pending", lane, 1)
                        more.set(1)
            with f.when(more.get().differs(0)):
                f.call("interpolate", f.argument("context"))
                self.model(f, "observe", "dense", "time", "observed")
                with f.loop(self.width) as lane, f.when(self.lane(f, "pending", lane).differs(0)):
                    row = self.lane(f, "row", lane)
                    start = (self.lane(f, "person", lane) * count_times + row) * kept
                    with f.loop(kept) as k:
                        output = f.read(self.array(f, "kept"), k, "i64")
                        value = f.load(self._element(f, self.array(f, "observed"), output, lane), "double")
                        f.write(value, base, start + k)
                    self.set_lane(f, "row", lane, row + 1)
        f.give()
        return f

    # the loop

    def judge(self) -> Function:
        """Print ``judge(context)``: accept or reject the attempt of each lane and choose its next step."""
        f = self.new("judge")
        error = f.read(self.array(f, "error"), 0)
        bounded = (error > SMALLEST_ERROR).where(error, SMALLEST_ERROR)
        logarithm = f.function("log", bounded)
        factor = SAFETY * f.function("exp", (-1.0 / tableau.ORDER) * logarithm)
        f.write(factor, self.array(f, "factor"), 0)
        with f.loop(self.width) as lane:
            self.set_lane(f, "accepted", lane, 0)
            with f.when(self.lane(f, "active", lane).differs(0)):
                self._judge_lane(f, lane)
        f.give()
        return f

    def _judge_lane(self, f: Function, lane: Value) -> None:
        error, factor = self.lane(f, "error", lane), self.lane(f, "factor", lane)
        step, wanted = self.lane(f, "step", lane), self.lane(f, "h", lane)
        attempts = self.lane(f, "attempts", lane) + 1
        self.set_lane(f, "attempts", lane, attempts)
        finite = error < INFINITY
        solved = self.lane(f, "unsolved", lane).equals(0)
        good = (error <= 1.0) & solved

        def accept() -> None:
            grown = (factor < LARGEST_FACTOR).where(factor, LARGEST_FACTOR)
            grown = (grown > SMALLEST_FACTOR).where(grown, SMALLEST_FACTOR)
            was_rejected = self.lane(f, "rejected", lane).differs(0)
            grown = (was_rejected & (grown > 1.0)).where(1.0, grown)
            proposed = step * grown
            # a step shortened to meet a stop says nothing against the step that was wanted
            keep = self.lane(f, "shortened", lane).differs(0) & was_rejected.invert() & (wanted > proposed)
            self.set_lane(f, "h", lane, keep.where(wanted, proposed))
            self.set_lane(f, "rejected", lane, 0)
            self.set_lane(f, "accepted", lane, 1)
            self.set_lane(f, "steps", lane, self.lane(f, "steps", lane) + 1)

        def reject() -> None:
            shrunk = (factor > SMALLEST_FACTOR).where(factor, SMALLEST_FACTOR)
            shrunk = (shrunk < SAFETY).where(shrunk, SAFETY)
            shrunk = (finite & solved).where(shrunk, FACTOR_NOT_FINITE)
            proposed = step * shrunk
            self.set_lane(f, "h", lane, proposed)
            self.set_lane(f, "rejected", lane, 1)
            smallest = f.intrinsic("fabs", self.lane(f, "t", lane)) * SMALLEST_STEP + 1e-100
            with f.when(proposed < smallest):
                reason = solved.where(f.integer(STEP_TOO_SMALL), f.integer(UNSOLVED))
                self._fail(f, lane, finite.where(reason, f.integer(NOT_FINITE)))

        f.either(good, accept, reject)
        with f.when(good & (self.lane(f, "sunk", lane) > self.double(f, "deepest"))):
            self._fail(f, lane, f.integer(BELOW_ZERO))
            self._name_lowest(f, lane)
        many = attempts >= self.integer(f, "most_steps")
        with f.when(many & self.lane(f, "failure", lane).equals(0)):
            self._fail(f, lane, f.integer(TOO_MANY_STEPS))

    def _fail(self, f: Function, lane: Value, reason: Value) -> None:
        """End a lane, naming the state with the largest error (or the first that is not finite)."""
        self.set_lane(f, "failure", lane, reason)
        self.set_lane(f, "active", lane, 0)
        self.set_lane(f, "accepted", lane, 0)
        largest, worst = Variable(f, f.constant(-1.0, "double")), Variable(f, f.integer(0))
        last = f.at(self.array(f, "stages"), (tableau.STAGES - 1) * self.count, f.vector)
        with f.loop(self.count) as k:
            element = [self._element(f, a, k, lane) for a in (last, self.array(f, "y"), self.array(f, "scale"))]
            change, value, scale = (f.load(e, "double") for e in element)
            slope = f.load(self._element(f, self.array(f, "f"), k, lane), "double")
            size = f.intrinsic("fabs", value) + 1e-3 * scale
            ratio = f.intrinsic("fabs", change) / size
            # NaN of the rate itself comes first, then NaN that spread through the linear equations
            ratio = (ratio < INFINITY).where(ratio, 1e300)
            ratio = (f.intrinsic("fabs", slope) < INFINITY).where(ratio, INFINITY)
            with f.when(ratio > largest.get()):
                largest.set(ratio)
                worst.set(k)
        self.set_lane(f, "worst", lane, worst.get())
        highest = Variable(f, f.constant(0.0, "double"))
        with f.loop(self.count) as k:
            size = f.intrinsic("fabs", f.load(self._element(f, self.array(f, "y"), k, lane), "double"))
            highest.set((size > highest.get()).where(size, highest.get()))
        too_large = (highest.get() > NEARLY_INFINITE) | self.lane(f, "step", lane).equals(0.0)
        with f.when(too_large & self.lane(f, "failure", lane).equals(NOT_FINITE)):
            self.set_lane(f, "failure", lane, OVERFLOW)

    def _name_lowest(self, f: Function, lane: Value) -> None:
        """Name the amount that the attempt left furthest below zero, relative to its scale."""
        lowest, worst = Variable(f, f.constant(0.0, "double")), Variable(f, f.integer(0))
        with f.loop(self.count) as k:
            new, scale = (f.load(self._element(f, self.array(f, a), k, lane), "double") for a in ("new", "scale"))
            share = new / scale
            amount = f.read(Value(f, "ptr", f"@{SIGNS}"), k, "double") < INFINITY
            with f.when(amount & (share < lowest.get())):
                lowest.set(share)
                worst.set(k)
        self.set_lane(f, "worst", lane, worst.get())

    def advance(self) -> Function:
        """Print ``advance(context, rounds, least) -> lanes still active``: some rounds of the loop.

        It returns earlier once fewer than ``least`` lanes are active, so that others can take their place.
        """
        f = self.new("advance", [("i64", "rounds"), ("i64", "least")], "i64")
        context = f.argument("context")
        round_ = Variable(f, f.integer(0))
        active = Variable(f, f.integer(0))
        self._count_active(f, active)

        def going() -> Value:
            called_off = f.read(self.array(f, "cancel"), 0, "i64").differs(0)
            return (round_.get() < f.argument("rounds")) & (active.get() >= f.argument("least")) & called_off.invert()

        with f.loop_while(going):
            with f.loop(self.width) as lane:
                self.set_lane(f, "time", lane, self.lane(f, "t", lane))
            self.model(f, "linearise", "y", "time", "f", "jacobian", "time_slope")
            with f.when(self._any_fresh(f)):
                f.call("first_step", context)
            f.call("choose_step", context)
            f.call("attempt", context)
            f.call("judge", context)
            f.call("record", context, f.integer(0))
            with f.when(self.integer(f, "count_peaks").differs(0)):
                f.call("find_peaks", context)
            f.call("move_on", context)
            self._count_active(f, active)
            round_.set(round_.get() + 1)
        f.give(active.get())
        return f

    def _count_active(self, f: Function, active: Variable) -> None:
        active.set(0)
        with f.loop(self.width) as lane:
            active.set(active.get() + self.lane(f, "active", lane))

    def _any_fresh(self, f: Function) -> Value:
        fresh = Variable(f, f.integer(0))
        with f.loop(self.width) as lane:
            fresh.set(fresh.get() | (self.lane(f, "fresh", lane) & self.lane(f, "active", lane)))
        return fresh.get().differs(0)

    def move_on(self) -> Function:
        """Print ``move_on(context)``: make the new state the state of the lanes that accepted, and pass stops."""
        f = self.new("move_on")
        accepted = f.read(self.array(f, "accepted"), 0, f"<{self.width} x i64>").differs(0)
        y, new = self.array(f, "y"), self.array(f, "new")
        with f.loop(self.count) as k:
            f.write(accepted.where(f.read(new, k), f.read(y, k)), y, k)
        with f.loop(self.width) as lane, f.when(self.lane(f, "accepted", lane).differs(0)):
            hit = self.lane(f, "hit", lane).differs(0)
            after = self.lane(f, "t", lane) + self.lane(f, "step", lane)
            self.set_lane(f, "t", lane, hit.where(self.lane(f, "limit", lane), after))
            with f.when(hit):
                f.call("pass_stop", f.argument("context"), lane)
        f.give()
        return f
