"""All settings, read from the environment; docs/operations.md explains each variable."""

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from django_guid.integrations import CeleryIntegration

from marketplace import environment

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(environment.text("DATA_DIR", str(BASE_DIR / "var"))).resolve()
for folder in ("broker/queue", "broker/processed", "broker/control", "media", "matching"):
    (DATA_DIR / folder).mkdir(parents=True, exist_ok=True)

# -- the site ---------------------------------------------------------------------------------------------
DEBUG = environment.flag("DEBUG", False)
SECRET_KEY = environment.secret("SECRET_KEY", DATA_DIR / "secret_key")
PORT = environment.integer("PORT", 8000, minimum=1, maximum=65535)
BIND = environment.text("BIND", "127.0.0.1")
WEB_WORKERS = environment.integer("WEB_WORKERS", 2, minimum=1, maximum=64)
SITE_URL = environment.url("SITE_URL", f"http://127.0.0.1:{PORT}", schemes=["http", "https"]).rstrip("/")
WAGTAILADMIN_BASE_URL = SITE_URL
SITE_REGION = environment.text("SITE_REGION", "金山区")
SITE_HOST = urlsplit(SITE_URL).hostname or "127.0.0.1"
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", [SITE_HOST, "127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
IS_SECURE = SITE_URL.startswith("https://")
# How many reverse proxies stand before the site: only what they add to X-Forwarded-For is believed.
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = environment.integer(
    "TRUSTED_PROXIES", 0, minimum=0, maximum=5
)
ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    "marketplace",
    "cms",
    "matching",
    "search",
    "catalog",
    "notices",
    "accounts",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "accounts.apps.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "marketplace.wagtail_admin.AdminConfig",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_htmx",
    "django_guid",
    "ninja",
    "django_celery_beat",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]
FORM_RENDERER = "marketplace.rendering.FormRenderer"

MIDDLEWARE = [
    "django_guid.middleware.guid_middleware",
    "marketplace.metrics.measured",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "marketplace.language.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "marketplace.context_processors.site",
            ],
        },
    },
]

# -- database ---------------------------------------------------------------------------------------------
DATABASE_URL = environment.url(
    "DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}", schemes=["sqlite", "postgres", "postgresql"]
)
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if IS_SQLITE:
    # Without these, web, worker and scheduler lock each other out of the file.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

# -- background work --------------------------------------------------------------------------------------
REDIS_URL = environment.url("REDIS_URL", "", schemes=["redis", "rediss"])
CELERY_BROKER_URL = REDIS_URL or "folder://localhost"
# A stale connection is tried once more; a page does not wait for a broker that is away.
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "socket_keepalive": True,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "broker/queue"),
        "data_folder_out": str(DATA_DIR / "broker/queue"),
        "processed_folder": str(DATA_DIR / "broker/processed"),
        "control_folder": str(DATA_DIR / "broker/control"),
        "store_processed": False,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_ALWAYS_EAGER = environment.flag("TASKS_EAGER", False)
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_TIME_LIMIT = 3600
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE = {
    "worker-heartbeat": {"task": "marketplace.tasks.beat_heart", "schedule": 30.0},
    "send-due-messages": {"task": "notices.tasks.send_due_messages", "schedule": 60.0},
    "learn": {"task": "matching.tasks.learn_from_feedback", "schedule": crontab(hour=2, minute=40)},
    "make-up-lists": {"task": "matching.tasks.make_up", "schedule": 300.0},
    "match-all": {"task": "matching.tasks.match_all", "schedule": crontab(hour=3, minute=10)},
    "resume-matching": {"task": "matching.tasks.resume_matching", "schedule": 120.0},
    "update-search": {"task": "search.tasks.update_index", "schedule": 60.0},
    "alert-saved-searches": {"task": "search.tasks.alert_saved_searches", "schedule": 60.0},
    "rebuild-search": {"task": "search.tasks.rebuild_search", "schedule": crontab(hour=3, minute=40)},
    "resume-imports": {"task": "catalog.tasks.resume_imports", "schedule": 300.0},
    "remove-held-files": {"task": "accounts.tasks.remove_held_files", "schedule": crontab(hour=4, minute=20)},
    "remind-suppliers": {"task": "catalog.tasks.remind_suppliers", "schedule": crontab(hour=8, minute=30)},
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
if REDIS_URL:
    # While Redis is away, limits on log-ins and signs of life go on in the database.
    CACHES["fallback"] = CACHES["default"]
    CACHES["default"] = {
        "BACKEND": "marketplace.cache.Cache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }

# -- matching ---------------------------------------------------------------------------------------------
MATCHING_DIR = DATA_DIR / "matching"
MATCHING_CANDIDATES = environment.integer("MATCHING_CANDIDATES", 0, minimum=0, maximum=10_000)
MATCHING_NEEDS_PER_TASK = environment.integer("MATCHING_NEEDS_PER_TASK", 2_000, minimum=1, maximum=1_000_000)
LEARNING_MIN_ROWS = environment.integer("LEARNING_MIN_ROWS", 200, minimum=20, maximum=1_000_000)
LEARNING_MIN_ORGANISATIONS = environment.integer("LEARNING_MIN_ORGANISATIONS", 20, minimum=2, maximum=100_000)

# -- search -----------------------------------------------------------------------------------------------
ELASTICSEARCH_URL = environment.url("ELASTICSEARCH_URL", "", schemes=["http", "https"], needs_host=True)
ELASTICSEARCH_USER = environment.text("ELASTICSEARCH_USER")
ELASTICSEARCH_PASSWORD = environment.text("ELASTICSEARCH_PASSWORD")
ELASTICSEARCH_CA = environment.file("ELASTICSEARCH_CA")
ELASTICSEARCH_PREFIX = environment.name_part("ELASTICSEARCH_PREFIX", "marketplace")
ELASTICSEARCH_TIMEOUT_MS = environment.integer("ELASTICSEARCH_TIMEOUT_MS", 700, minimum=50, maximum=10_000)
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backend"}}

# -- people -----------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/workspace/"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.login.SignupForm",
    "login": "accounts.forms.login.LoginForm",
    "confirm_login_code": "accounts.forms.login.LoginCodeForm",
    "confirm_email_verification_code": "accounts.forms.login.EmailCodeForm",
    "verify_phone": "accounts.forms.login.PhoneCodeForm",
}
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
# The sign-up form asks for one of e-mail and phone; officials need not have a phone.
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone", "password1*", "password2*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = str
ACCOUNT_RATE_LIMITS = {"verify_phone": "1/60s/key,10/m/ip", "signup": "20/m/ip,200/d/ip"}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_SECURE else "http"

# -- mail -------------------------------------------------------------------------------------------------
EMAIL_URL = environment.url("EMAIL_URL", "console://", schemes=["console", "smtp", "smtps"])
_mail = urlsplit(EMAIL_URL)
EMAIL_BACKEND = (
    "marketplace.mail.EmailBackend"
    if _mail.scheme == "console"
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.username or "", _mail.password or ""
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_TIMEOUT = 20
SMS_URL = environment.url("SMS_URL", "console://", schemes=["console", "https", "http"])
DEFAULT_FROM_EMAIL = environment.text("MAIL_FROM", f"节能技术对接平台 <no-reply@{SITE_HOST}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# -- language and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "marketplace/locale", BASE_DIR / "marketplace/locale_supplement"]
WAGTAIL_CONTENT_LANGUAGES = WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# -- files ------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(environment.text("STATIC_DIR", str(DATA_DIR / "static")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "private"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
UPLOAD_LIMIT_MB = environment.integer("UPLOAD_LIMIT_MB", 30, minimum=1, maximum=500)
IMPORT_MAX_ROWS = environment.integer("IMPORT_MAX_ROWS", 10_000, minimum=1, maximum=200_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# -- security ---------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_SECURE
# Whoever asks for these on the inner network speaks plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CSRF_FAILURE_VIEW = "marketplace.errors.csrf_failure"
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # Wagtail's preview shows pages in a frame of the same origin.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/", "/api/v1/docs"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

METRICS_TOKEN = environment.text("METRICS_TOKEN")
METRICS_PORT = environment.integer("METRICS_PORT", 0, minimum=0, maximum=65535)

# -- Wagtail ----------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = _("节能技术对接平台")
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "catalog.approval.publish_approved"
WAGTAIL_USER_TIME_ZONES = ["Asia/Shanghai"]
WAGTAILADMIN_LOGIN_URL = "admin_login"
WAGTAIL_PASSWORD_RESET_ENABLED = WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_I18N_ENABLED = False

# -- log --------------------------------------------------------------------------------------------------
LOG_LEVEL = environment.choice("LOG_LEVEL", "INFO", ["DEBUG", "INFO", "WARNING", "ERROR"])
LOG_FORMAT = environment.choice("LOG_FORMAT", "line", ["line", "json"])
# One id for a request and for every task that it sets off; a proxy's own is taken over when it is a UUID.
DJANGO_GUID = {"GUID_HEADER_NAME": "X-Request-ID", "INTEGRATIONS": [CeleryIntegration()]}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request": {"()": "django_guid.log_filters.CorrelationId", "correlation_id_field": "request_id"}
    },
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s", "datefmt": "%H:%M:%S"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "%(levelname)s %(name)s %(message)s %(request_id)s",
            "rename_fields": {"levelname": "level", "name": "logger"},
            "static_fields": {"process": environment.process_name()},
            "timestamp": "time",
            "json_ensure_ascii": False,
        },
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request"]},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False},
        # One line for each beat of the scheduler would bury the rest; tasks log what they did.
        "marketplace.requests": {"level": LOG_LEVEL if LOG_FORMAT == "json" else "WARNING"},
        **{
            name: {"level": "WARNING"}
            for name in (
                "django_guid",
                "celery.beat",
                "celery.worker.strategy",
                "celery.app.trace",
                "django_tasks",
                "elastic_transport",
            )
        },
    },
}
