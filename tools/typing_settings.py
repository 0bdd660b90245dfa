"""Django's settings as mypy's plugin reads them: types need no secret key."""

import os

os.environ.setdefault("JIRANI_SECRET_KEY", "not-a-secret")

from jirani.config.settings import *  # noqa: F403  (a module of settings is its names)
