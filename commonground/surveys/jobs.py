"""Work of surveys that happens behind the page. Arguments are opaque ids only: queues keep them in clear."""

from uuid import UUID

from django_tasks import task


@task()
def publish() -> None:
    """Carry launched papers and corrections to the respondents' door, and take the day's counts."""
    from commonground.surveys import campaign

    campaign.tick()


@task()
def post_releases() -> None:
    """Carry releases that every party published to the respondents' door."""
    from commonground.surveys import tally

    tally.post_releases()


@task()
def send_letters(survey_id: str) -> None:
    """Mail the invitation to everyone asked who has a mailbox and got none yet."""
    from commonground.surveys import letters

    letters.send(UUID(survey_id))
