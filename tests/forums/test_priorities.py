"""What matters most to a place, and which groups work on it: who says so, and where it is read."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from jirani.audit.models import Entry
from jirani.core.enums import AccessMode
from jirani.forums.actions import save_priority
from jirani.forums.models import Meeting, Priority, WorkingGroup
from tests import factories as make
from tests.cast import Cast, client_of, user_of
from tests.lengths import each_once, many, walked

pytestmark = pytest.mark.django_db


def priority_of(cast: Cast, **fields: Any) -> Priority:
    said = {"authority": cast.mombasa, "forum": cast.forum, "theme": make.theme(), "method": "vote", "words": "Work"}
    return Priority.objects.create(**said | fields)


def typed(**changes: Any) -> dict[str, Any]:
    said = {"rank": "1", "words": "Work for the young", "method": "vote", "language": "en", "access": "public"}
    return {**said, "from_on": "2026-01-01", "until_on": "2027-12-31", "once": "k1"} | changes


def at(cast: Cast, name: str = "priority_list") -> str:
    return reverse(f"forums:{name}", args=[cast.mombasa.organisation.slug])


def read_on(cast: Cast) -> tuple[str, str]:
    """The pages of the authority and of its forum."""
    authority = reverse("public:authority_detail", args=[cast.mombasa.organisation.slug])
    return authority, reverse("public:forum_detail", args=[cast.forum.slug])


def test_whoever_writes_for_the_place_or_its_forum_says_what_matters_most(cast: Cast) -> None:
    shared, own = priority_of(cast), priority_of(cast, forum=None)
    may = {"coordinator", "hub_coordinator", "mombasa_focal_point"}
    too = may | {"forum_secretary"}
    pages = dict.fromkeys((at(cast), at(cast, "priority_create")), too)
    for verb in ("edit", "delete"):
        pages |= {f"/en/priorities/{shared.pk}/{verb}/": too, f"/en/priorities/{own.pk}/{verb}/": may}

    for address, who in pages.items():
        codes = {part: client_of(person).get(address).status_code for part, person in cast.people().items()}
        assert codes == {part: 200 if part in who else 404 for part in codes}, address
        assert client_of(None).get(address).status_code == 302
    writers = (cast.mombasa_focal_point, cast.forum_secretary)
    assert [set(client_of(one).get(at(cast)).context["rows"]) for one in writers] == [{shared, own}, {shared}]


def test_a_priority_is_added_once_and_read_where_the_place_and_the_forum_are(cast: Cast, client: Client) -> None:
    theme, focal = make.theme("Young people"), client_of(cast.mombasa_focal_point)
    sent = typed(theme=theme.pk, forum=cast.forum.pk)

    for _ in range(2):
        focal.post(at(cast, "priority_create"), sent)

    added = Priority.objects.get()
    assert (added.theme, added.forum, added.rank, added.words) == (theme, cast.forum, 1, "Work for the young")
    assert (added.from_on, added.until_on) == (date(2026, 1, 1), date(2027, 12, 31))
    entry = Entry.objects.get(verb="forums.add_priority")
    assert (entry.actor_id, entry.object_id) == (cast.mombasa_focal_point.user_id, added.pk)
    shown, edited = ([one.get(page).content.decode() for page in read_on(cast)] for one in (client, focal))
    assert ["Work for the young" in page for page in shown] == [True, True]
    assert [at(cast) in page for page in (*shown, *edited)] == [False, False, True, True]


def test_a_priority_is_about_a_theme_or_a_driver_and_a_secretary_says_it_for_their_forum(cast: Cast) -> None:
    secretary, theme = client_of(cast.forum_secretary), make.theme()

    def faults(**said: Any) -> dict[str, list[str]]:
        errors = secretary.post(at(cast, "priority_create"), typed(**said)).context["form"].errors
        return {name: list(each) for name, each in errors.items()}

    own = {"forum": cast.forum.pk}
    assert faults(**own) == {"theme": ["Choose a theme or a driver."]}
    assert list(faults(theme=theme.pk)) == ["forum"]
    assert list(faults(theme=theme.pk, forum=make.forum(cast.mombasa).pk)) == ["forum"]
    assert faults(theme=theme.pk, **own, until_on="2025-12-31") == {
        "until_on": ["Enter an end that is no earlier than the beginning."]
    }
    assert faults(theme=theme.pk, **own, rank="0") == {"rank": ["Enter a whole number from 1 to 99."]}
    assert not Priority.objects.exists()


def test_what_one_can_choose_of_a_priority_depends_on_for_whom_one_writes(cast: Cast) -> None:
    focal, secretary = (
        client_of(one).get(at(cast, "priority_create")).context["form"]
        for one in (cast.mombasa_focal_point, cast.forum_secretary)
    )
    (own,) = (choice for choice in secretary["forum"].field.choices)
    assert [str(label) for _value, label in focal["forum"].field.choices] == [
        "No forum, but the authority itself",
        str(own[1]),
    ]
    assert (focal["forum"].field.required, secretary["forum"].field.required) == (False, True)
    assert (focal["forum"].value(), secretary["forum"].value()) == (None, cast.forum.pk)
    closed = focal["access"].field.choices[-1]
    assert closed == ("closed", "Closed: only its authority’s and its forum’s people may see it")
    assert (focal["language"].value(), focal["rank"].value()) == ("en", 1)


def test_a_later_save_of_a_priority_does_not_win_silently(cast: Cast) -> None:
    priority, focal = priority_of(cast), client_of(cast.mombasa_focal_point)
    address = f"/en/priorities/{priority.pk}/edit/"
    version = focal.get(address).context["form"]["version"].value()
    said = typed(theme=priority.theme_id, forum=cast.forum.pk, version=version)

    focal.post(address, said | {"words": "First"})
    late = client_of(cast.forum_secretary).post(address, said | {"words": "Second"})

    priority.refresh_from_db()
    assert (priority.words, late.status_code) == ("First", 422)
    gone = focal.post(f"/en/priorities/{priority.pk}/delete/")
    assert (gone.headers["Location"], Priority.objects.count()) == (at(cast), 0)
    assert Entry.objects.get(verb="forums.remove_priority").details["before"]["words"] == "First"


def test_a_closed_priority_is_for_the_people_of_the_place_alone(cast: Cast, client: Client) -> None:
    priority_of(cast, access=AccessMode.CLOSED, words="Between us")
    pages = [
        one.get(page).content.decode() for one in (client, client_of(cast.forum_secretary)) for page in read_on(cast)
    ]

    assert ["Between us" in page for page in pages] == [False, False, True, True]


def group_at(cast: Cast, name: str, group: WorkingGroup | None = None) -> str:
    return reverse(f"forums:group_{name}", args=[cast.forum.slug, *([group.pk] if group else [])])


def test_a_working_group_is_formed_once_with_the_organisations_in_it(cast: Cast, client: Client) -> None:
    body, secretary = make.organisation("Haki", country="KE"), client_of(cast.forum_secretary)
    sent = {"name": "Youth", "language": "en", "organisations": [body.pk], "once": "k1"}

    answers = [secretary.post(group_at(cast, "create"), sent) for _ in range(2)]

    group = WorkingGroup.objects.get()
    page = read_on(cast)[1]
    assert {each.headers["Location"] for each in answers} == {f"{page}#group-{group.pk}"}
    assert (group.name, list(group.organisations.all())) == ("Youth", [body])
    shown, edited = (one.get(page).content.decode() for one in (client, secretary))
    assert ["Haki" in shown, *(group_at(cast, "edit", group) in each for each in (shown, edited))] == [
        True,
        False,
        True,
    ]
    for address in (group_at(cast, "create"), group_at(cast, "edit", group), group_at(cast, "remove", group)):
        codes = [client_of(one).get(address).status_code for one in (cast.mombasa_focal_point, cast.kwale_focal_point)]
        assert codes == [200, 404]


def test_who_is_in_a_group_is_not_overwritten_silently(cast: Cast) -> None:
    first, second = (make.organisation(name, country="KE") for name in ("Haki", "Amani"))
    group = WorkingGroup.objects.create(forum=cast.forum, name="Youth")
    secretary, address = client_of(cast.forum_secretary), group_at(cast, "edit", group)
    version = secretary.get(address).context["form"]["version"].value()
    sent = {"name": "Youth", "language": "en", "version": version}

    secretary.post(address, sent | {"organisations": [first.pk]})
    late = client_of(cast.mombasa_focal_point).post(address, sent | {"organisations": [second.pk]})

    assert (late.status_code, list(group.organisations.all())) == (422, [first])


def test_a_group_that_met_stays(cast: Cast) -> None:
    group = WorkingGroup.objects.create(forum=cast.forum, name="Youth")
    met = Meeting.objects.create(forum=cast.forum, working_group=group, title="First", held_on=date(2024, 5, 1))
    secretary, address = client_of(cast.forum_secretary), group_at(cast, "remove", group)

    refused = secretary.post(address)
    assert (refused.status_code, WorkingGroup.objects.count()) == (422, 1)
    met.delete()
    secretary.post(address)
    assert WorkingGroup.objects.count() == 0


def test_the_action_refuses_a_forum_of_another_authority(cast: Cast) -> None:
    said: dict[str, Any] = {"theme": make.theme(), "method": "vote", "language": "en"}
    shared, elsewhere = priority_of(cast), make.forum(cast.kwale)
    shared.forum = elsewhere
    for priority in (Priority(authority=cast.mombasa, forum=elsewhere, **said), shared):
        with pytest.raises(ValidationError) as refused:
            save_priority(priority, by=user_of(cast.coordinator))
        assert refused.value.message_dict == {"forum": ["Choose a forum of the same local authority."]}
    with pytest.raises(ValidationError):  # a secretary's own forum gives no right to speak for another authority
        save_priority(Priority(authority=cast.kwale, forum=cast.forum, **said), by=user_of(cast.forum_secretary))
    assert Priority.objects.get().forum == cast.forum


def test_all_priorities_are_one_link_away_from_the_page_of_their_authority(cast: Cast, client: Client) -> None:
    authority, _forum = read_on(cast)
    everything = reverse("public:priority_list", args=[cast.mombasa.organisation.slug])
    made = [priority_of(cast, rank=n, words=f"Word {n}.") for n in range(1, 6)]
    priority_of(cast, rank=7, words="Between us", access=AccessMode.CLOSED)
    link = f'href="{everything}"'
    assert link not in client.get(authority).content.decode()

    priority_of(cast, rank=6, words="Word 6.")
    shown = client.get(authority).content.decode()
    assert (link in shown, re.findall(r"Word (\d)\.", shown)) == (True, ["1", "2", "3", "4", "5"])
    assert len(made) == 5
    for who, closed in ((None, 0), (cast.mombasa_focal_point, 1)):
        page = client_of(who).get(everything).content.decode()
        assert re.findall(r"Word (\d)\.", page) == ["1", "2", "3", "4", "5", "6"]
        assert page.count("Between us") == closed

    many(made[0], 200, rank=lambda _n: 50, words=lambda n: f"More {n:03}.")
    pages = walked(client, everything)
    assert each_once(pages, r"More (\d+)\.") == [f"{n:03}" for n in range(200)]
