"""Django's settings, all from the environment. Secrets come from there or from a generated file in the data folder."""

import re
from pathlib import Path

from csp.constants import NONE, SELF

from . import environment, languages
from .apps import apps_upwards
from .environment import flag, number, text, words

DATA = environment.data_folder()
DEMO = flag("JIRANI_DEMO")
DEBUG = flag("JIRANI_DEBUG")


def _secret_key() -> str:
    stored = DATA / "secret_key"
    key = text("JIRANI_SECRET_KEY") or (stored.read_text().strip() if stored.exists() else "")
    if not key:
        raise environment.BadSetting(
            f"There is no secret key. Set JIRANI_SECRET_KEY, or start with `jirani up`, which makes {stored}."
        )
    return key


SECRET_KEY = _secret_key()
BASE_URL = text("JIRANI_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
SECURE = BASE_URL.startswith("https://")
ALLOWED_HOSTS = words("JIRANI_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if SECURE else []
#: Browsers take a cookie whose name begins so only from this very host and over https, so that no neighbour can set ours.
COOKIES = "__Host-" if SECURE else ""
NETWORK_NAME = text("JIRANI_NETWORK_NAME", "Jirani")
SOURCE_CODE = text("JIRANI_SOURCE_URL")
SECURITY_CONTACTS = environment.contacts("JIRANI_SECURITY_CONTACT")

#: Names of our apps from the lowest layer up: the order wherever one app's turn comes before another's (core.registry).
APPS = tuple(app.name for app in apps_upwards(demo=DEMO))
#: Ours come before other people's, whose templates some of ours take the place of. In what order ours stand means nothing.
INSTALLED_APPS = [
    *(f"jirani.{name}" for name in APPS),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "taggit",
    "django_tasks",
    "procrastinate.contrib.django",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "jirani.core.middleware.NameView",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Outside of whatever still changes a response's body or headers, so that it compresses the final text.
    "jirani.core.middleware.compress",
    "csp.middleware.CSPMiddleware",
    "jirani.core.middleware.hide_address",
    # Before the session's cookie is looked up: the database refuses a NUL in it.
    "jirani.core.middleware.refuse_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    # After LocaleMiddleware, which takes the language from the address.
    "jirani.core.middleware.remember_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # After AuthenticationMiddleware: both ask who the user is.
    "jirani.core.middleware.keep_private",
    "jirani.core.middleware.tell_whose_files",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "jirani.accounts.middleware.ask_for_second_factor",
    "jirani.newsroom.middleware.GuardCms",
    # Innermost: the pages with which they answer pass through all of the above.
    "jirani.audit.middleware.tell_overtaken",
    "jirani.audit.middleware.explain_method",
]

#: Processes that serve pages. Each grows to about 100 MB, so a large machine has no more than eight unless the setting says so.
WEB_PROCESSES = number("JIRANI_WEB_PROCESSES", min(environment.cores(), 8), most=32)
METRICS_PORT = number("JIRANI_METRICS_PORT", 0, least=0, most=65535)  # of the loopback; 0 for no metrics

ROOT_URLCONF = "jirani.config.urls"
WSGI_APPLICATION = "jirani.config.wsgi.application"
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
                "jirani.ui.context_processors.page",
            ],
        },
    }
]

PGBOUNCER = flag("JIRANI_PGBOUNCER")
DATABASES = {
    "default": {
        **environment.database(prepared=flag("JIRANI_PREPARED_STATEMENTS", default=not PGBOUNCER)),
        # Opening a connection costs more than most pages' queries. The check notices one that the server has dropped.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": PGBOUNCER,  # a cursor belongs to a session, and a pool in transaction mode keeps none
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "jirani_cache",
        "KEY_FUNCTION": "jirani.core.security.sealed_key",
        # Above this number Django drops rows that are still valid, and with them the limits of sign-in.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Of this machine's processes together, and as short-lived as the server (web.py empties it).
    "memory": {
        "BACKEND": "jirani.core.memory.Memory",
        "LOCATION": DATA / "run" / "memory",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}
# Wagtail's own tasks are done at once; ours are procrastinate's (docs/decisions/0016-background-work.md).
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
# Whether the worker is woken by LISTEN for codes, which pgbouncer does not pass on in transaction mode; otherwise it looks every second.
WORKER_LISTENS = not PGBOUNCER

# Languages
LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = languages.LANGUAGES
WAGTAIL_I18N_ENABLED = True
#: "Translate this page" begins a draft: nothing of it is in the other language yet.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
USE_I18N = True
FORM_RENDERER = "jirani.ui.forms.Renderer"
USE_TZ = True
FORMS_URLFIELD_ASSUME_HTTPS = True  # Django 6 does so by itself
TIME_ZONE = text("JIRANI_TIME_ZONE", "UTC")
LANGUAGE_COOKIE_NAME = f"{COOKIES}language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SECURE

# Files
STATIC_URL = "/static/"
#: After how many days without a backup coordinators are told; 0 means never.
BACKUP_DAYS = environment.number("JIRANI_BACKUP_DAYS", 3, least=0, most=3650)
STATIC_ROOT = DATA / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "jirani.ui.finders.SheetFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA / "media"
_s3 = environment.media()
STORAGES = {
    "default": {"BACKEND": "jirani.config.storage.MediaStorage", "OPTIONS": _s3}
    if _s3
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "jirani.ui.storage.StaticStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
# Text alone: files do not count, and have their own limit below.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_UPLOAD_SIZE = MAX_UPLOAD_BYTES
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "jirani.newsroom.forms.ImageForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"  # wherever the files are: it looks at who may
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "odt", "csv", "txt"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "jirani.newsroom.forms.DocumentForm"
WAGTAILDOCS_MAX_UPLOAD_SIZE = MAX_UPLOAD_BYTES

# Sign-in: an e-mailed code or a password
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:desk_detail"
LOGOUT_REDIRECT_URL = "public:home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = [
    "email*",
    "password1*",
]  # nobody signs up; without a password here allauth asks for none to sign in
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
# Longer than a code is valid, so that its page can say that it expired.
ACCOUNT_LOGIN_TIMEOUT = 60 * 60
_network = environment.limit("JIRANI_LIMIT_NETWORK", "300/m", "ip")
_network_failed = environment.limit("JIRANI_LIMIT_NETWORK_FAILED", "60/m", "ip")
ACCOUNT_RATE_LIMITS = {
    "login": _network,
    "login_failed": f"{_network_failed},{environment.limit('JIRANI_LIMIT_PASSWORDS', '5/5m', 'key')}",
    "request_login_code": f"{_network},{environment.limit('JIRANI_LIMIT_CODES', '3/m,8/h', 'key')}",
    # Of ours: what all strangers together may try with one account (accounts.permissions.asker).
    "login_failed_by_strangers": environment.limit("JIRANI_LIMIT_PASSWORDS_STRANGERS", "100/h", "key"),
    "code_for_strangers": environment.limit("JIRANI_LIMIT_CODES_STRANGERS", "30/h", "key"),
    # Of ours: guesses of a code, signing in with it, and letters to addresses without an account.
    # A quarter of an hour is how long a code is valid, so each may be guessed three times and used once.
    "guess_login_code": "3/15m/key",
    "use_login_code": "1/15m/key",
    # An app's code is accepted for less than two minutes, including the tolerance below.
    "use_factor_code": "1/2m/key",
    # So that nobody can have us flood somebody else's mailbox.
    "unknown_account": "1/d/key,20/h/ip",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_ADAPTER = "jirani.notifications.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "jirani.accounts.forms.LoginForm",
    "request_login_code": "jirani.accounts.forms.RequestCodeForm",
    "confirm_login_code": "jirani.accounts.forms.ConfirmCodeForm",
    "change_password": "jirani.accounts.forms.ChangePasswordForm",
    "set_password": "jirani.accounts.forms.SetPasswordForm",
    "reauthenticate": "jirani.accounts.forms.ReauthenticateForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
REQUIRE_SECOND_FACTOR = flag("JIRANI_REQUIRE_SECOND_FACTOR")
MFA_ADAPTER = "jirani.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up: a code proves the address
MFA_REAUTHENTICATION_REQUIRED = False  # asked for by accounts.permissions.fresh, of accounts without a password too
MFA_TOTP_TOLERANCE = 1  # a code that was right half a minute ago: lines are slow, and clocks are off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # browsers give passkeys to https and to this machine only
MFA_RATE_LIMITS = {"webauthn_login": _network}
MFA_FORMS = {
    "authenticate": "jirani.accounts.forms.AuthenticateForm",
    "reauthenticate": "jirani.accounts.forms.ReauthenticateFactorForm",
    "activate_totp": "jirani.accounts.forms.ActivateAppForm",
    "add_webauthn": "jirani.accounts.forms.AddPasskeyForm",
    "generate_recovery_codes": "jirani.accounts.forms.NewRecoveryCodesForm",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"

# E-mail
_mail = environment.mail()
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.use_tls, _mail.use_ssl
# Seconds. While a server hangs, the worker holds the letter's row and everything behind it waits.
EMAIL_TIMEOUT = 20
EMAIL_FILE_PATH = str(DATA / "mail")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = text("JIRANI_MAIL_FROM", "jirani@localhost")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if _mail.host else "jirani.notifications.backends.FilesAndConsole"
)

# Headers
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
#: Addresses with the token of an invitation or the number of a note in them.
SECRET_ADDRESSES = re.compile(r"/(my-programme|notes|password_reset)/")
#: For how long after an event the links in its invitations open anything.
LINK_WEEKS = environment.number("JIRANI_LINK_WEEKS", 8, most=104)
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # a proxy's business; see docs/how-to/install.md
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE and flag("JIRANI_HSTS_SUBDOMAINS")
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIES}sessionid", f"{COOKIES}csrftoken"
#: Whose browser it is, signed in or not, and the key to what it sent while signed out (jirani/core/unsaved.py).
OWNER_COOKIE_NAME, UNSAVED_COOKIE_NAME = f"{COOKIES}owner", f"{COOKIES}unsaved"
#: Paths whose forms are never kept: those with passwords and codes, and Wagtail's, which could not be filled in again.
UNKEPT_ADDRESSES = re.compile(r"^/([a-z]{2}/accounts|cms)/")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
ONWARD_COOKIE_NAME = f"{COOKIES}onward"
KNOWN_COOKIE_NAME, KNOWN_COOKIE_AGE = f"{COOKIES}known", 365 * 24 * 3600
SESSION_ENGINE = "jirani.accounts.backends"
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "jirani.ui.views.csrf_failure"
# Wagtail shows previews in frames on its own pages.
X_FRAME_OPTIONS = "SAMEORIGIN"
if flag("JIRANI_TRUST_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # whose attempts are counted is told by X-Forwarded-For
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
    },
}

# Wagtail
WAGTAIL_SITE_NAME = "Jirani"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Accounts are ours: an address is proven by a code, and a letter goes through the outbox.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "jirani.newsroom.forms.RichTextArea"}}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "jirani.config.logs.Masked",
            "fmt": "{asctime} {levelname} {name}: {message}",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
            "style": "{",
        }
    },
    "filters": {
        "one_line": {"()": "jirani.config.logs.OneLine"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["one_line"]}},
    "root": {"handlers": ["console"], "level": text("JIRANI_LOG_LEVEL", "WARNING").upper()},
    # An address that is not found may hold somebody's invitation, and which note of theirs they looked for.
    # procrastinate's message about a failed job may quote a row; the worker logs failures itself (jirani/audit/tasks.py).
    "loggers": {
        **{name: {"level": "ERROR"} for name in ("django.request", "django.security.csrf")},
        "procrastinate": {"level": "CRITICAL"},
    },
}
