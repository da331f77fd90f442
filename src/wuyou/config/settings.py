"""Every setting of Wuyou, read from the environment once, with a clear error at start when one is wrong."""

import secrets
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import environs
from django.utils.translation import gettext_lazy as _

from wuyou.config import logs

env = environs.Env(prefix="WUYOU_")

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(env.str("HOME", ".wuyou")).expanduser().resolve()
HOME.mkdir(parents=True, exist_ok=True)


def _secret(name: str) -> str:
    """The secret from the environment, else one made at first start and kept in HOME, readable by the owner only."""
    given: str = env.str(name.upper().replace("-", "_"), "")
    if given:
        return given
    path = HOME / f"{name}.txt"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="utf8")
    return path.read_text(encoding="utf8").strip()


# --- where it runs
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = _secret("secret-key")
DATA_KEY = _secret("data-key")  # encrypts personal data at rest; losing it loses phones and identity numbers
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
HTTPS = env.bool("HTTPS", False)
BASE_URL = env.str("BASE_URL", "http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS: list[str] = env.list("TRUSTED_ORIGINS", [])
METRICS_TOKEN = env.str("METRICS_TOKEN", "")  # who shows it may read /metrics from elsewhere

# --- HTTPS: cookies, redirect and HSTS go together
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0
if env.bool("BEHIND_PROXY", False):  # only where a proxy sets (and so overwrites) this header
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

# --- logs: JSON for machines, plain text for a person at a terminal
LOG_JSON = env.str("LOG_FORMAT", "console" if sys.stderr.isatty() else "json") == "json"
LOGGING = logs.configuration(as_json=LOG_JSON, level=env.str("LOG_LEVEL", "INFO" if LOG_JSON else "WARNING"))

# --- what it is made of: kernel and domains from the bottom to the top, then the ways in
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "treebeard",
    "django_htmx",
    "django_filters",
    "django_vite",
    "csp",
    "wuyou.kernel.numbering",
    "wuyou.kernel.journal",
    "wuyou.kernel.idempotency",
    "wuyou.kernel.jobs",
    "wuyou.kernel.clocks",
    "wuyou.kernel.evidence",
    "wuyou.kernel.notify",
    "wuyou.kernel.search",
    "wuyou.kernel.draws",
    "wuyou.kernel.imports",
    "wuyou.domains.org",
    "wuyou.domains.registry",
    "wuyou.domains.standards",
    "wuyou.domains.sheets",
    "wuyou.domains.assets",
    "wuyou.domains.contracts",
    "wuyou.domains.work",
    "wuyou.domains.quality",
    "wuyou.domains.appraisal",
    "wuyou.ui",
    "wuyou.faces.console",
    "wuyou.faces.api",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "wuyou.config.health.Health",
    "wuyou.config.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wuyou.config.middleware.Seen",
    "wuyou.config.middleware.Answers",
]

ROOT_URLCONF = "wuyou.config.urls"
WSGI_APPLICATION = "wuyou.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wuyou.ui.context.shell",
            ],
        },
    },
]

# --- data
DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{HOME}/wuyou.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DB_CONN_MAX_AGE", 60)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
        ),
    }
MEDIA_ROOT = HOME / "media"
IMPORT_MOST_BYTES = env.int("IMPORT_MOST_MB", 100) * 2**20
FONTS = PACKAGE / "fonts"  # the Chinese font that set-up fetches, for machines without one
WATERMARK_FONT = env.str("WATERMARK_FONT", "")  # a Chinese font file; without it one is looked for
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "wuyou_cache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- people and log-in
AUTH_USER_MODEL = "org.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ["username", "full_name"]}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "wuyou.domains.org.passwords.CharacterClasses"},
]  # fmt: skip
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "wuyou.faces.console.accounts.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
# the lockout of spec 13 §6.3
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key,50/15m/ip", "login": "60/m/ip", "join": "20/15m/ip"}
ACCOUNT_SESSION_REMEMBER = None
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Wuyou"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = True
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", 12) * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True

# --- e-mail: smtp://user:password@host:587 (STARTTLS) or smtps://…; without it the outbox shows what would go out
_mail = urlsplit(env.str("EMAIL_URL", ""))
EMAIL_CONFIGURED = bool(_mail.hostname)
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp" and bool(_mail.username)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", EMAIL_HOST_USER or "wuyou@localhost")

# --- other systems
WEBHOOKS_TO_PRIVATE_ADDRESSES = env.bool("WEBHOOKS_TO_PRIVATE_ADDRESSES", False)

API_PER_MINUTE = env.int("API_PER_MINUTE", 600)  # requests of one token, or of one person's browser

# --- language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- static files: Vite's output has hashes in its names, so it may be kept for ever
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
BUILT = PACKAGE / "ui" / "dist"
STATICFILES_DIRS = [BUILT] if BUILT.exists() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": BUILT / "manifest.json"}}
WHITENOISE_IMMUTABLE_FILE_TEST = r"/assets/.+-[\w-]{8}\.\w+$"
WHITENOISE_USE_FINDERS = DEBUG

# --- pages: our own forms and errors; no script or style but our own files
FILTERS_EMPTY_CHOICE_LABEL = _("All")
FORM_RENDERER = "wuyou.ui.forms.Renderer"
CSRF_FAILURE_VIEW = "wuyou.ui.errors.csrf_failed"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "style-src-attr": ["'unsafe-inline'"],  # computed widths and places of charts, bars and plans
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
