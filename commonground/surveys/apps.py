"""The label of surveys, and what the keys on its joint texts do."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Label of surveys; registers its kinds of joint text."""

    name = "commonground.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Register the paper, the correction, the going on of a stopped opening, and further tables."""
        from commonground.approvals.kinds import Kind, register
        from commonground.surveys import actions, campaign, drafting, further_words, opening, reading, reopening

        register(Kind(drafting.KIND, campaign.launch, actions.sent_back, "survey", reading.sections))
        register(Kind(campaign.ERRATUM, campaign.correct))
        register(Kind(opening.GO_ON, opening.go_on, url_name="survey-opening"))
        register(Kind(reopening.KIND, reopening.begin, url_name="survey-further", render=further_words.sections))
