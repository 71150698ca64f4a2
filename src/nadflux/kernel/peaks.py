"""Largest value of each output and its time, from dense output, in IR."""

from __future__ import annotations

from nadflux.kernel.context import ContextPrinter
from nadflux.kernel.ir import Function, Value, Variable

SAMPLES = 8  # parts of a step between which a parabola finds the top


class PeakPrinter(ContextPrinter):
    """Printer of ``find_peaks`` and what it uses."""

    def find_peaks(self) -> Function:
        """Print ``find_peaks(context)``: look for higher values in the accepted step, then around the highest."""
        f = self.new("find_peaks")
        wanted = self.integer(f, "count_peaks")
        with f.loop(wanted) as i:
            f.write(f.vector_of(-1.0), self.array(f, "peak_part"), self._wanted(f, i))
        for sample in range(SAMPLES + 1):
            f.call("look", f.argument("context"), f.constant(sample / SAMPLES, "double"))
            with f.loop(wanted) as i:
                k = self._wanted(f, i)
                # The step before ended at the first sample: a top just behind it is higher than that alone.
                better = self._improve(f, k) if sample else self._reaches(f, k, f.read(self.array(f, "peak"), k))
                part = f.read(self.array(f, "peak_part"), k)
                f.write(better.where(sample / SAMPLES, part), self.array(f, "peak_part"), k)
        with f.loop(wanted) as i:
            k = self._wanted(f, i)
            top = Variable(f, f.read(self.array(f, "peak_part"), k))
            found = Variable(f, f.integer(0))
            f.write(top.get(), self.array(f, "factor"), 0)
            with f.loop(self.width) as lane:
                found.set(found.get() | (self.lane(f, "factor", lane) >= 0.0).cast("zext", "i64"))
            with f.when(found.get().differs(0)):
                # Only where there is a top to refine: what other lanes find must not depend on their neighbours.
                self._refine(f, k, top, f.read(self.array(f, "factor"), 0) >= 0.0)
        f.give()
        return f

    def _wanted(self, f: Function, number: Value) -> Value:
        """Return the output that is the number-th of the requested peaks."""
        return f.read(self.array(f, "wanted"), number, "i64")

    def _improve(self, f: Function, k: Value, where: Value | None = None) -> Value:
        """Take the observed value of output k where it is a new maximum, in all lanes or some; says where."""
        time = f.read(self.array(f, "time"), 0)
        value = f.read(self.array(f, "observed"), k)
        old = f.read(self.array(f, "peak"), k)
        better = self._counts(f) & (old.differs(old) | (value > old))
        better = better if where is None else better & where
        f.write(better.where(value, old), self.array(f, "peak"), k)
        f.write(better.where(time, f.read(self.array(f, "peak_time"), k)), self.array(f, "peak_time"), k)
        return better

    def _reaches(self, f: Function, k: Value, old: Value) -> Value:
        """Take the same, and tell where the value is a new maximum or equal to the old one."""
        value = f.read(self.array(f, "observed"), k)
        return self._improve(f, k) | (self._counts(f) & value.equals(old))

    def _counts(self, f: Function) -> Value:
        """Return in which lanes the step was accepted and the time looked at is in the window."""
        time = f.read(self.array(f, "time"), 0)
        accepted = f.read(self.array(f, "accepted"), 0, f"<{f.width} x i64>").differs(0)
        from_, to = (self.splat(f, self.double(f, name)) for name in ("peak_from", "peak_to"))
        return accepted & (time >= from_) & (time <= to)

    def look(self) -> Function:
        """Print ``look(context, fraction)``: evaluate the outputs at a fraction of the step in every lane."""
        f = self.new("look", [("double", "fraction")])
        self._look_at(f, self.splat(f, f.argument("fraction")))
        f.give()
        return f

    def _look_at(self, f: Function, theta: Value) -> None:
        t, step = f.read(self.array(f, "t"), 0), f.read(self.array(f, "step"), 0)
        f.write(theta, self.array(f, "theta"), 0)
        f.write(t + theta * step, self.array(f, "time"), 0)
        f.call("interpolate", f.argument("context"))
        self.model(f, "observe", "dense", "time", "observed")

    def _refine(self, f: Function, k: Value, top: Variable, where: Value) -> None:
        """Lay two parabolas through the highest sample and its neighbours, the second a quarter as wide."""
        for spread in (1.0 / SAMPLES, 0.25 / SAMPLES):
            centre = top.get()
            centre = (centre > 1.0 - spread).where(1.0 - spread, (centre < spread).where(spread, centre))
            values = []
            for offset in (-spread, 0.0, spread):
                self._look_at(f, centre + offset)
                values.append(f.read(self.array(f, "observed"), k))
                self._improve(f, k, where)
            before, here, after = values
            bend = (before - here) + (after - here)
            shift = (before - after) / bend * (0.5 * spread)
            limited = (shift > spread).where(spread, (shift < -spread).where(-spread, shift))
            moved = (bend < 0.0).where(centre + limited, centre)
            self._look_at(f, moved)
            better = self._improve(f, k, where)
            top.set(better.where(moved, centre))
