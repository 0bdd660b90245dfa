"""The forms of allauth ask in the platform's words: a label above each field, nothing in it that goes when somebody types."""

from typing import Any

import pytest
from allauth.core.context import request_context
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.test import RequestFactory

from jirani.accounts import forms

pytestmark = pytest.mark.django_db

CODE = {"code": "Code of the app, or a recovery code"}
NEW = {"password1": "New password", "password2": "New password again"}


def test_each_form_asks_in_our_words(zawadi: Any) -> None:
    request: Any = RequestFactory().get("/en/")
    request.user = zawadi
    for middleware in (SessionMiddleware, MessageMiddleware):
        middleware(lambda _request: HttpResponse()).process_request(request)
    whose = {"user": zawadi}
    rows: list[tuple[Any, dict[str, Any], dict[str, str]]] = [
        (forms.LoginForm, {}, {"login": "E-mail address", "password": "Password", "remember": "Stay signed in on this device"}),
        (forms.RequestCodeForm, {}, {"email": "E-mail address"}),
        (forms.ConfirmCodeForm, {"code": "x"}, {"code": "Code"}),
        (forms.ChangePasswordForm, whose, {"oldpassword": "Current password"} | NEW),
        (forms.SetPasswordForm, whose, NEW),
        (forms.ReauthenticateForm, whose, {"password": "Password"}),
        (forms.AuthenticateForm, whose, CODE),
        (forms.ReauthenticateFactorForm, whose, CODE),
        (forms.ActivateAppForm, whose, {"code": "Code that the app shows"}),
        (forms.AddPasskeyForm, whose, {"name": "What you call it", "passwordless": "Sign in with this passkey alone"}),
    ]  # fmt: skip
    with request_context(request):
        made = [kind(**arguments) for kind, arguments, _labels in rows]
    asked = [
        {name: str(field.label) for name, field in form.fields.items() if not form[name].is_hidden} for form in made
    ]
    assert asked == [labels for _kind, _arguments, labels in rows]
    fields = [field for form in made for field in form.fields.values()]
    assert [field for field in fields if "placeholder" in field.widget.attrs] == []
    assert [str(field.help_text)[:30] for field in fields if field.help_text] == ["It then replaces both the code"]
    address = made[1].fields["email"]
    assert (address.max_length, made[9].fields["passwordless"].initial) == (254, True)
