"""What matters asks for a fresh proof of who somebody is, by what their account has."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from jirani.accounts.models import User
from jirani.members.models import Person
from jirani.notifications.models import Message
from tests import factories as make
from tests.accounts.factors import AGAIN, AGAIN_CODE, AGAIN_FACTOR, APP, SECURITY, code_of, give_password, signed_in
from tests.accounts.test_sign_in import EMAIL, PASSWORD, the_code
from tests.cast import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted", "committed")]
ERASE = "/en/personal-data/mine/erase/"
FACTOR_PAGES = (APP, "/en/accounts/security/passkeys/new/", "/en/accounts/password/set/", ERASE)


def led_to(client: Client, address: str) -> HttpResponse:
    response = client.get(address)
    assert response.status_code == 302, address
    return response  # type: ignore[return-value]


def test_what_matters_asks_for_a_fresh_proof_by_what_the_account_has() -> None:
    person = make.person("Zawadi", email=EMAIL)
    give_password(person)
    stale = client_of(Person.objects.get(pk=person.pk))
    for address in FACTOR_PAGES:
        assert led_to(stale, address).headers["Location"].startswith(f"{AGAIN}?next="), address
    wrong = stale.post(f"{AGAIN}?next={ERASE}", {"password": "not the password"})
    assert "The password is not right." in wrong.content.decode()
    passed = stale.post(f"{AGAIN}?next={ERASE}", {"password": PASSWORD})
    assert (passed.headers["Location"], stale.get(ERASE).status_code) == (ERASE, 200)


def test_a_passkey_is_given_a_short_name_and_signs_in_alone_unless_that_is_unticked() -> None:
    client = client_of(make.person("Zawadi", email=EMAIL), fresh=True)
    address = FACTOR_PAGES[1]

    form = client.get(address).context["form"]
    asked = {name: (str(form[name].label), form[name].value()) for name in ("name", "passwordless")}
    assert asked == {
        "name": ("What you call it", "Passkey"),
        "passwordless": ("Sign in with this passkey alone", True),
    }
    long = client.post(address, {"name": "k" * 101, "credential": "{}"}).context["form"]
    assert list(long.errors["name"]) == ["Shorten this to 100 characters or fewer. It has 101 now."]


def test_without_a_password_by_a_code_by_e_mail() -> None:
    person = make.person("Zawadi", email=EMAIL)
    client = client_of(person)
    asked = led_to(client, ERASE).headers["Location"]
    assert asked.startswith(f"{AGAIN_CODE}?next=")
    assert client.post(asked, {"code": "AAAA-AAAA"}).status_code == 422
    client.post(asked, {"send": "1"})
    assert Message.objects.get().to == EMAIL
    refused = client.post(asked, {"code": "AAAA-AAAA"})
    assert (refused.status_code, "This code is not right." in refused.content.decode()) == (422, True)
    assert client.post(asked, {"code": the_code()}).headers["Location"] == ERASE
    client.post(ERASE)
    assert Person.objects.get(pk=person.pk).name == ""


def test_a_proof_is_over_after_a_while() -> None:
    zawadi = give_password(make.person("Zawadi", email=EMAIL))
    client = signed_in()
    assert client.get(ERASE).status_code == 200
    cache.clear()  # as after fifteen minutes
    led_to(client, ERASE)
    assert client.post(ERASE).status_code == 302
    assert Person.objects.get(user=zawadi).name == "Zawadi"


def test_where_a_factor_is_set_up_a_code_by_e_mail_is_no_proof(secret: str, zawadi: User) -> None:
    User.objects.update(password="!")
    client = Client()
    client.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    cache.clear()
    off = "/en/accounts/security/app/off/"
    assert led_to(client, off).headers["Location"].startswith(f"{AGAIN_FACTOR}?next=")
    page = client.get(AGAIN_FACTOR).content.decode()
    assert AGAIN_CODE not in page
    asked = f"{AGAIN_CODE}?next={off}"
    cache.set(f"again:{client.session.session_key}", "AAAA-AAAA")  # as one that was asked for before there was a factor
    for step in ({"send": "1"}, {"code": "AAAA-AAAA"}):
        assert client.post(asked, step).headers["Location"].startswith(f"{AGAIN_FACTOR}?next="), step
    assert led_to(client, asked).headers["Location"].startswith(f"{AGAIN_FACTOR}?next=")
    assert not Message.objects.filter(kind="accounts.code").exists()
    assert led_to(client, off).headers["Location"].startswith(f"{AGAIN_FACTOR}?next=")
    client.post(f"{AGAIN_FACTOR}?next={off}", {"code": code_of(secret, 1)})
    assert client.post(off).headers["Location"] == SECURITY
    assert Authenticator.objects.count() == 0
