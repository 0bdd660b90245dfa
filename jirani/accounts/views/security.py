"""One's own sign-in: second factors, a fresh proof, and one's other devices."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from jirani.accounts.actions import end_other_visits, other_visits
from jirani.accounts.forms import ConfirmCodeForm
from jirani.accounts.permissions import FACTORS, fresh, has_second_factor, lacks_second_factor
from jirani.core.routes import only_posts, public, signed_in, user_of
from jirani.core.security import seal, unseal
from jirani.ui.text import number


@signed_in
@require_safe
def security_detail(request: HttpRequest) -> HttpResponse:
    """Show how I sign in, my second factors, and where I am signed in."""
    kept = Authenticator.objects.filter(user=request.user.pk).order_by("pk")
    codes = next((one.wrap() for one in kept if one.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "app": next((one for one in kept if one.type == Authenticator.Type.TOTP), None),
        "passkeys": [one for one in kept if one.type == Authenticator.Type.WEBAUTHN],
        "codes": None if codes is None else len(codes.get_unused_codes()),
        "lacks": lacks_second_factor(request),
        "elsewhere": len(other_visits(user_of(request), request.session.session_key)),
    }
    return render(request, "account/security_detail.html", context)


@signed_in
@only_posts
def visit_end(request: HttpRequest) -> HttpResponse:
    """Sign me out on every other device."""
    count = end_other_visits(user_of(request), request.session.session_key)
    text = ngettext(
        "You are signed out on %(shown)s other device.", "You are signed out on %(shown)s other devices.", count
    )
    messages.success(request, text % {"shown": number(count)})
    return redirect("mfa_index")


class AuthenticateView(base.AuthenticateView):
    """The second step of a sign-in, by what the account has."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add which factors are set up, so that only those are offered."""
        kept = Authenticator.objects.filter(user=self.stage.login.user.pk, type__in=FACTORS)
        return {**super().get_context_data(**kwargs), "factors": set(kept.values_list("type", flat=True))}


class LoginPasskeyView(webauthn.LoginWebAuthnView):
    """Sign in by a passkey alone."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Return to the sign-in page, which says that it did not work."""
        messages.error(self.request, _("This passkey was not accepted. Try again, or sign in with a code."))
        return _redirect("account_login", get_next_redirect_url(self.request))


class ReauthenticatePasskeyView(webauthn.ReauthenticateWebAuthnView):
    """Prove with a passkey that it is you."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """The same page, which says that it did not work."""
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form with its errors, which allauth's context leaves out."""
        return {**super().get_context_data(**kwargs), "form": kwargs.get("form")}


@signed_in
@require_http_methods(["GET", "POST"])
def code_again(request: HttpRequest) -> HttpResponseBase:
    """Prove who I am by a code sent to my address, or by the second factor if there is one, and return to where this was required."""
    onward = get_next_redirect_url(request)
    if has_second_factor(request.user):
        return _redirect("mfa_reauthenticate", onward)
    key = f"again:{request.session.session_key}"
    if request.method == "POST" and "send" in request.POST:
        return _send(request, key, onward)
    sealed = cache.get(key)
    code = unseal(sealed, purpose=key) if sealed else ""
    form = ConfirmCodeForm(request.POST if request.method == "POST" else None, code=code)
    if form.is_valid():
        cache.delete(key)
        record_authentication(request, request.user, method="code", reauthenticated=True)
        return resume_request(request) or redirect("mfa_index")
    context = {"form": form, "sent": bool(code), "next": onward}
    return render(request, "account/code_again.html", context, status=422 if form.is_bound else 200)


def _send(request: HttpRequest, key: str, onward: str | None) -> HttpResponse:
    user, adapter = user_of(request), get_adapter(request)
    if ratelimit.consume(request, action="request_login_code", key=user.email.lower()):
        code = adapter.generate_login_code()
        cache.set(key, seal(code, purpose=key), timeout=15 * 60)
        adapter.send_mail("account/email/login_code", user.email, {"user": user, "code": code})
    else:
        messages.error(request, adapter.error_messages["rate_limited"])
    return _redirect("account_reauthenticate_code", onward)


def _redirect(name: str, onward: str | None) -> HttpResponse:
    return redirect(reverse(name) + (f"?{urlencode({'next': onward})}" if onward else ""))


def _mine(view: Any) -> Any:
    """Admit signed-in people after a fresh proof."""
    return signed_in(fresh(view))


authenticate = public(AuthenticateView.as_view())
login_passkey = public(LoginPasskeyView.as_view())
reauthenticate_factor = signed_in(base.reauthenticate)
reauthenticate_passkey = signed_in(ReauthenticatePasskeyView.as_view())
app_create = _mine(totp.activate_totp)
app_delete = _mine(totp.deactivate_totp)
passkey_create = _mine(webauthn.add_webauthn)
passkey_delete = _mine(webauthn.RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index")))
