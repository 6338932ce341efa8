"""Writing what the district is made of: levels, sites, shifts, job families and classes, units, languages."""

from typing import TypeAlias
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.access.table import Action
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.ledger.acts import act, record
from commonground.partnership.models import (
    BargainingUnit,
    JobClass,
    JobFamily,
    Named,
    Party,
    Shift,
    Site,
    SiteLevel,
    SpokenLanguage,
)

Kind: TypeAlias = type[Named]

KINDS: dict[str, Kind] = {
    "level": SiteLevel,
    "site": Site,
    "shift": Shift,
    "family": JobFamily,
    "class": JobClass,
    "unit": BargainingUnit,
    "language": SpokenLanguage,
}
PARENTS: dict[str, tuple[str, type[SiteLevel] | type[JobFamily] | type[Party]]] = {
    "site": ("level", SiteLevel),
    "class": ("family", JobFamily),
    "unit": ("party", Party),
}
"""The field that ties a kind to what it belongs to; a unit without a party is for staff whom nobody represents."""


@act(Action.EDIT_STRUCTURE)
def add(
    actor: Actor, kind: str, *, code: str, name_en: str, name_es: str = "", parent_id: UUID | None = None
) -> Named:
    """Add a level, site, shift, family, class, unit or language; raises Refused where its code is taken."""
    model = KINDS[kind]
    rows = model.rows.within(actor.tenant)
    if rows.filter(code=code.strip()).exists():
        raise Refused(_("This code is taken already. Choose another; nothing was changed."), code="code")
    last = rows.aggregate(last=Max("position"))["last"] or 0
    row = model(
        partnership_id=actor.tenant,
        code=code.strip(),
        name_en=name_en.strip(),
        name_es=name_es.strip(),
        position=last + 1,
        **_parent(actor, kind, parent_id),
    )
    row.save(force_insert=True)
    record(actor, kind=kind, added=row.pk)
    return row


@act(Action.EDIT_STRUCTURE)
def change(
    actor: Actor,
    kind: str,
    row_id: UUID,
    *,
    code: str,
    name_en: str,
    name_es: str = "",
    parent_id: UUID | None = None,
) -> Named:
    """Change code, names and what it belongs to; raises Refused where the code is taken."""
    row: Named = KINDS[kind].rows.one(actor.tenant, row_id, lock=True)
    if KINDS[kind].rows.within(actor.tenant).filter(code=code.strip()).exclude(pk=row_id).exists():
        raise Refused(_("This code is taken already. Choose another; nothing was changed."), code="code")
    row.code, row.name_en, row.name_es = code.strip(), name_en.strip(), name_es.strip()
    for name, value in _parent(actor, kind, parent_id).items():
        setattr(row, name, value)
    row.save()
    record(actor, kind=kind, changed=row_id)
    return row


@act(Action.EDIT_STRUCTURE)
def close_site(actor: Actor, site_id: UUID) -> None:
    """Close a site: it keeps its history and takes no new staff."""
    site = Site.rows.one(actor.tenant, site_id, lock=True)
    site.closed_on = time.now().date()
    site.save(update_fields=["closed_on"])
    record(actor, kind="site", closed=site_id)


def _parent(actor: Actor, kind: str, parent_id: UUID | None) -> dict[str, object]:
    if kind not in PARENTS:
        return {}
    field, model = PARENTS[kind]
    if parent_id is None and kind != "unit":
        raise Refused(_("Say what it belongs to. Nothing was changed."), code="parent")
    return {field: model.rows.one(actor.tenant, parent_id) if parent_id else None}
