"""Event tables, as NONMEM and mrgsolve have them, into plans and people, and plans into event tables."""

from nadflux.plans.event_table.read import EventTable, Subject, read_event_table
from nadflux.plans.event_table.write import to_event_table

__all__ = ["EventTable", "Subject", "read_event_table", "to_event_table"]
