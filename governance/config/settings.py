"""Django's settings. What differs between installations comes through env.py; nothing here reads os.environ."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONCE, NONE, SELF  # noqa: F401

from governance.config import languages, logs
from governance.config.env import broker_url, database_settings, database_urls, email_settings, env

BASE_DIR = Path(__file__).resolve().parents[2]
ENV = env()
PRODUCTION = ENV.is_production

SECRET_KEY = ENV.secret_key
DEBUG = False
ALLOWED_HOSTS = list(ENV.allowed_hosts)
SENIM_HOME = ENV.home
SENIM_URL = ENV.url
SENIM_BELL = "governance.config.sweep.ring"
SENIM_PROXIES = ENV.proxies
SENIM_ISOLATION = ENV.isolation
SENIM_RUN_SLOTS = ENV.run_slots
SENIM_KEEP_ROWS_AT_MOST = ENV.keep_rows_at_most
SENIM_METRICS_TOKEN = ENV.metrics_token

INSTALLED_APPS = [
    "governance.config",
    "governance",
    "monitoring",
    "audits",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "csp",
    "ninja",
]

MIDDLEWARE = [
    "governance.config.probes.probes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "governance.config.middleware.request_id",
    "governance.config.access.seen",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "governance.config.middleware.size",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "governance.config.middleware.who_asks",
    "governance.config.middleware.refusals",
]

ROOT_URLCONF = "governance.config.urls"
WSGI_APPLICATION = "governance.config.wsgi.application"
ASGI_APPLICATION = "governance.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "governance.config.context.house",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "governance.templatetags.senim",
                "governance.templatetags.blocks",
                "governance.templatetags.charts",
            ],
        },
    }
]

# Two ways in: the runtime role serves, the owner role migrates. Only `owner` is ever migrated.
_runtime, _owner = database_urls()
DATABASES = {
    "default": database_settings(_runtime) | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True},
    "owner": database_settings(_owner),
}
_announced = (
    "-c senim.actor=system:migrate -c senim.action=schema.migrated -c senim.reads=* -c senim.writes=*"
)
DATABASES["owner"].setdefault("OPTIONS", {})["options"] = _announced
DATABASE_ROUTERS = ["governance.config.routing.OwnerMigrates"]

AUTH_USER_MODEL = "governance.User"
AUTHENTICATION_BACKENDS = ["governance.people.recognition.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 2

LANGUAGE_CODE = "kk"
LANGUAGES = list(languages.LANGUAGES)
LOCALE_PATHS = [BASE_DIR / "governance" / "locale"]
FORMAT_MODULE_PATH = ["governance.config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Almaty"
languages.ensure_compiled()

STATIC_URL = "/static/"
STATIC_ROOT = ENV.home / "static" if PRODUCTION else None  # elsewhere files are served from where they lie
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "governance.config.refusing.csrf_failure"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    if SENIM_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
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
        "manifest-src": [SELF],
        "report-uri": "/csp-report/",
    }
}

# Without a mail server, mail is kept as files: in a log it would put addresses and links that open an account.
EMAIL_BACKEND = "governance.config.kept_mail.KeptMail"
EMAIL_FILE_PATH = str(ENV.home / "mail")
if ENV.email_url:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    globals().update(email_settings(ENV.email_url))
DEFAULT_FROM_EMAIL = ENV.email_from

FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
SENIM_LARGEST_UPLOAD = ENV.largest_upload << 20

CELERY_BROKER_URL = broker_url()
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "monitoring.sources.tasks.work": {"queue": "outside"},
    "monitoring.mlflow_link.tasks.poll": {"queue": "outside"},
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 3600
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 2 * 3600,
    "unacked_restore_interval": 30,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "max_retries": 0,  # whoever rings does not wait for a broker that is away: the next round finds what is behind
}
CELERY_BEAT_SCHEDULER = "governance.config.rounds:Rounds"
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "governance.config.sweep.sweep_all",
        "schedule": 10.0,
        "options": {"expires": 10.0},  # a worker that was away does one round, not all that it has missed
    },
    **{
        f"pulse-{queue}": {
            "task": "governance.config.pulse.feel",
            "args": [queue],
            "schedule": 20.0,
            "options": {"queue": queue, "expires": 20.0},
        }
        for queue in ("default", "checks", "outside")  # pulse.QUEUES
    },
}
CELERY_TIMEZONE = TIME_ZONE

LOGGING = logs.CONFIGURATION
