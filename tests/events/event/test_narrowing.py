"""If access to an event is narrowed after publication, nothing made from it is shown to more people than the event itself."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jirani.accounts.models import User
from jirani.commitments.actions import edit_commitment
from jirani.commitments.models import Commitment
from jirani.core.enums import AccessMode
from jirani.events import actions
from jirani.events.models import Event, Session
from jirani.lessons.actions import edit_lesson, write_note
from jirani.lessons.enums import Publication
from jirani.lessons.models import Lesson, Note
from jirani.members.models import Person
from jirani.newsroom.actions import write_report
from jirani.newsroom.models import EventReportPage
from jirani.translation.models import Translation, source_hash
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db
Enter = Callable[[Person], Client]
#: Words that no page holds but for the records of these tests.
WORD = re.compile(r"zq\w+qz")


class Story:
    """A public event with one session and everything that came of it; each text contains a unique word."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.by = cast, User.objects.get(person=cast.hub_coordinator)
        self.event = make.event("zqeventqz", hub=cast.hub, summary="zqsummaryqz", place="Kwale")
        self.session = make.session(self.event, "zqsessionqz")
        room = {"event": self.event, "session": self.session}
        self.lesson = make.lesson("zqlessonqz", body="zqbodyqz", authorities=[cast.kwale], **room)
        self.draft = make.lesson("zqdraftqz", body="zq", state=Publication.DRAFT, **room)
        texts = {"language": "ar", "field": "title", "state": "drafted"}
        Translation.objects.create(
            record=self.lesson, body="zqtranslationqz", source_hash=source_hash(self.lesson.title), **texts
        )
        self.commitment = make.commitment(
            cast.mombasa.organisation, title="zqcommitmentqz", lesson=self.lesson, event=self.event
        )
        self.outcome = make.outcome(self.commitment, change="zqoutcomeqz")
        self.evidence = make.evidence(self.commitment, title="zqevidenceqz", outcome=self.outcome)
        self.report = write_report(self.event, by=self.by)
        self.report.get_latest_revision().publish()

    def addresses(self) -> list[str]:
        """Every address at which a reader might come across any of it."""
        lists = ["home", "event_list", "lesson_list", "commitment_list", "outcome_list", "authority_list", "lesson_feed",
                 "lesson_export"]  # fmt: skip
        addresses = [reverse(f"public:{name}") for name in lists]
        addresses += [
            reverse("public:lesson_list") + "?q=zqlessonqz",
            reverse("public:lesson_list") + "?q=zqtranslationqz",
        ]
        for authority in (self.cast.kwale, self.cast.mombasa):
            addresses.append(reverse("public:authority_detail", args=[authority.organisation.slug]))
        addresses += [
            reverse("public:event_detail", args=[self.event.slug]),
            reverse("public:session_detail", args=[self.event.slug, self.session.pk]),
            reverse("public:lesson_detail", args=[self.lesson.pk]),
            reverse("public:commitment_detail", args=[self.commitment.pk]),
            reverse("public:outcome_detail", args=[self.outcome.pk]),
        ]
        # Of all these records only the lesson is translated: so the other language is looked at where lessons are.
        addresses += [
            address.replace("/en/", "/ar/", 1) for address in addresses if "lesson" in address or address == "/en/"
        ]
        return [*addresses, "/sitemap-lessons-0.xml", "/en/news/", f"/en/news/{self.report.slug}/"]

    def seen_by(self, client: Client) -> set[str]:
        """Return the words found on any of the pages; a link to the lesson counts as its title."""
        found: set[str] = set()
        for address in self.addresses():
            answer: Any = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = body.decode()
            found |= set(WORD.findall(re.sub(r"(value=|\?q=)\"?zq\w+", "", text)))
            found |= {"address"} if f"/lessons/{self.lesson.pk}/" in text and answer.status_code == 200 else set()
        return found

    def modes(self) -> list[str]:
        """Return the access modes of what was made from the event, read again from the database."""
        made: list[Any] = [self.session, self.lesson, self.draft, self.commitment, self.outcome, self.evidence]
        for record in made:
            record.refresh_from_db()
        return [record.access for record in made]


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


def test_a_visitor_finds_nothing_of_an_event_that_is_public_no_more(story: Story, client: Client) -> None:
    everything = {
        f"zq{word}qz" for word in ("event", "session", "lesson", "body", "translation", "commitment", "outcome")
    }
    assert everything | {"address"} <= story.seen_by(client)

    actions.change_event(story.event, by=story.by, access=AccessMode.NETWORK)
    assert story.modes() == [AccessMode.NETWORK] * 6
    assert not EventReportPage.objects.live().exists()
    assert story.seen_by(client) == set()


@pytest.mark.sweep
def test_the_network_goes_on_seeing_what_is_the_networks(story: Story, as_person: Enter) -> None:
    reader = as_person(story.cast.mombasa_focal_point)
    actions.change_event(story.event, by=story.by, access=AccessMode.NETWORK)
    assert {"zqeventqz", "zqlessonqz", "zqcommitmentqz", "zqoutcomeqz"} <= story.seen_by(reader)

    actions.change_event(story.event, by=story.by, access=AccessMode.CLOSED)
    own = {"zqcommitmentqz", "zqoutcomeqz", "zqevidenceqz"}  # their city promised it
    assert story.seen_by(reader) <= own
    assert story.seen_by(as_person(story.cast.kwale_focal_point)) == set()


def test_a_session_takes_only_what_was_made_in_it(story: Story, client: Client) -> None:
    other = make.lesson("zqotherqz", event=story.event)
    actions.change_session(story.session, by=story.by, access=AccessMode.NETWORK)
    other.refresh_from_db()
    seen = story.seen_by(client)
    assert other.access == AccessMode.PUBLIC
    assert {"zqotherqz", "zqeventqz"} <= seen
    assert not seen & {"zqsessionqz", "zqlessonqz", "zqtranslationqz", "zqcommitmentqz", "zqoutcomeqz", "address"}


def test_what_is_narrow_stays_and_widening_widens_nothing(story: Story) -> None:
    Lesson.objects.filter(pk=story.draft.pk).update(access=AccessMode.CLOSED)
    actions.change_event(story.event, by=story.by, access=AccessMode.NETWORK)
    actions.change_event(story.event, by=story.by, access=AccessMode.PUBLIC)
    network, closed = AccessMode.NETWORK, AccessMode.CLOSED
    assert story.modes() == [network, network, closed, network, network, network]
    assert not EventReportPage.objects.live().exists()


def test_a_closed_room_tells_neither_who_spoke_nor_from_where(story: Story) -> None:
    make.participation(story.event, story.cast.participant)
    part = story.event.participations.get(person=story.cast.participant)
    note = write_note(session=story.session, text="Said", language="en", by=story.by, speaker=part)
    told = make.lesson(event=story.event, session=story.session, authorities=[story.cast.kwale])
    told.notes.set(
        [make.note(story.session, attribution="authority", attributed_at=note.created_at, authority=story.cast.kwale)]
    )
    actions.change_session(story.session, by=story.by, access=AccessMode.CLOSED)
    kept = Note.objects.get(pk=note.pk)
    assert (kept.speaker, kept.typist, kept.attribution) == (None, None, "unattributed")
    assert list(story.lesson.authorities.all()) == []
    assert list(told.authorities.all()) == [story.cast.kwale]


def test_a_narrowed_lesson_takes_its_commitments_along(story: Story) -> None:
    story.lesson.access = AccessMode.NETWORK
    edit_lesson(story.lesson, links={}, by=story.by)
    assert story.modes() == [AccessMode.PUBLIC, AccessMode.NETWORK, AccessMode.PUBLIC, *[AccessMode.NETWORK] * 3]

    commitment = Commitment.objects.get(pk=story.commitment.pk)
    commitment.access = AccessMode.CLOSED
    edit_commitment(commitment, by=story.by)
    assert story.modes()[3:] == [AccessMode.CLOSED] * 3


def _fields(client: Client, url: str, **changes: str) -> dict[str, Any]:
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (values | changes).items() if value is not None}


def test_the_form_says_beforehand_what_follows_and_asks_once_more(story: Story, as_person: Enter) -> None:
    client = as_person(story.cast.coordinator)
    make.note(story.session, speaker=story.cast.participant)  # who is still asked, unless it is closed
    url = reverse("events:detail_edit", args=[story.event.slug])
    fields = _fields(client, url, access=AccessMode.NETWORK)

    answer = client.post(url, fields)
    assert answer.status_code == 422
    assert answer.context["form"].errors["access"] == [
        "1 published lesson will be shown to the network only.",
        "1 commitment that applies what was learned will be shown to the network only.",
        "Its published report is removed from the newsroom, where everybody can read every page.",
        "Save once more to do this.",
    ]
    assert story.modes() == [AccessMode.PUBLIC] * 6

    closed = client.post(url, fields | {"access": AccessMode.CLOSED, "narrowed": AccessMode.NETWORK})
    assert closed.status_code == 422, "what was said of one mode is not said of another"
    assert client.post(url, fields | {"narrowed": AccessMode.NETWORK}).status_code == 302
    assert story.modes() == [AccessMode.NETWORK] * 6


def test_a_session_and_a_lesson_say_so_too(story: Story, as_person: Enter) -> None:
    client = as_person(story.cast.coordinator)
    make.note(story.session, speaker=story.cast.participant)
    url = reverse("events:session_edit", args=[story.event.slug, story.session.pk])
    answer = client.post(url, _fields(client, url, access=AccessMode.CLOSED))
    said = list(answer.context["form"].errors["access"])
    assert [sentence.split(" ")[0:4] for sentence in said[:3]] == [
        ["1", "published", "lesson", "will"],
        ["1", "note", "is", "waiting"],
        ["1", "commitment", "that", "applies"],
    ]
    assert said[3].startswith("The event’s report is published.")

    url = reverse("lessons:lesson_edit", args=[story.lesson.pk])
    answer = client.post(url, _fields(client, url, access=AccessMode.NETWORK))
    assert answer.context["form"].errors["access"][0].startswith("1 commitment that applies")
    assert 'name="narrowed" value="network"' in answer.content.decode()


def test_an_event_of_which_nothing_was_made_is_narrowed_at_once(cast: Cast, coming: Event, as_person: Enter) -> None:
    client = as_person(cast.coordinator)
    url = reverse("events:detail_edit", args=[coming.slug])
    assert client.post(url, _fields(client, url, access=AccessMode.CLOSED)).status_code == 302
    coming.refresh_from_db()
    assert (coming.access, Session.objects.get(event=coming).access) == (AccessMode.CLOSED, AccessMode.CLOSED)


def test_a_lesson_waits_for_whoever_narrows_its_room(story: Story) -> None:
    """Whoever changes an event, its session or a lesson locks them in that order, so that no two wait for each other."""
    with CaptureQueriesContext(connection) as queries:
        edit_lesson(story.lesson, links={}, by=story.by)
    locked = [query["sql"].split(" FROM ")[1].split(" ")[0] for query in queries if "FOR " in query["sql"][-60:]]
    assert locked == ['"events_event"', '"events_session"', '"lessons_lesson"']


def test_narrowing_an_event_narrows_its_wider_sessions_alone(cast: Cast) -> None:
    event = make.event(hub=cast.hub)
    modes = [AccessMode.PUBLIC, AccessMode.NETWORK, AccessMode.CLOSED]
    sessions = [make.session(event, access=mode) for mode in modes]

    def now() -> list[str]:
        return [Session.objects.get(pk=one.pk).access for one in sessions]

    actions.change_event(event, by=user_of(cast.coordinator), access=AccessMode.NETWORK)
    assert now() == ["network", "network", "closed"]
    actions.change_event(event, by=user_of(cast.coordinator), access=AccessMode.PUBLIC)
    assert now() == ["network", "network", "closed"]
