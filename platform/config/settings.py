"""One settings file for the demo, the tests and production; the environment decides (docs/operations.md)."""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

# --- Which profile: real Stripe, or the demo with its sandbox -------------------------------------------------

STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY")
DEMO = not STRIPE_SECRET_KEY
# Where the demo may be; "testserver" is the name that Django's test client calls.
LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1", "testserver"}
DEBUG = env.flag("DEBUG", default=DEMO)
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
SITE_URL = env.text("SITE_URL").rstrip("/")
STRIPE_API_BASE = env.text("STRIPE_API_BASE").rstrip("/")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET")
EMAIL_URL = env.text("EMAIL_URL")
DEMO_CLOCK = env.text("DEMO_CLOCK")

if DEMO:
    if not DEBUG:
        env.require({"STRIPE_SECRET_KEY": False}, "DEBUG=0")
    # A lost key must not open the demo's doors (its outbox, its second factor, DEBUG) on a site that others reach.
    _named = {*ALLOWED_HOSTS, urlsplit(SITE_URL).hostname or SITE_URL or "localhost"}
    if strangers := sorted(_named - LOOPBACK):
        env.require({"STRIPE_SECRET_KEY": False}, f"A site at {', '.join(strangers)}")
    # Public by intent: they protect nothing but a demo on the loopback address.
    SECRET_KEY = SECRET_KEY or "the-demo-keeps-no-secrets"
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "testserver"]
    SITE_URL = SITE_URL or "http://localhost:8000"
    STRIPE_SECRET_KEY = "sk_test_sandbox"
    STRIPE_API_BASE = STRIPE_API_BASE or "http://127.0.0.1:4242"
    STRIPE_WEBHOOK_SECRET = STRIPE_WEBHOOK_SECRET or "whsec_sandbox"
    DEMO_CLOCK = DEMO_CLOCK or str(VAR_DIR / "demo.clock")
else:
    env.require(
        {
            "SECRET_KEY": bool(SECRET_KEY),
            "ALLOWED_HOSTS": bool(ALLOWED_HOSTS),
            "SITE_URL (https)": SITE_URL.startswith("https://"),
            "STRIPE_WEBHOOK_SECRET": bool(STRIPE_WEBHOOK_SECRET),
            "EMAIL_URL": bool(EMAIL_URL),
        },
        "STRIPE_SECRET_KEY",
    )
    if STRIPE_API_BASE:
        raise ImproperlyConfigured("STRIPE_API_BASE is for the demo's sandbox; unset it to talk to Stripe itself.")
    if DEMO_CLOCK:
        raise ImproperlyConfigured("DEMO_CLOCK moves time and is for the demo; unset it.")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG=1 would show the site's insides to strangers; unset it beside real Stripe.")

STRIPE_LIVEMODE = STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))

# --- Applications ------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "frontend",
    "accounts",
    "events",
    "outreach",
    "outreach.volunteers",
    "outreach.news",
    "screens",
    "registration",
    "teams",
    "fundraisers",
    "donations.ledger",
    "donations.bank",
    "donations.payments",
    "donations.giving",
    "donations.disbursements",
    "people",
    "pages",
    "desk",
    "operations",
]
if DEMO:
    INSTALLED_APPS += ["stripe_sandbox", "demo"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

if DEMO:
    MIDDLEWARE.insert(MIDDLEWARE.index("csp.middleware.CSPMiddleware") + 1, "demo.middleware.own_not_found")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False
# The site stands at the root. Without this gunicorn lets a header name another prefix (SCRIPT_NAME: //), and a page
# drawn with its broken links would be kept for everybody.
FORCE_SCRIPT_NAME = ""
# No form takes a file, so none is written to the disk: Django would keep any size, for anybody with a form's token.
FILE_UPLOAD_HANDLERS: list[str] = []
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "frontend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                # Lazy: the session is only touched where a template shows messages.
                "django.contrib.messages.context_processors.messages",
                "frontend.context.site",
            ],
            "builtins": ["frontend.templatetags.look", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# --- Database ----------------------------------------------------------------------------------------------

DATABASE_URL = env.text("DATABASE_URL")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if DATABASE_URL:
    DATABASES = {"default": dict(dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True))}
else:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            # The demo begins by deleting its file, so it never has the name of a real one.
            "NAME": VAR_DIR / ("demo.sqlite3" if DEMO else "site.sqlite3"),
            # A connection a thread: opening one costs more than reading a kept page's version.
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # IMMEDIATE takes the write lock when a transaction begins: no upgrade in the middle, no deadlock.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # Recursive triggers: INSERT OR REPLACE fires the ledger's delete triggers (docs/books.md).
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
            },
        }
    }
    if sqlite3.sqlite_version_info < (3, 35):
        raise ImproperlyConfigured("SQLite is older than 3.35; set DATABASE_URL to a PostgreSQL database.")

# --- Redis, Celery -----------------------------------------------------------------------------------------

REDIS_URL = env.text("REDIS_URL")
CACHES: dict[str, dict[str, Any]]
if REDIS_URL:
    _patience = {"socket_timeout": 1, "socket_connect_timeout": 1}
    _redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "OPTIONS": _patience}
    CACHES = {"default": _redis, "pages": {**_redis, "KEY_PREFIX": "pages"}}
else:
    _memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2000}}
    # Pages have a shelf of their own: who asks for many of them must not push out what the limits of sign-in counted.
    CACHES = {"default": {**_memory, "LOCATION": "limits"}, "pages": {**_memory, "LOCATION": "pages"}}
# Each process keeps the share cards that it drew, some 80 KB each: to carry one to Redis costs more than it saves.
CACHES["cards"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "cards",
    "OPTIONS": {"MAX_ENTRIES": 200},
}

CELERY_BROKER_URL = REDIS_URL or None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# The row is the queue: a lost message costs a second, not a gift, so publishing gives up at once (common/tasks.py).
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 2, "socket_connect_timeout": 1, "max_retries": 0}
CELERY_BEAT_SCHEDULE = {
    "inbox": {"task": "giving.drain_inbox", "schedule": 10},
    "outbox": {"task": "outreach.send_outbox", "schedule": 10},
    "letters": {"task": "news.send_letters", "schedule": 10},
    "feed": {"task": "payments.sync_feed", "schedule": 60},
    "sweep": {"task": "giving.sweep", "schedule": 300},
    "transfers": {"task": "disbursements.send_transfers", "schedule": 300},
    "check": {"task": "giving.check_books", "schedule": 600},
    "race": {"task": "giving.carry_out", "schedule": 30},
    "registration": {"task": "registration.tend", "schedule": 60},
    "pages": {"task": "fundraisers.tend", "schedule": 300},
    "volunteers": {"task": "volunteers.remind", "schedule": 300},
    "boards": {"task": "fundraisers.refresh_boards", "schedule": 60},
    "retention": {"task": "people.retain", "schedule": 86_400},
}

# --- Mail --------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Not In Our City 5K <hello@notinourcity.example>")
if EMAIL_URL:
    _mail = dj_email_url.parse(EMAIL_URL)
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
    EMAIL_FILE_PATH = _mail["EMAIL_FILE_PATH"]
else:
    # The demo's own backend: a line on the console, and the local outbox page shows the mail.
    EMAIL_BACKEND = "outreach.mailbox.DemoBackend"
EMAIL_TIMEOUT = 10
MAIL_DOMAIN = SITE_URL.split("//")[-1].split(":")[0]

# --- Open API ----------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    # A session opens nothing here, so none is read and no cookie varies an answer.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_METADATA_CLASS": None,
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "common.api.problem",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.1",
    "TITLE": "The race, to read",
    "DESCRIPTION": "Runners, teams, gifts, leaderboards and where the money is. No key is needed, any site may ask, and"
    " every answer has an ETag: ask again with If-None-Match. Amounts are integer cents. Lists come in pages; follow"
    " `next`. Errors have a sentence in `detail`.",
    "VERSION": "1",
    "SERVERS": [{"url": SITE_URL}],
    "SORT_OPERATIONS": False,
}

# --- People ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/me"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
# The only way in besides a passkey is a code sent to the address, so there is nothing left to verify.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# A family or a stadium signs in from one address, so limits per address of the network are wide. Limits per e-mail
# address are narrow: they hold mails (also those to unknown accounts) and guesses, from however many places.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "30/m/ip,300/h/ip,5/5m/key,20/h/key",
    "login_failed": "30/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
}
# Exactly one proxy of ours stands in front in production, the one SECURE_PROXY_SSL_HEADER trusts as well; it appends
# the address it sees, so what a visitor writes into X-Forwarded-For counts for nothing.
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if DEMO else 1

MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "30/m/ip"}
if DEMO:
    # Staff of the demo type this instead of an authenticator's code. allauth refuses to run with it unless DEBUG is
    # on, and DEBUG is refused beside real Stripe, so it cannot reach production.
    MFA_TOTP_INSECURE_BYPASS_CODE = "000000"
# How long a second factor counts as fresh for acts that touch money.
FRESH_MFA_SECONDS = 15 * 60

# How long nobody needs less than, to fill in a give form. The demo's donors are a script and do not wait.
FORM_SECONDS = 0 if DEMO else 2

# --- Browser-facing security -------------------------------------------------------------------------------

CHECKOUT_ORIGIN = STRIPE_API_BASE or "https://checkout.stripe.com"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # Chromium applies form-action to the redirect after the post, too: the hosted page has to be named.
        "form-action": [SELF, CHECKOUT_ORIGIN],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "pages.views.csrf_failure"
if not DEMO:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    # A load balancer asks the process itself, without TLS.
    SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Language, time, files ---------------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English")]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# Joins the style sheet when it is looked for, in development and for collectstatic.
STATICFILES_FINDERS = ["frontend.stylesheets.Finder"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = VAR_DIR / "media"
# Who may read /metrics, as `Authorization: Bearer`; without it there is no such page.
METRICS_TOKEN = env.text("METRICS_TOKEN")
BACKUP_DIR = Path(env.text("BACKUP_DIR", str(VAR_DIR / "backups")))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "common.logs.WithoutLinks", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
