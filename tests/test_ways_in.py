"""Every screen has a way in: whoever may come to it is led there by a link or a form of a page that they can reach.

The stage is walked from the front page and some of what it leads to, as one person after the other, until every address has been met. What is reached in another
way is named in ELSEWHERE, and addresses with a secret token are in a letter.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve

from jirani.events.enums import ParticipationState
from jirani.lessons.enums import Addressee, LessonKind
from jirani.lessons.models import Endorsement, Response
from jirani.members.models import LocalAuthority
from jirani.plans.models import Activity, Indicator, Measurement, Objective, Pillar

from . import factories as make
from .addresses import FOREIGN
from .cast import Cast
from .stage import fill

pytestmark = pytest.mark.django_db

#: Addresses that no page links to, and what leads there.
ELSEWHERE = {
    "account_confirm_login_code": "asking for a code",
    "account_inactive": "signing in with an account that is closed",
    "account_reauthenticate": "changing a password long after signing in",
    "account_change_password": "setting a password where there is one",
    "account_reauthenticate_code": "a change that wants a fresh proof, of somebody without a password",
    "account_visit_end": "the page of sign-in and security, if one is signed in elsewhere too",
    "mfa_authenticate": "signing in with a second factor",
    "mfa_deactivate_totp": "the page of sign-in and security, if the app is on",
    "mfa_generate_recovery_codes": "the page of recovery codes",
    "mfa_reauthenticate": "a change that wants a fresh proof, of somebody with an app",
    "mfa_reauthenticate_webauthn": "the same, with a passkey",
    "mfa_remove_webauthn": "the page of sign-in and security, if there is a passkey",
    "mfa_view_recovery_codes": "the page of sign-in and security, if a second factor is on",
    "events:participation_correct": "the page of a participant, if they are a guest of the organisers alone",
    "members:organisation_aside": "the button beside a list that lacks an organisation",
    "events:participation_see": "the desk, if somebody has refused or changed their mind",
    "account_signup": "nothing: it says that accounts are made by invitation, where a library looks for it",
    "lessons:lesson_publish": "saving a lesson",
    "members:clock_confirm": "an alert that the server's clock has jumped",
    "commitments:commitment_publish": "saving a commitment",
    "public:indicator_detail": "the page of an activity, from an indicator that was measured more than three times",
    "public:priority_list": "the page of a local authority, if it has more priorities than that shows",
    "desk:contradiction_list": "an alert, where there is one",
    "robots": "search engines",
    "security_txt": "researchers, at the place that RFC 9116 names",
    "sitemap": "robots.txt",
    "sitemap_part": "sitemap.xml",
    "image_show": "a picture in an article",
    "original_image_show": "Wagtail's page of a picture",
    "ui:design_detail": "the documents for those who build Jirani",
    "ui:map_show": "the design page",
    "ui:locator_show": "the design page",
}
#: As whom the stage is walked, one after the other, until nothing is left to be met.
WALKERS = ("coordinator", "kwale_focal_point", "participant", "visitor")
#: How many addresses of one name are opened as one person.
OPENED = 2

_LINK = re.compile(r"""<(?:a|img|form|link)\b[^>]*?\s(href|src|action)=["']([^"'#]+)""")


def names(resolver: URLResolver | None = None, space: str = "", prefix: str = "") -> Iterator[str]:
    """Yield the names of our addresses as `reverse` takes them, except those sent in letters."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from names(pattern, f"{pattern.namespace}:" if pattern.namespace else space, address)
        elif pattern.name and "token" not in address and not address.startswith(tuple(FOREIGN)):
            yield space + pattern.name


def walk(user: Any, begin: list[str], met: set[str], wanted: set[str]) -> list[str]:
    """Follow links as somebody and add the names of what is met to `met`; links that lead nowhere."""
    client = Client()
    if user.is_authenticated:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    waiting, seen, opened, nowhere = deque(begin), set(begin), Counter[str](), []
    while waiting and not wanted <= met:
        address = waiting.popleft()
        response = client.get(address, follow=True)
        if response.status_code >= 400 and address not in begin:
            nowhere.append(address)
        for kind, found in links(address, response):
            name = resolve(urlsplit(found).path).view_name
            met.add(name)
            if kind != "action" and found not in seen and opened[name] < OPENED:
                seen.add(found)
                opened[name] += 1
                waiting.append(found)
    return nowhere


def links(address: str, response: Any) -> Iterator[tuple[str, str]]:
    """Yield the targets of a page's links, pictures and forms that are addresses of ours."""
    if not response.headers["Content-Type"].startswith("text/html"):
        b"".join(response.streaming_content if response.streaming else [])  # reading a file to its end closes it
        return
    for kind, link in _LINK.findall(response.content.decode()):
        parts = urlsplit(urljoin(f"http://testserver{address}", link.replace("&amp;", "&")))
        ours = parts.hostname == "testserver" and parts.path.startswith("/en/")
        if ours and not parts.path.startswith(tuple(f"/{prefix}" for prefix in FOREIGN)):
            yield kind, f"{parts.path}?{parts.query}".rstrip("?")


@pytest.mark.gaps
@pytest.mark.sweep
def test_every_screen_has_a_way_in() -> None:
    stage = fill()
    begin = _begin(stage.cast)
    wanted, met = set(names()) - set(ELSEWHERE), set[str]()

    nowhere = {part: walk(stage.cast.users()[part], begin, met, wanted) for part in WALKERS}

    assert sorted(wanted - met) == [], (
        "link to these from a page, begin at one that does (_begin), or say in ELSEWHERE what leads there"
    )
    assert nowhere == {part: [] for part in WALKERS}
    assert sorted(set(ELSEWHERE) - set(names())) == []


def _begin(cast: Cast) -> list[str]:
    """The front page, and pages to which its lists lead that hold one of everything."""
    LocalAuthority.objects.filter(pk=cast.kwale.pk).update(latitude=-4, longitude=39)
    make.participation(cast.event, cast.outsider, state=ParticipationState.INVITED)
    written = make.participation(cast.event, cast.editor, state=ParticipationState.INVITED, nonce="sent")
    lesson = make.lesson(event=cast.event, session=cast.session, authorities=[cast.mombasa])
    commitment = make.commitment(cast.kwale.organisation, lesson=lesson)
    make.evidence(commitment, link="", file=ContentFile(b"%PDF-1.4", "list.pdf"))
    answered, asked = (
        make.lesson(kind=LessonKind.RECOMMENDATION, addressees=[Addressee.CITIES], authorities=[cast.mombasa])
        for _ in "12"
    )
    own = {"organisation": cast.kwale.organisation}
    Response.objects.create(lesson=answered, text="Yes", answered_on=date(2024, 1, 1), **own)
    Endorsement.objects.create(lesson=answered, endorsed_on=date(2024, 1, 1), **own)
    plan = make.plan(cast.kwale)
    for number in (1, 2):
        pillar = Pillar.objects.create(plan=plan, number=number, title="Pillar")
        objectives = [Objective.objects.create(pillar=pillar, number=n, title="Objective") for n in (1, 2)]
        for n in (1, 2):
            Activity.objects.create(objective=objectives[0], number=n, title="Activity")
    activity = make.activity(plan)
    indicator = Indicator.objects.create(activity=activity, kind="qualitative", title="Indicator")
    Measurement.objects.create(indicator=indicator, measured_on=date(2024, 1, 1), words="Found")
    Pillar.objects.create(plan=plan, number=3, title="Pillar")  # free to go: nothing hangs on it
    return [
        "/en/",
        f"/en/lessons/{answered.pk}/",
        f"/en/lessons/{asked.pk}/",
        f"/en/plans/{plan.slug}/edit/",
        f"/en/plans/{plan.slug}/activities/{activity.pk}/",
        f"/en/plans/{make.plan(cast.kwale).slug}/edit/",
        f"/en/events/{cast.event.slug}/",
        f"/en/events/{cast.event.slug}/sessions/{cast.session.pk}/",
        "/en/local-authorities/kwale/",
        f"/en/events/{cast.event.slug}/participants/{written.pk}/edit/",
        f"/en/commitments/{commitment.pk}/",
    ]
