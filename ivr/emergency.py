"""Emergency: the switch that lets every new call of a hotline hear something else first, until a time that is set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, String, Table, delete, insert, select

from routing.store import Moment, metadata

emergencies = Table(
    "emergencies",
    metadata,
    Column("hotline", String(64), primary_key=True),
    Column("until", Moment, nullable=False),
    Column("set_by", String(64), nullable=False),
    Column("set_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Emergency:
    """A switch that was put on. It ends by itself: nobody has to think of it when there is enough else to do."""

    hotline: str
    until: datetime
    set_by: str
    set_at: datetime


class EmergencyRows:
    """The switches within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def on(self, hotline: str, now: datetime) -> Emergency | None:
        """The switch of a hotline, if it is on now."""
        its = select(emergencies).where(emergencies.c.hotline == hotline, emergencies.c.until > now)
        row = self._connection.execute(its).mappings().first()
        return Emergency(**row) if row else None

    def all_on(self, now: datetime) -> list[Emergency]:
        """Every switch that is on now."""
        rows = self._connection.execute(select(emergencies).where(emergencies.c.until > now)).mappings()
        return [Emergency(**row) for row in rows]

    def put_on(self, emergency: Emergency) -> None:
        """Put it on, or set another end."""
        self.put_off(emergency.hotline)
        row = {
            "hotline": emergency.hotline,
            "until": emergency.until,
            "set_by": emergency.set_by,
            "set_at": emergency.set_at,
        }
        self._connection.execute(insert(emergencies).values(row))

    def put_off(self, hotline: str) -> None:
        """Put it off before its time."""
        self._connection.execute(delete(emergencies).where(emergencies.c.hotline == hotline))
