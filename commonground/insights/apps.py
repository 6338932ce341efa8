"""The label of insights, and what the keys on the page for staff do."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """Label of insights; registers publishing as a kind of joint text."""

    name = "commonground.insights"
    label = "insights"

    def ready(self) -> None:
        """Register publishing."""
        from commonground.approvals.kinds import Kind, register
        from commonground.insights import actions
        from commonground.releases import frozen

        register(Kind(actions.KIND, actions.publish, url_name="release", render=frozen.sections))
