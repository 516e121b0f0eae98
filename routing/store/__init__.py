"""The database: one connection recipe, the floor's tables, and what reads and writes them."""

from routing.store.cases import Cases
from routing.store.engine import open_engine
from routing.store.floor import SqlFloor, Stale, keep_event, last_event_at
from routing.store.tables import Moment, metadata

__all__ = ["Cases", "Moment", "SqlFloor", "Stale", "keep_event", "last_event_at", "metadata", "open_engine"]
