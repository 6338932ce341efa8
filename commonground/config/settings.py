"""The signed-in door: people with a role, both databases."""

from csp.constants import NONE, SELF

from commonground.config import environment
from commonground.config.settings_common import *  # noqa: F403
from commonground.config.settings_common import ENVIRONMENT, RESPONSES_DATABASE, ROOT, SECURE, SITE_HOST

DATABASES = {
    "default": environment.database(
        ENVIRONMENT.database, ENVIRONMENT.folder / "commonground.sqlite3", "commonground.config.postgresql"
    ),
    "responses": RESPONSES_DATABASE,
}
ALLOWED_HOSTS = [SITE_HOST]
ROOT_URLCONF = "commonground.config.urls"
WSGI_APPLICATION = "commonground.config.wsgi.application"

INSTALLED_APPS = [
    "commonground.home",
    "commonground.insights",
    "commonground.comments",
    "commonground.comparisons",
    "commonground.counts",
    "commonground.surveys",
    "commonground.releases",
    "commonground.agreements",
    "commonground.partnership",
    "commonground.approvals",
    "commonground.people",
    "commonground.ledger",
    "commonground.keeping",
    "commonground.access",
    "commonground.responses",
    "commonground.kernel",
    "allauth",
    "allauth.account",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "template_partials",
]
MIDDLEWARE = [
    "commonground.kernel.octets.WithoutCookies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "commonground.partnership.middleware.ActorMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "commonground.home.context.frame",
            ],
        },
    }
]

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "welcome"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {
    "request_login_code": "commonground.people.forms.MailboxForm",
    "confirm_login_code": "commonground.people.forms.CodeForm",
}
ACCOUNT_ADAPTER = "commonground.people.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
"""Both doors listen on this machine only, so that nobody but the proxy says this."""
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": [],
    }
}

DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from
EMAIL_BACKEND, _MAIL = environment.mail(ENVIRONMENT.mail)
EMAIL_HOST, EMAIL_PORT = _MAIL.get("host", "localhost"), _MAIL.get("port", 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.get("user", ""), _MAIL.get("password", "")
EMAIL_USE_TLS = _MAIL.get("tls", False)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
