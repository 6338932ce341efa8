"""The label of surveys, and what the keys on a paper or a correction do."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Label of surveys; registers the paper and the correction as kinds of joint text."""

    name = "commonground.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Register the two kinds."""
        from commonground.approvals.kinds import Kind, register
        from commonground.surveys import actions, campaign, reading

        register(Kind(actions.KIND, campaign.launch, actions.sent_back, "survey", reading.sections))
        register(Kind(campaign.ERRATUM, campaign.correct))
