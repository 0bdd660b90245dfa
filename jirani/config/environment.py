"""The environment, read once and typed. docs/reference/settings.md describes each variable; a test compares the two."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit


class BadSetting(ValueError):
    """Raised for an invalid environment variable; the message is a sentence for the administrator."""


def text(name: str, default: str = "") -> str:
    """The variable's value without surrounding spaces."""
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    """1, true, yes or on; 0, false, no, off or nothing. Raises BadSetting for anything else."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(f"{name} is {value!r}; it must be 1 or 0.")


def number(name: str, default: int, *, least: int = 1, most: int) -> int:
    """A whole number within bounds. Raises BadSetting for anything else."""
    value = text(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise BadSetting(f"{name} is {value!r}; it must be a whole number from {least} to {most}.")
    return int(value)


def cores() -> int:
    """Return the number of processors that this process may use; in a container, its share (cgroup v2)."""
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return max(1, min(here, round(int(quota) / int(period))))
    except (OSError, ValueError):
        return here


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def limit(name: str, default: str, per: str) -> str:
    """How often something may happen, such as 3/m or 3/m,20/h, as allauth writes it for each `per`. Raises BadSetting otherwise."""
    rates = [rate.strip() for rate in (text(name) or default).split(",")]
    for rate in rates:
        if not re.fullmatch(r"[1-9][0-9]{0,5}/([1-9][0-9]{0,3})?[smhd]", rate):
            raise BadSetting(f"{name} holds {rate!r}; a limit looks like 3/m, 20/h or 5/10m.")
    return ",".join(f"{rate}/{per}" for rate in rates)


def contacts(name: str) -> list[str]:
    """Return contacts as URIs: mailto:, tel: or https:. Raises BadSetting for anything else."""
    found = [f"mailto:{word}" if re.fullmatch(r"[^\s@:/]+@[^\s@:/]+", word) else word for word in words(name)]
    for contact in found:
        if not re.fullmatch(r"mailto:[!-~]+@[!-~]+|tel:\+[0-9-]+|https://[!-~]+", contact):
            raise BadSetting(f"{name} holds {contact!r}; give an e-mail address, a page (https://…) or tel:+….")
    return found


def data_folder() -> Path:
    """Return the folder of this installation's files: `var` beside the code unless JIRANI_DATA says otherwise."""
    return Path(text("JIRANI_DATA") or Path(__file__).resolve().parents[2] / "var").absolute()


#: Options of libpq by which a connection that was cut silently fails within half a minute, instead of a quarter of an hour.
_NOTICED = {"tcp_user_timeout": "30000", "keepalives_idle": "20", "keepalives_interval": "5", "keepalives_count": "2"}


def database(*, prepared: bool) -> dict[str, object]:
    """Django's settings of the database in DATABASE_URL. Raises BadSetting if it is no address of PostgreSQL.

    If `prepared`, a statement that a connection has sent twice is planned once (docs/decisions/0032-web-processes.md).
    """
    url = text("DATABASE_URL", "postgresql:///jirani")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadSetting("DATABASE_URL is not an address.") from error
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting("DATABASE_URL must begin with postgresql:// (Jirani needs PostgreSQL).")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "jirani.changes.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": query.pop("port", "") or (str(port) if port else ""),
        "OPTIONS": _NOTICED | query | ({"server_side_binding": True, "prepare_threshold": 2} if prepared else {}),
    }


@dataclass(frozen=True, slots=True)
class Mail:
    """Where e-mail goes: an SMTP server, or files and the console."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    use_tls: bool = False
    use_ssl: bool = False


def mail() -> Mail:
    """The server in JIRANI_SMTP_URL: smtp://user:password@host:587?tls=1 or smtps://…; an empty one for none."""
    url = text("JIRANI_SMTP_URL")
    if not url:
        return Mail()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadSetting("JIRANI_SMTP_URL is not an address.") from error
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise BadSetting("JIRANI_SMTP_URL must look like smtp://user:password@host:587?tls=1 or smtps://host.")
    secure = parts.scheme == "smtps"
    return Mail(
        host=parts.hostname,
        port=port or (465 if secure else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parse_qs(parts.query).get("tls", ["0"])[-1] == "1",
        use_ssl=secure,
    )


def media() -> dict[str, object]:
    """Return the options of the S3-compatible storage in JIRANI_MEDIA_S3, s3://key:secret@host/bucket?region=…&tls=0; none for files on disk."""
    url = text("JIRANI_MEDIA_S3")
    if not url:
        return {}
    wrong = BadSetting("JIRANI_MEDIA_S3 must look like s3://key:secret@host/bucket?region=eu-central-1.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise wrong from error
    bucket, query = parts.path.strip("/"), {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme != "s3" or not parts.hostname or not bucket or "/" in bucket or set(query) - {"region", "tls"}:
        raise wrong
    scheme = "http" if query.get("tls") == "0" else "https"
    return {
        "bucket_name": bucket,
        "endpoint_url": f"{scheme}://{parts.hostname}" + (f":{port}" if port else ""),
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
        "region_name": query.get("region"),
    }
