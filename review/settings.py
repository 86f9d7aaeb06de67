"""Django's settings. What differs from office to office comes from the environment (``review/README.md`` lists it)."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from review.configure import ADDRESS_VARIABLE
from review.database import database_settings

HERE = Path(__file__).parent


def _given(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "yes", "true", "on"}


ADDRESS = os.environ.get(ADDRESS_VARIABLE)
# Without an address Django can still be imported and type-checked; `configure` is what insists on one.
DATABASES: dict[str, dict[str, Any]] = {"default": database_settings(ADDRESS)} if ADDRESS else {}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The night and the commands need no secret; the site does not start without one.
NO_SECRET = "unset: the site refuses to start"  # noqa: S105
SECRET_KEY = os.environ.get("HEDUI_SECRET_KEY") or NO_SECRET
DEBUG = False
ALLOWED_HOSTS = [host.strip() for host in os.environ.get("HEDUI_HOSTS", "localhost,127.0.0.1").split(",")]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "review.accounts.apps.AccountsConfig",
    "review.apps.ReviewConfig",
]
MIDDLEWARE = [
    "review.site.error_log.RequestIdMiddleware",
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
    "review.site.drafts.WriterMiddleware",
    "review.site.request_limits.RequestLimitsMiddleware",
    "axes.middleware.AxesMiddleware",
    "review.accounts.first_password.FirstPasswordMiddleware",
    # Innermost, around the view alone: everything above runs before the site's role is taken, and after it.
    "review.walls.middleware.WallsMiddleware",
]
ROOT_URLCONF = "review.site.urls"
WSGI_APPLICATION = "review.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "site" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "review.site.navigation.navigation",
            ]
        },
    }
]
CSRF_FAILURE_VIEW = "review.site.error_pages.form_expired"
# What a form may hold in memory; review.site.request_limits refuses larger ones before they are read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# Django's own lines quote what was sent, axes' the names that were typed; review.site.error_log says what is needed.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {name: {"level": "CRITICAL"} for name in ("django", "django.server", "axes")},
}
STATIC_URL = "static/"
STATICFILES_DIRS = [HERE / "site" / "static"]
# Served from the folder above as it is: nothing to collect, no cache to warm, no host outside.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

AUTH_USER_MODEL = "accounts.Account"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign_in"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# By name, so that nobody guesses from many machines; the office behind one address is not locked out with them.
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_TEMPLATE = "locked_out.html"

HTTPS = not _given("HEDUI_PLAIN_HTTP")
SESSION_COOKIE_AGE = int(os.environ.get("HEDUI_SESSION_MINUTES", "30")) * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if _given("HEDUI_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("HEDUI_ORIGINS", "").split(",") if origin]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Single sign-on by OpenID Connect, when an issuer is named. It opens accounts that exist; it never makes one.
SINGLE_SIGN_ON = bool(os.environ.get("HEDUI_OIDC_CLIENT_ID"))
if SINGLE_SIGN_ON:
    INSTALLED_APPS.append("mozilla_django_oidc")
    AUTHENTICATION_BACKENDS.append("review.accounts.single_sign_on.SingleSignOn")
    OIDC_RP_CLIENT_ID = os.environ["HEDUI_OIDC_CLIENT_ID"]
    OIDC_RP_CLIENT_SECRET = os.environ["HEDUI_OIDC_CLIENT_SECRET"]
    OIDC_RP_SIGN_ALGO = os.environ.get("HEDUI_OIDC_ALGORITHM", "RS256")
    OIDC_OP_AUTHORIZATION_ENDPOINT = os.environ["HEDUI_OIDC_AUTHORIZATION_URL"]
    OIDC_OP_TOKEN_ENDPOINT = os.environ["HEDUI_OIDC_TOKEN_URL"]
    OIDC_OP_USER_ENDPOINT = os.environ["HEDUI_OIDC_USER_URL"]
    OIDC_OP_JWKS_ENDPOINT = os.environ["HEDUI_OIDC_KEYS_URL"]
    OIDC_USE_PKCE = True
    OIDC_CREATE_USER = False
    OIDC_USERNAME_CLAIM = os.environ.get("HEDUI_OIDC_USERNAME_CLAIM", "preferred_username")
    OIDC_RP_SCOPES = "openid profile"
    LOGIN_REDIRECT_URL_FAILURE = "/sign-in/"

TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
# The compiled catalogue is committed: a fresh machine has neither msgfmt nor a build step to run it in.
LOCALE_PATHS = [HERE / "locale"]
# Dates as they are written in the registers and in the law's forms, in both languages.
FORMAT_MODULE_PATH = ["review.site.formats"]

# Days without an act after which an open case counts as stale.
STALE_DAYS = int(os.environ.get("HEDUI_STALE_DAYS", "30"))
