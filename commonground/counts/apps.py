"""The label of counts, and what the keys on a page of counts do."""

from django.apps import AppConfig


class CountsConfig(AppConfig):
    """Label of counts; registers them as a kind of joint text."""

    name = "commonground.counts"
    label = "counts"

    def ready(self) -> None:
        """Register counts."""
        from commonground.approvals.kinds import Kind, register
        from commonground.counts import actions
        from commonground.releases import frozen

        register(Kind(actions.KIND, actions.release, url_name="counts-draft", render=frozen.sections))
