"""The WSGI application of the signed-in door."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "commonground.config.settings"
application = get_wsgi_application()
