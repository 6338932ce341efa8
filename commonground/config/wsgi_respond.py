"""The WSGI application of the respondents' door."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "commonground.config.settings_respond"
application = get_wsgi_application()
