"""The label of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Label of people."""

    name = "commonground.people"
    label = "people"

    def ready(self) -> None:
        """Say how ids of this module are called in the record."""
        from commonground.ledger.names import register
        from commonground.people.queries import names

        register("person", lambda partnership_id, ids: names(ids))
