"""A pytest plugin: tests live in a data folder of their own, mail stays in memory, background work runs at once."""

import os
import tempfile

os.environ.setdefault("COMMONGROUND_DATA", tempfile.mkdtemp(prefix="commonground-test-"))
os.environ.setdefault("COMMONGROUND_MAIL", "memory:")
os.environ.setdefault("COMMONGROUND_DEVELOPMENT", "yes")
