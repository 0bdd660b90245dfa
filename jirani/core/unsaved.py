"""Forms sent by people who were no longer signed in: kept for an hour, and restored once they have signed in.

They are kept in the shared cache, whose table is unlogged and in no backup, sealed with a key that only the browser has (a cookie): neither
the database nor its copies tell what was typed, and no session leads to it. It opens for nobody but whose browser it was: another
cookie says which account that is, in a digest. docs/decisions/0028-what-was-typed-while-signed-out.md says why.
"""

import base64
import json
import secrets
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any, TypeVar
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import resolve_url
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

R = TypeVar("R", bound=HttpResponseBase)

#: In seconds; somebody who looks for the letter with their code is back by then.
KEPT_FOR = 60 * 60
#: Limits: characters of JSON per form, and forms per account.
MOST, SLOTS = 300_000, 16
#: Fields that nobody typed: a form that has no others is a button.
UNSEEN = {"once", "version", "packed"}
#: A button with this name sets its form aside while the user adds what a list lacks; its value is the field with the list.
ASIDE = "aside"


class Kept(QueryDict):
    """Fields as they were sent before. A form may show them, and takes nothing from them (ui.forms.SpokenForm)."""

    #: Whether its sender went aside half-way, and so has left nothing out yet.
    half_way = False


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What was sent to an address, whether it included files (which are not kept), and for which field it was set aside."""

    to: str
    fields: list[tuple[str, list[str]]]
    files: bool
    aside: str = ""

    def data(self) -> Kept:
        """The fields, for a form to be bound to."""
        data = Kept(mutable=True)
        data.half_way = bool(self.aside)
        for name, values in self.fields:
            data.setlist(name, values)
        return data


def mark_owner(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let the browser of somebody who is signed in remember, in a digest, whose it is."""
    owner = _signer().sign(_owner(request.user))
    if request.COOKIES.get(settings.OWNER_COOKIE_NAME) != owner:
        _remember(response, settings.OWNER_COOKIE_NAME, owner, settings.SESSION_COOKIE_AGE)


def delete_key(request: HttpRequest, response: HttpResponseBase) -> None:
    """Make the browser delete the key, so that nobody can open what was kept any more."""
    if settings.UNSAVED_COOKIE_NAME in request.COOKIES:
        response.delete_cookie(settings.UNSAVED_COOKIE_NAME, samesite="Lax")


def keep(request: HttpRequest, response: R) -> R:
    """Keep what was sent with a request that is redirected first, if we know for whom; the sign-in page says whether it was kept."""
    words = _("What you sent was not saved because you were no longer signed in.")
    owner = "" if settings.UNKEPT_ADDRESSES.search(request.path_info) else _owner_of(request)
    if owner:
        token = request.COOKIES.get(settings.UNSAVED_COOKIE_NAME) or secrets.token_urlsafe(32)
        if _store(request, owner, token):
            _remember(response, settings.UNSAVED_COOKIE_NAME, token, KEPT_FOR)
            words = _("What you sent is not saved yet. Sign in, and you will find it in its form again.")
    if not request.user.is_authenticated:
        messages.warning(request, words)
    return response


def give_back(request: HttpRequest) -> None:
    """Attach what was kept for this page to the request and say that it is not saved yet; a new submission replaces it."""
    token = request.COOKIES.get(settings.UNSAVED_COOKIE_NAME)
    if not token:
        return
    owner, page = _owner(request.user), page_of(request)
    unsaved = _read(owner, token, page)
    if unsaved is None:  # what another page left in the same place stays
        return
    if request.method == "POST":
        cache.delete(_key(owner, token, page))
    else:
        request.unsaved = unsaved  # type: ignore[attr-defined]
        messages.warning(request, _say(unsaved, at=request.path))


def choose(request: HttpRequest, page: str, value: str) -> None:
    """Let the field for which somebody went aside from the page hold a value more, the last: a list that takes one takes this."""
    token, owner = request.COOKIES.get(settings.UNSAVED_COOKIE_NAME, ""), _owner(request.user)
    unsaved = _read(owner, token, page) if token else None
    if unsaved is not None and unsaved.aside:
        fields = dict(unsaved.fields)
        fields[unsaved.aside] = [*fields.get(unsaved.aside, []), value]
        _write(owner, token, page, replace(unsaved, fields=list(fields.items())))


def came_from_here(request: HttpRequest) -> bool:
    """Whether the browser itself says that one of our own pages sent this, whatever became of the form's token."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def typed_before(request: HttpRequest, at: str) -> Kept | None:
    """Return what was sent to the path `at` while its sender was not signed in, if anything was."""
    unsaved: Unsaved | None = getattr(request, "unsaved", None)
    return unsaved.data() if unsaved and unsaved.to == at else None


def page_of(request: HttpRequest) -> str:
    """Return the address of the page that shows a form: its own, or the page it was sent from if the address only takes POST."""
    if not _only_takes_posts(_match(request.path_info)):
        return request.get_full_path()
    came = request.headers.get("Referer", "") if request.method == "POST" else ""
    if url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure()):
        found = urlsplit(came)
        if len(found.path) > 1 and _is_page(found.path):
            return found.path + (f"?{found.query}" if found.query else "")
    return page_above(request.path_info) or resolve_url(settings.LOGIN_REDIRECT_URL)


def page_above(path: str) -> str:
    """The nearest page whose address this one begins with; "" if there is none but the home page."""
    parts = path.strip("/").split("/")
    above = (f"/{'/'.join(parts[:count])}/" for count in range(len(parts) - 1, 1, -1))
    return next((one for one in above if _is_page(one)), "")


def _is_page(path: str) -> bool:
    match = _match(path)
    return match is not None and not _only_takes_posts(match)


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _only_takes_posts(match: ResolverMatch | None) -> bool:
    return match is not None and bool(getattr(match.func, "only_posts", False))


def _store(request: HttpRequest, owner: str, token: str) -> bool:
    fields = [(name, request.POST.getlist(name)) for name in request.POST if name not in {"csrfmiddlewaretoken", ASIDE}]
    page, aside = page_of(request), request.POST.get(ASIDE, "")
    to = urlsplit(page).path if aside else request.path
    return _write(owner, token, page, Unsaved(to, fields, bool(request.FILES), aside))


def _write(owner: str, token: str, page: str, unsaved: Unsaved) -> bool:
    text = json.dumps({"page": page, **asdict(unsaved)})
    if len(text) > MOST:
        return False
    cache.set(_key(owner, token, page), _box(owner, token).encrypt(text.encode()).decode(), timeout=KEPT_FOR)
    return True


def _read(owner: str, token: str, page: str) -> Unsaved | None:
    sealed = cache.get(_key(owner, token, page))
    try:
        found: dict[str, Any] = json.loads(_box(owner, token).decrypt((sealed or "").encode()))
    except InvalidToken:
        return None
    return Unsaved(**found) if found.pop("page") == page else None


def _say(unsaved: Unsaved, *, at: str) -> str:
    typed = _("What you sent is back, but not saved yet. Check it and save it.")
    pressed = _("What you sent was not saved because you were no longer signed in. Check this page and send it again.")
    words = typed if unsaved.to == at and {name for name, _values in unsaved.fields} - UNSEEN else pressed
    return " ".join((words, _("Choose files again: they are not kept."))) if unsaved.files else words


def _owner(user: Any) -> str:
    return salted_hmac("jirani.unsaved.owner", str(user.pk), algorithm="sha256").hexdigest()


def _owner_of(request: HttpRequest) -> str:
    """Return who uses this browser, signed in or not; "" if that is unknown."""
    if request.user.is_authenticated:
        return _owner(request.user)
    try:
        return _signer().unsign(request.COOKIES.get(settings.OWNER_COOKIE_NAME, ""))
    except BadSignature:
        return ""


def _signer() -> Signer:
    return Signer(salt="jirani.unsaved.owner")


def _key(owner: str, token: str, page: str) -> str:
    """One of few places of the account, so that nobody fills the cache."""
    slot = sha256(f"{token}:{page}".encode()).digest()[0] % SLOTS
    return f"unsaved:{owner}:{slot}"


def _box(owner: str, token: str) -> Fernet:
    """Opens with the browser's key and for that account only."""
    digest = salted_hmac("jirani.unsaved", f"{owner}:{token}", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def _remember(response: HttpResponseBase, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
