"""The respondents' door: no session, no sign-in, no log of a visit, and the `responses` database only."""

from commonground.config.settings_common import *  # noqa: F403
from commonground.config.settings_common import RESPOND_HOST, RESPONSES_DATABASE, ROOT

DATABASES = {
    "default": {"ENGINE": "django.db.backends.dummy"},
    "responses": RESPONSES_DATABASE,
}
ALLOWED_HOSTS = [RESPOND_HOST]
ROOT_URLCONF = "commonground.config.urls_respond"
WSGI_APPLICATION = "commonground.config.wsgi_respond.application"
INSTALLED_APPS = ["commonground.responses", "commonground.kernel", "django.contrib.staticfiles"]
MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "commonground.responses.middleware.RespondentsDoor",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates" / "respond", ROOT / "templates"],
        "APP_DIRS": True,
    }
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
LOGGING = {
    "version": 1,
    "disable_existing_loggers": True,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "CRITICAL"},
    "loggers": {"django": {"handlers": [], "level": "CRITICAL", "propagate": False}},
}
