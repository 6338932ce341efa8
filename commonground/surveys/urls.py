"""Addresses of surveys inside a district: everything below /d/<district>/surveys/."""

from django.urls import URLPattern, URLResolver, path

from commonground.surveys import views, views_codes, views_handover, views_opening, views_seals, views_talk

urlpatterns: list[URLPattern | URLResolver] = [
    path("surveys/", views.surveys, name="surveys"),
    path("surveys/new/", views.new, name="survey-new"),
    path("surveys/<uuid:survey_id>/", views.survey, name="survey"),
    path("surveys/<uuid:survey_id>/texts/", views.texts, name="survey-texts"),
    path("surveys/<uuid:survey_id>/terms/", views.terms, name="survey-terms"),
    path("surveys/<uuid:survey_id>/tables/", views.tables, name="survey-tables"),
    path("surveys/<uuid:survey_id>/parts/new/", views.part_new, name="survey-part-new"),
    path("surveys/parts/<uuid:part_id>/", views.part, name="survey-part"),
    path("surveys/parts/<uuid:part_id>/change/", views.part_change, name="survey-part-change"),
    path("surveys/<uuid:survey_id>/questions/new/", views.question_new, name="survey-question-new"),
    path("surveys/questions/<uuid:question_id>/", views.question, name="survey-question"),
    path("surveys/questions/<uuid:question_id>/change/", views.question_change, name="survey-question-change"),
    path("surveys/questions/<uuid:question_id>/talk/", views_talk.page, name="survey-talk"),
    path("surveys/questions/<uuid:question_id>/talk/say/", views_talk.say, name="survey-talk-say"),
    path("surveys/questions/<uuid:question_id>/talk/remark/", views_talk.remark, name="survey-talk-remark"),
    path("surveys/questions/<uuid:question_id>/talk/screen/", views_talk.screened, name="survey-talk-screen"),
    path("surveys/<uuid:survey_id>/freeze/", views.freeze, name="survey-freeze"),
    path("surveys/<uuid:survey_id>/print/", views.printed, name="survey-print"),
    path("surveys/<uuid:survey_id>/paper.pdf", views.pdf, name="survey-pdf"),
    path("surveys/<uuid:survey_id>/seals/", views_seals.page, name="survey-seals"),
    path("surveys/<uuid:survey_id>/seals/parties/", views_seals.parties, name="survey-seals-parties"),
    path(
        "surveys/<uuid:survey_id>/seals/keepers/<uuid:party_id>/", views_seals.keepers, name="survey-seals-keepers"
    ),
    path("surveys/<uuid:survey_id>/seals/counting-key/", views_seals.counting_key, name="survey-seals-count"),
    path("surveys/<uuid:survey_id>/seals/task/<slug:name>/", views_seals.task, name="survey-seals-task"),
    path("surveys/<uuid:survey_id>/seals/result/", views_seals.result, name="survey-seals-result"),
    path("surveys/<uuid:survey_id>/codes/", views_codes.page, name="survey-codes"),
    path("surveys/<uuid:survey_id>/codes/print/", views_codes.printed, name="survey-codes-print"),
    path("surveys/<uuid:survey_id>/codes/mail/", views_codes.mailed, name="survey-codes-mail"),
    path("surveys/<uuid:survey_id>/kiosk/", views_codes.kiosk, name="survey-kiosk"),
    path("surveys/<uuid:survey_id>/handovers/", views_handover.page, name="survey-handovers"),
    path("surveys/handovers/<uuid:pile_id>/", views_handover.pile, name="survey-pile"),
    path("surveys/handovers/<uuid:pile_id>/here/", views_handover.here, name="survey-pile-here"),
    path("surveys/handovers/<uuid:pile_id>/draw/", views_handover.draw, name="survey-pile-draw"),
    path("surveys/handovers/<uuid:pile_id>/cancel/", views_handover.cancel, name="survey-pile-cancel"),
    path("surveys/handovers/<uuid:pile_id>/close/", views_handover.close, name="survey-pile-close"),
    path("surveys/<uuid:survey_id>/correction/", views_codes.erratum, name="survey-erratum"),
    path("surveys/<uuid:survey_id>/opening/", views_opening.page, name="survey-opening"),
    path("surveys/<uuid:survey_id>/opening/close/", views_opening.close, name="survey-opening-close"),
    path("surveys/<uuid:survey_id>/opening/task/<slug:name>/", views_opening.task, name="survey-opening-task"),
    path("surveys/<uuid:survey_id>/opening/result/", views_opening.result, name="survey-opening-result"),
    path("surveys/<uuid:survey_id>/opening/stop/", views_opening.stop, name="survey-opening-stop"),
    path("surveys/<uuid:survey_id>/opening/count/", views_opening.count, name="survey-opening-count"),
    path("surveys/<uuid:survey_id>/opening/export/", views_opening.export, name="survey-opening-export"),
    path("surveys/<uuid:survey_id>/opening/destroy/", views_opening.destroy, name="survey-opening-destroy"),
]
