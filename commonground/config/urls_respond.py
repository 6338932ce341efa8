"""Addresses of the respondents' door."""

from django.urls import URLPattern, URLResolver, path, re_path

from commonground.responses import views, views_pass

SURVEY = r"^s/(?P<survey>[0-9a-f]{32})/(?P<language>en|es)/"
COUNTS = r"^c/(?P<count>[0-9a-f]{32})/(?P<language>en|es)/"

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(SURVEY + "$", views.survey, name="respond-survey"),
    re_path(SURVEY + "receipt/$", views.receipt, name="respond-receipt"),
    re_path(SURVEY + r"own-copy\.zip$", views.own_copy_file, name="respond-own-copy"),
    re_path(SURVEY + "protection/$", views.protected, name="respond-protection"),
    re_path(SURVEY + "why/$", views.why, name="respond-why"),
    re_path(SURVEY + "list/$", views.board_page, name="respond-list"),
    re_path(SURVEY + "list/proof/$", views.proof, name="respond-proof"),
    re_path(SURVEY + r"list/(?P<which>answers|receipts|signatures)\.txt$", views.lines, name="respond-lines"),
    re_path(SURVEY + "results/$", views.results, name="respond-results"),
    re_path(SURVEY + r"results/release\.json$", views.release, name="respond-release"),
    re_path(SURVEY + r"results/release\.certificate\.npz$", views.certificate, name="respond-certificate"),
    re_path(
        SURVEY + r"results/release-(?P<number>[1-9][0-9]{0,3})\.certificate\.npz$",
        views.certificate,
        name="respond-certificate-later",
    ),
    re_path(SURVEY + r"results/comments\.json$", views.comments, name="respond-comments"),
    re_path(SURVEY + r"results/(?P<number>[1-9][0-9]{0,3})/$", views.results_later, name="respond-results-later"),
    re_path(
        SURVEY + r"results/release-(?P<number>[1-9][0-9]{0,3})\.json$",
        views.release_later,
        name="respond-release-later",
    ),
    re_path(r"^s/(?P<survey>[0-9a-f]{32})/paper\.json$", views_pass.paper, name="respond-paper"),
    re_path(r"^s/(?P<survey>[0-9a-f]{32})/errata\.json$", views_pass.errata, name="respond-errata"),
    re_path(r"^s/(?P<survey>[0-9a-f]{32})/answer/$", views_pass.answer, name="respond-answer"),
    re_path(r"^s/(?P<survey>[0-9a-f]{32})/codes/$", views_pass.codes, name="respond-codes"),
    re_path(r"^s/(?P<survey>[0-9a-f]{32})/client/(?P<name>[a-z_.-]+)$", views_pass.client, name="respond-client"),
    re_path(r"^s/(?P<survey>[0-9a-f]{32})/$", views.without_language, name="respond-without-language"),
    re_path(COUNTS + "$", views.counts, name="respond-counts"),
    re_path(COUNTS + r"release\.json$", views.counts_release, name="respond-counts-release"),
    re_path(COUNTS + r"release\.certificate\.npz$", views.counts_certificate, name="respond-counts-certificate"),
    re_path(r"^(?P<language>en|es)/$", views.index, name="respond-index"),
    path("", views.index, name="respond-home"),
]

handler500 = views.broken
