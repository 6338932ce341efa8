"""The label of comparisons, and what the keys on a text about lending do."""

from django.apps import AppConfig


class ComparisonsConfig(AppConfig):
    """Label of comparisons; registers lending as a kind of joint text."""

    name = "commonground.comparisons"
    label = "comparisons"

    def ready(self) -> None:
        """Register lending."""
        from commonground.approvals.kinds import Kind, register
        from commonground.comparisons import actions, reading

        register(Kind(actions.KIND, actions.lend, url_name="release", render=reading.sections))
