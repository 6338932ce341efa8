"""Tenancy as a door: a tenant table can be read within one partnership, or across all with a stated reason.

Going through the door also opens the second lock: PostgreSQL shows a connection the rows of those partnerships only
that were opened since the request, the job or the command began (`rowsecurity.py`). Nothing is open at first.
"""

from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import models

from commonground.access import walls
from commonground.kernel.errors import NotFound

M = TypeVar("M", bound="TenantTable")


class Doorway(Generic[M]):
    """The only two ways to a tenant table."""

    def __init__(self, model: type[M]) -> None:
        self._model = model

    def within(self, partnership_id: UUID) -> models.QuerySet[M]:
        """Return the rows of one partnership."""
        walls.open_rows(partnership_id)
        return models.QuerySet(self._model).filter(partnership_id=partnership_id)

    def across_all(self, *, reason: str) -> models.QuerySet[M]:
        """Return the rows of all partnerships; the reason stands in the code for the reader."""
        walls.open_all()
        return models.QuerySet(self._model)

    def one(self, partnership_id: UUID, pk: UUID, *, lock: bool = False) -> M:
        """Return one row of the partnership; raises NotFound."""
        rows = self.within(partnership_id).filter(pk=pk)
        row = (rows.select_for_update() if lock else rows).first()
        if row is None:
            raise NotFound
        return row


class Door:
    """Descriptor that opens the doorway of the class it is read from; it is no Manager."""

    def __get__(self, instance: object, owner: type[M]) -> Doorway[M]:
        return Doorway(owner)


class TenantTable(models.Model):
    """A row that belongs to one partnership."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="+")

    rows: ClassVar[Door] = Door()
    _undoored: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True
