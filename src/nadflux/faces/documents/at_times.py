"""Values at given times, as a table and for JSON."""

from __future__ import annotations

from nadflux.faces.documents.columns import Column
from nadflux.faces.documents.figures import changed, documented, median_head, spread_out
from nadflux.faces.labels import readable_unit
from nadflux.simulation.at_times import ValueRow
from nadflux.simulation.run import Run
from nadflux.simulation.summary import Figures, significant


def value_columns(run: Run) -> tuple[Column[ValueRow], ...]:
    """Return the columns: quantity, time, value, that without the plan, and the change."""
    below = median_head(run.persons - len(run.failures))
    reference = "usual life" if run.lived else "baseline"
    return (
        Column(key="id", of=lambda row: row.quantity.id),
        Column(head="quantity", of=lambda row: row.quantity.long_name, whole=True),
        Column(head="matrix", of=lambda row: row.quantity.matrix, whole=True),
        Column(key="unit", head="unit", of=lambda row: readable_unit(row.quantity.units), whole=True),
        Column(key="asked_h", of=lambda row: row.asked_h),
        Column(key="time_h", head="at h", of=lambda row: row.time_h, write="{:g}".format, right=True),
        Column(
            key="reference", head=reference, below=below, of=lambda row: row.reference, write=_written,
            plain=documented, right=True,
        ),
        Column(
            key="value", head="value", below=below, of=lambda row: row.value, write=_written, plain=documented,
            right=True,
        ),
        Column(
            key="change_percent", head="change %", below=below, of=lambda row: row.change_percent, write=changed,
            plain=documented, right=True,
        ),
        Column(head="tier", of=lambda row: row.quantity.tier),
    )  # fmt: skip


def _written(values: Figures) -> str:
    return spread_out(values, significant)
