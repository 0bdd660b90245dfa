"""Sign-in: allauth's views, extended."""

from typing import Any

from allauth.account import views
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from jirani.accounts.forms import RequestCodeForm
from jirani.core.routes import public


class SignInView(views.LoginView):
    """A code or a password, on one page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form that asks for a code, which is sent to another view."""
        return {**super().get_context_data(**kwargs), "code_form": RequestCodeForm()}

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """Let people who come back start over: they may have mistyped their address or have no second factor at hand."""


class RequestCodeView(views.RequestLoginCodeView):
    """Ask for a code."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Do as allauth does. If nobody signs in with this session, it is deleted the next night: it holds an address and the code."""
        response: HttpResponse = super().form_valid(form)
        self.request.session.set_expiry(settings.ACCOUNT_LOGIN_TIMEOUT)
        return response

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """Do as the sign-in page does."""


class ConfirmCodeView(views.ConfirmLoginCodeView):
    """The page for the code. If no code is valid any more, it says why and offers a new one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do as allauth does, unless the code has expired."""
        stage = LoginStageController.enter(request, LoginByCodeStage.key)
        if stage is None and request.method == "POST" and not request.user.is_authenticated:
            return _ended(request, "expired")
        if stage is not None and not LoginCodeVerificationProcess(stage=stage).is_valid():
            stage.abort()
            return _ended(request, "expired", stage.state.get("email", ""))
        found: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return found

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form once more, unless this was the last guess."""
        email = self._process.state.get("email", "")
        response: HttpResponse = super().form_invalid(form)
        return response if response.status_code == 200 else _ended(self.request, "guessed", email)


def _ended(request: HttpRequest, why: str, email: str = "") -> HttpResponse:
    """The page that says why a code is no longer right: `why` is "expired" or "guessed"."""
    form = RequestCodeForm(initial={"email": email})
    context = {"form": form, "why": why, "next": get_next_redirect_url(request)}
    return render(request, "account/code_ended.html", context, status=422 if request.method == "POST" else 200)


sign_in = public(SignInView.as_view())
code_create = public(RequestCodeView.as_view())
code_confirm = public(ConfirmCodeView.as_view())
