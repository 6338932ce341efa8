"""A district with places large enough that counts of them can be shown, and one that is joined with another."""

from typing import Any

from commonground.partnership.models import JobClass, JobFamily, Site, SiteLevel, StaffRecord

PLACES = (
    ("ALD", "Alder", "Aliso", "elementary", 60),
    ("BIR", "Birch", "Abedul", "elementary", 48),
    ("CED", "Cedar", "Cedro", "elementary", 52),
    ("FIR", "Fir", "Abeto", "elementary", 12),
    ("DOG", "Dogwood", "Cornejo", "high", 40),
    ("ELM", "Elm", "Olmo", "high", 44),
)


def staff(valley: Any) -> None:
    """Give the district these places and a staff list, unless it has one: a third aides, the others teachers."""
    tenant = valley.partnership.pk
    if StaffRecord.rows.within(tenant).exists():
        return
    jobs = []
    for code, name in (("teach", "Teachers"), ("aide", "Aides")):
        family = JobFamily(partnership_id=tenant, code=code, name_en=name)
        family.save()
        jobs.append(JobClass(partnership_id=tenant, code=f"{code}-1", name_en=name, family=family))
        jobs[-1].save()
    levels = {}
    for name in ("elementary", "high"):
        levels[name] = SiteLevel(partnership_id=tenant, code=f"l-{name}", name_en=name.title())
        levels[name].save()
    for position, (code, en, es, level, people) in enumerate(PLACES):
        site = Site(
            partnership_id=tenant, code=code, name_en=en, name_es=es, level=levels[level], position=position
        )
        site.save()
        for number in range(people):
            job = jobs[number % 3 == 0]
            StaffRecord(
                partnership_id=tenant, number=f"{code}{number}", given_name=en, site=site, job_class=job
            ).save()
