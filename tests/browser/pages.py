"""One page of each type in the demo network, and who looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jirani.config.languages import CODES

from .conftest import Network

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

_PAST = "kenya-exchange-2021"
_NEXT = "kenya-exchange-2027"
_FIRST = "select s.id from events_session s join events_event e on e.id = s.event_id where e.slug = "

#: Names in the addresses below, and how to find their values.
FINDS = {
    "session": f"{_FIRST}'{_PAST}' order by s.id limit 1",
    "coming": f"{_FIRST}'{_NEXT}' order by s.id limit 1",
    "lesson": "select id from lessons_lesson where state = 'published' and session_id is not null order by id limit 1",
    "written": "select id from lessons_lesson where state = 'draft' order by id limit 1",
    "note": "select id from lessons_note where attribution = 'sector' order by id limit 1",
    "said": (
        "select n.id from lessons_note n join members_person p on p.id = n.speaker_id "
        "where p.email like 'focal-mombasa@%%' order by n.id limit 1"
    ),
    "commitment": (
        "select c.id from commitments_commitment c join commitments_outcome o on o.commitment_id = c.id "
        "join members_organisation m on m.id = c.organisation_id where m.slug = 'kwale' order by c.id limit 1"
    ),
    "outcome": "select id from commitments_outcome order by id limit 1",
    **{
        name: (
            f"select x.id from commitments_{name.removeprefix('own_')} x join commitments_commitment c on c.id = x.commitment_id "
            "join members_organisation m on m.id = c.organisation_id where m.slug = 'kwale' order by x.id limit 1"
        )
        for name in ("own_outcome", "own_evidence", "own_adaptation")
    },
    "recommendation": (
        "select id from lessons_lesson where state = 'published' and kind = 'recommendation' and addressees @> '{cities}' "
        "order by id limit 1"
    ),
    "promise": (
        "select c.id from commitments_commitment c join members_organisation m on m.id = c.organisation_id "
        "where m.slug = 'kwale' and c.status = 'draft' order by c.id limit 1"
    ),
    "follow_up": (
        "select f.id from commitments_followup f join commitments_commitment c on c.id = f.commitment_id "
        "join members_organisation m on m.id = c.organisation_id "
        "where m.slug = 'kwale' and f.side = 'government' and f.answered_on is null order by f.id limit 1"
    ),
    "activity": (
        "select a.id from plans_activity a join plans_objective o on o.id = a.objective_id "
        "join plans_pillar i on i.id = o.pillar_id join plans_actionplan p on p.id = i.plan_id "
        "where p.slug = 'mombasa-2025' order by a.id limit 1"
    ),
    **{
        name: (
            f"select {name}.id from plans_measurement measurement "
            "join plans_indicator indicator on indicator.id = measurement.indicator_id "
            "join plans_activity activity on activity.id = indicator.activity_id "
            "join plans_objective o on o.id = activity.objective_id join plans_pillar i on i.id = o.pillar_id "
            "join plans_actionplan p on p.id = i.plan_id where p.slug = 'kwale-2017' order by measurement.id limit 1"
        )
        for name in ("indicator", "measurement")
    },
    "post": (
        "select t.id from members_tenure t join members_organisation o on o.id = t.organisation_id "
        "where o.slug = 'kwale' and t.until_on is null order by t.id limit 1"
    ),
    "duty": "select id from members_networkrole where until_on is null order by id limit 1",
    "seat": (
        "select s.id from forums_seat s join forums_forum f on f.id = s.forum_id "
        "where f.slug = 'mombasa-forum' and s.until_on is null order by s.person_id limit 1"
    ),
    "group": (
        "select g.id from forums_workinggroup g join forums_forum f on f.id = g.forum_id "
        "where f.slug = 'mombasa-forum' order by g.id limit 1"
    ),
    "priority": "select id from forums_priority order by id limit 1",
    "participant": (
        "select p.id from events_participation p join events_event e on e.id = p.event_id "
        f"where e.slug = '{_NEXT}' and p.state = 'confirmed' order by p.id limit 1"
    ),
}


@dataclass(frozen=True)
class Kind:
    """A type of page: its name, its address without the language, and the role of the demo that looks at it.

    A variant is the page of another type as it looks to somebody else, or with other records.
    """

    name: str
    path: str
    role: str = ""
    variant: bool = False

    def addresses(self, network: Network) -> dict[str, str]:
        """Return the address of the page in each language."""
        found = {name: network.value(query) for name, query in FINDS.items() if f"{{{name}}}" in self.path}
        return {language: f"/{language}/{self.path.format(**found)}" for language in CODES}


PUBLIC = (
    Kind("home", ""),
    Kind("authority list", "local-authorities/"),
    Kind("authority", "local-authorities/mombasa/"),
    Kind("all priorities", "local-authorities/mombasa/priorities/all/"),
    Kind("organisation", "organisations/strong-cities-network/"),
    Kind("event list", "events/"),
    Kind("event", f"events/{_PAST}/"),
    Kind("coming event", f"events/{_NEXT}/", variant=True),
    Kind("session", f"events/{_PAST}/sessions/{{session}}/"),
    Kind("lesson list", "lessons/"),
    Kind("lesson list, filtered", "lessons/?country=KE&kind=good-practice", variant=True),
    Kind("lesson list, nothing found", "lessons/?q=zzzzzz", variant=True),
    Kind("lesson", "lessons/{lesson}/"),
    Kind("commitment list", "commitments/"),
    Kind("commitment", "commitments/{commitment}/"),
    Kind("outcome list", "outcomes/"),
    Kind("outcome", "outcomes/{outcome}/"),
    Kind("plan list", "plans/"),
    Kind("plan", "plans/mombasa-2025/"),
    Kind("activity", "plans/mombasa-2025/activities/{activity}/"),
    Kind("forum", "forums/mombasa-forum/"),
    Kind("newsroom", "news/"),
    Kind("article", "news/africa-summit-and-kenya-exchange/"),
    Kind("report", "news/report-kenya-inter-county-exchange/"),
    Kind("about", "about/"),
    Kind("personal data", "personal-data/"),
    Kind("sign in", "accounts/sign-in/"),
    Kind("sign in with a code", "accounts/code/"),
    Kind("sign in to the demo", "demo/sign-in/"),
    Kind("not found", "nowhere/"),
    Kind("design", "design/"),
)

_EVENT = f"events/{_NEXT}"
_SESSION = f"events/{_PAST}/sessions/{{session}}"
_BOSS, _FOCAL = "coordinator", "focal-kwale"

SIGNED_IN = (
    Kind("desk of a coordinator", "desk/", _BOSS),
    Kind("desk of a focal point", "desk/", _FOCAL, variant=True),
    Kind("sign out", "accounts/sign-out/", _BOSS),
    Kind("set a password", "accounts/password/set/", _BOSS),
    Kind("sign-in and security", "accounts/security/", _BOSS),
    Kind("set up an app", "accounts/security/app/", _BOSS),
    Kind("add a passkey", "accounts/security/passkeys/new/", _BOSS),
    Kind("show that it is you", "accounts/again/code/", _BOSS),
    Kind("own data", "personal-data/mine/", "participant"),
    Kind("own name", "personal-data/mine/edit/", "participant"),
    Kind("erase own data", "personal-data/mine/erase/", "participant"),
    Kind("consents", "personal-data/mine/consents/", "participant"),
    Kind("new authority", "local-authorities/new/", _BOSS),
    Kind("edit authority", "local-authorities/kwale/edit/", _BOSS),
    Kind("edit membership", "local-authorities/kwale/membership/edit/", _BOSS),
    Kind("import", "local-authorities/import/", _BOSS),
    Kind("organisations", "organisations/", _BOSS),
    Kind("new organisation", "organisations/new/", _BOSS),
    Kind("edit organisation", "organisations/isd/edit/", _BOSS),
    Kind("organisations and their people", "people/", _BOSS),
    Kind("posts", "organisations/kwale/people/", _BOSS),
    Kind("new post", "organisations/kwale/people/new/", _BOSS),
    Kind("end post", "organisations/kwale/people/{post}/end/", _BOSS),
    Kind("duties", "people/roles/", _BOSS),
    Kind("new duty", "people/roles/new/", _BOSS),
    Kind("end duty", "people/roles/{duty}/end/", _BOSS),
    Kind("seats", "forums/mombasa-forum/seats/", _BOSS),
    Kind("new seat", "forums/mombasa-forum/seats/new/", _BOSS),
    Kind("replace in seat", "forums/mombasa-forum/seats/{seat}/replace/", _BOSS),
    Kind("correct seat", "forums/mombasa-forum/seats/{seat}/edit/", _BOSS),
    Kind("end seat", "forums/mombasa-forum/seats/{seat}/end/", _BOSS),
    Kind("priorities", "local-authorities/mombasa/priorities/", _BOSS),
    Kind("new priority", "local-authorities/mombasa/priorities/new/", _BOSS),
    Kind("edit priority", "priorities/{priority}/edit/", _BOSS),
    Kind("delete priority", "priorities/{priority}/delete/", _BOSS),
    Kind("new working group", "forums/mombasa-forum/groups/new/", _BOSS),
    Kind("edit working group", "forums/mombasa-forum/groups/{group}/edit/", _BOSS),
    Kind("delete working group", "forums/mombasa-forum/groups/{group}/delete/", _BOSS),
    Kind("new event", "events/new/", _BOSS),
    Kind("edit event", f"{_EVENT}/edit/", _BOSS),
    Kind("event details", f"{_EVENT}/edit/details/", _BOSS),
    Kind("publish event", "events/internship-visit-2027/publish/", _BOSS),
    Kind("cancel event", f"{_EVENT}/cancel/", _BOSS),
    Kind("add organisation", f"{_EVENT}/organisations/new/", _BOSS),
    Kind("add delegations", f"{_EVENT}/delegations/new/", _BOSS),
    Kind("add session", f"{_EVENT}/sessions/new/", _BOSS),
    Kind("edit session", f"{_EVENT}/sessions/{{coming}}/edit/", _BOSS),
    Kind("delete session", f"{_EVENT}/sessions/{{coming}}/delete/", _BOSS),
    Kind("participants", f"{_EVENT}/participants/", _BOSS),
    Kind("add participant", f"{_EVENT}/participants/new/", _BOSS),
    Kind("paste participants", f"{_EVENT}/participants/paste/", _BOSS),
    Kind("invite", f"{_EVENT}/participants/invite/", _BOSS),
    Kind("attendance", f"{_EVENT}/participants/attendance/", _BOSS),
    Kind("edit participant", f"{_EVENT}/participants/{{participant}}/edit/", _BOSS),
    Kind("invite again", f"{_EVENT}/participants/{{participant}}/invite/", _BOSS),
    Kind("take participant off", f"{_EVENT}/participants/{{participant}}/cancel/", _BOSS),
    Kind("own programme", f"{_EVENT}/my-programme/", "participant"),
    Kind("write report", f"events/{_PAST}/report/write/", _BOSS),
    Kind("notes", f"{_SESSION}/notes/", _BOSS),
    Kind("own notes", "notes/mine/", "focal-mombasa"),
    Kind("edit note", "notes/{note}/edit/", _BOSS),
    Kind("attribute note", "notes/{said}/attribution/", "focal-mombasa"),
    Kind("narrow note", "notes/{note}/narrow/", _BOSS),
    Kind("withdraw note", "notes/{note}/withdraw/", _BOSS),
    Kind("new lesson", "lessons/new/", _BOSS),
    Kind("new lesson of a session", f"{_SESSION}/lessons/new/", _BOSS, variant=True),
    Kind("edit lesson", "lessons/{lesson}/edit/", _BOSS),
    Kind("publish lesson", "lessons/{written}/publish/", _BOSS),
    Kind("review lesson", "lessons/{lesson}/review/", _BOSS),
    Kind("withdraw lesson", "lessons/{lesson}/withdraw/", _BOSS),
    Kind("stand behind lesson", "lessons/{recommendation}/endorse/", _FOCAL),
    Kind("answer recommendation", "lessons/{recommendation}/answer/", _FOCAL),
    Kind("apply lesson", "lessons/{lesson}/apply/", _FOCAL),
    Kind("edit commitment", "commitments/{commitment}/edit/", _FOCAL),
    Kind("publish commitment", "commitments/{promise}/publish/", _FOCAL),
    Kind("drop commitment", "commitments/{commitment}/drop/", _FOCAL),
    Kind("record adaptation", "commitments/{commitment}/adaptations/new/", _FOCAL),
    Kind("set completion", "commitments/{commitment}/completion/", _FOCAL),
    Kind("record outcome", "commitments/{commitment}/outcomes/new/", _FOCAL),
    Kind("add evidence", "commitments/{commitment}/evidence/new/", _FOCAL),
    Kind("own outcome", "outcomes/{own_outcome}/", _FOCAL),
    Kind("edit outcome", "outcomes/{own_outcome}/edit/", _FOCAL),
    Kind("withdraw outcome", "outcomes/{own_outcome}/withdraw/", _FOCAL),
    Kind("make good practice", "outcomes/{own_outcome}/good-practice/", _FOCAL),
    Kind("edit evidence", "evidence/{own_evidence}/edit/", _FOCAL),
    Kind("edit adaptation", "adaptations/{own_adaptation}/edit/", _FOCAL),
    Kind("answer follow-up", "follow-ups/{follow_up}/answer/", _FOCAL),
    Kind("new activity", "plans/mombasa-2025/activities/new/", "focal-mombasa"),
    Kind("edit activity", "plans/mombasa-2025/activities/{activity}/edit/", "focal-mombasa"),
    Kind("new indicator", "plans/mombasa-2025/activities/{activity}/indicators/new/", "focal-mombasa"),
    Kind("indicator", "plans/kwale-2017/indicators/{indicator}/"),
    Kind("edit indicator", "plans/kwale-2017/indicators/{indicator}/edit/", _FOCAL),
    Kind("delete indicator", "plans/kwale-2017/indicators/{indicator}/delete/", _FOCAL),
    Kind("enter measurement", "plans/kwale-2017/indicators/{indicator}/measurements/new/", _FOCAL),
    Kind("correct measurement", "plans/kwale-2017/measurements/{measurement}/edit/", _FOCAL),
    Kind("delete measurement", "plans/kwale-2017/measurements/{measurement}/delete/", _FOCAL),
    Kind("progress of activity", "plans/mombasa-2025/activities/{activity}/progress/", "focal-mombasa"),
)

PAGES = PUBLIC + SIGNED_IN
