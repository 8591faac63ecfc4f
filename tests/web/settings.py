"""Settings of the tests: a data folder of their own for each process, a fast password hasher, tasks that run at once.

MINGCHA_TEST_DATABASE   PostgreSQL address on which the tests run instead of SQLite (see ``tests/web/postgres.py``)
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

# before the real settings read them: no test ever touches a county's data folder or database
_DATA = tempfile.mkdtemp(prefix="mingcha-test-data-")
_OWNER = os.getpid()
os.environ["MINGCHA_DATA"] = _DATA
os.environ["MINGCHA_DATABASE"] = os.environ.get("MINGCHA_TEST_DATABASE", "")
os.environ.pop("MINGCHA_HTTPS", None)
os.environ.pop("MINGCHA_HOSTS", None)

from mingcha_web.site.settings import *  # noqa: E402, F403
from mingcha_web.site.settings import STATIC_ROOT  # noqa: E402

STATIC_ROOT.mkdir(exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# rows of tests come and go without the steps by which kept figures know that work moved on
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
# on-commit work and tasks are started by the test that wants them
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}}


@atexit.register
def _remove_data() -> None:
    if os.getpid() == _OWNER:
        shutil.rmtree(_DATA, ignore_errors=True)
