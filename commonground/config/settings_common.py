"""What both doors share."""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from commonground.config import environment

ENVIRONMENT = environment.read()
ENVIRONMENT.folder.mkdir(parents=True, exist_ok=True)
PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent

SECRET_KEY = ENVIRONMENT.secret()
DEBUG = False
SITE_HOST = urlsplit(ENVIRONMENT.site_url).hostname or "localhost"
RESPOND_HOST = urlsplit(ENVIRONMENT.respond_url).hostname or "127.0.0.1"
SECURE = ENVIRONMENT.site_url.startswith("https:")

RESPONSES_DATABASE = environment.database(ENVIRONMENT.responses_database, ENVIRONMENT.folder / "responses.sqlite3")
DATABASE_ROUTERS = ["commonground.config.routers.TwoDatabases"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.folder / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 600
STATICFILES_DIRS = [ROOT / "static"]

FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 26 * 1024 * 1024

SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []
