"""Django's own commands for developers; operators use the `commonground` command."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.config.settings")
    execute_from_command_line(sys.argv)
