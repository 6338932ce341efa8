"""Large staff lists, behind the page. Arguments are opaque ids only: queues keep them in clear."""

from uuid import UUID

from django_tasks import task


@task()
def read_staff_list(import_id: str) -> None:
    """Read a staff list that was too large to be read while its sender waits."""
    from commonground.partnership import staff_work

    staff_work.read(UUID(import_id))


@task()
def carry_out_staff_list(import_id: str) -> None:
    """Bring in a staff list that was looked at and is too large for a request."""
    from commonground.partnership import staff_work

    staff_work.carry_out(UUID(import_id))
