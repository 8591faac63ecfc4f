"""Settings of the workbench; what a county changes is set by environment variables.

MINGCHA_DATA       folder of database, workspace, attachments and secret key (default ``mingcha-data`` here)
MINGCHA_DATABASE   PostgreSQL address ``postgresql://user:password@host:port/name``; without it SQLite in MINGCHA_DATA
MINGCHA_HOSTS      host names the workbench answers to, separated by commas (default: this machine alone)
MINGCHA_HTTPS      1 where it stands behind HTTPS: cookies are then sent over it alone
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

DATA = Path(os.environ.get("MINGCHA_DATA", "mingcha-data")).resolve()
WORKSPACE = DATA / "workspace"
ATTACHMENTS = DATA / "attachments"
INBOX = DATA / "inbox"


def _secret_key() -> str:
    """The key that signs sessions, made once and kept beside the database."""
    path = DATA / "secret.key"
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


def _database() -> dict[str, Any]:
    address = os.environ.get("MINGCHA_DATABASE", "")
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "workbench.sqlite3",
            # one writer at a time, who waits his turn instead of failing half way
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
            },
            "TEST": {"NAME": DATA / "test.sqlite3"},
        }
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("MINGCHA_DATABASE 应写成 postgresql://用户:口令@主机:端口/库名。")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
    }


SECRET_KEY = _secret_key()
DEBUG = False
_HOSTS = os.environ.get("MINGCHA_HOSTS", "localhost,127.0.0.1,[::1],testserver")
ALLOWED_HOSTS = [host for host in _HOSTS.split(",") if host]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_include_bootstrap",
    "django_static_remixicon",
    "django_tasks",
    "django_tasks_db",
    "mingcha_web.ui",
    "mingcha_web.access",
    "mingcha_web.audit",
    "mingcha_web.deadlines",
    "mingcha_web.uploads",
    "mingcha_web.runs",
    "mingcha_web.findings",
    "mingcha_web.cases",
    "mingcha_web.home",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mingcha_web.access.middleware.AccessMiddleware",
]
ROOT_URLCONF = "mingcha_web.site.urls"
WSGI_APPLICATION = "mingcha_web.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mingcha_web.ui.context.chrome",
            ],
            "builtins": ["django.templatetags.static", "mingcha_web.ui.templatetags.ui"],
        },
    }
]
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
# static files come straight from the packages that ship them: nothing has to be collected first
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("MINGCHA_HTTPS") == "1"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 200
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
#: Largest file an upload takes, in bytes; larger ones are refused before they are read whole.
UPLOAD_LIMIT = 512 * 1024 * 1024
ATTACHMENT_LIMIT = 20 * 1024 * 1024
CSRF_FAILURE_VIEW = "mingcha_web.ui.views.csrf_failure"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"mingcha_web": {"level": "INFO"}},
}
