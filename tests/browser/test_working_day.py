"""The working day of a network in a browser: from an exchange that is called to what a county made of it, and the report.

The sweep tells it in English at a desk, in Arabic on a phone, and in English on a phone without scripts. Buttons and fields are
found by what they are, not by what they say, so that one story serves all.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import DESK, PHONE, Visits

pytestmark = [pytest.mark.browser, pytest.mark.sweep]


@dataclass
class Day:
    """Who tells the story and how, and the records made so far."""

    visits: Visits
    language: str
    width: int
    scripts: bool
    files: Path
    event: str = ""
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"Exchange told in {self.language} {'with' if self.scripts else 'without'} scripts"

    def window(self, role: str = "") -> Any:
        return self.visits.window(role, self.width, java_script_enabled=self.scripts)

    def go(self, page: Page, path: str) -> None:
        answer = page.goto(f"/{self.language}/{path}")
        assert answer is not None
        assert answer.status == 200, path

    def key(self, query: str, *arguments: object) -> Any:
        return self.visits.network.value(query, *arguments)

    def organisation(self, slug: str) -> str:
        return str(self.key("select id from members_organisation where slug = %s", slug))

    def authority(self, slug: str) -> str:
        query = "select a.id from members_localauthority a join members_organisation o on o.id = a.organisation_id"
        return str(self.key(f"{query} where o.slug = %s", slug))


def fill(page: Page, **values: Any) -> None:
    """Fill the fields of those names as a person would."""
    for name, value in values.items():
        fields = page.locator(f"main [name={name}]")
        kind = fields.first.evaluate("e => e.matches('select') ? 'select' : e.type")
        if kind in {"radio", "checkbox"}:
            for one in value if isinstance(value, list) else [value]:
                page.locator(f"main label:has([name={name}][value='{one}'])").click()
        elif kind == "select":
            fields.select_option(value)
        elif kind == "file":
            fields.set_input_files(value)
        else:
            fields.fill(value)


def send(page: Page, button: str = "main form:has(.acts) .acts button", **values: Any) -> None:
    """Fill the form and press its first button; the answer must not be the form with errors."""
    fill(page, **values)
    with page.expect_navigation():
        page.locator(button).first.click()
    faults = page.locator("main .fault, main .notice.error")
    assert faults.count() == 0, faults.all_inner_texts()


def follow(page: Page, ending: str) -> None:
    """Follow the link that leads to an address of that ending."""
    with page.expect_navigation():
        page.locator(f"main a[href$='{ending}']:visible").first.click()


def enter_aside(page: Page, typed: dict[str, Any], **organisation: Any) -> None:
    """Enter an organisation that the form's list lacks, and check that what was typed is restored and the organisation chosen."""
    fill(page, **typed)
    form = page.url
    with page.expect_navigation():
        page.locator("button[name=aside]").click()
    send(page, **organisation)
    expect(page).to_have_url(form)
    expect(page.locator("[name=organisation] option:checked")).to_have_text(organisation["name"])


def call_the_exchange(day: Day) -> None:
    with day.window("coordinator") as page:
        day.go(page, "desk/")
        follow(page, "/events/new/")
        today = date.today()  # noqa: DTZ011  (a day near enough in every zone)
        send(
            page, title=day.title, kind="exchange", starts_on=today.isoformat(),
            ends_on=(today + timedelta(days=1)).isoformat(), format="in-person", place="Ukunda", country="KE",
            summary="Two counties look at how seats rotate.", language="en", access="public",
        )  # fmt: skip
        day.event = page.url.rstrip("/").split("/")[-2]
        edit = f"events/{day.event}/edit/"
        for part in (
            {"role": "organiser", "organisation": day.organisation("strong-cities-network")},
            {"role": "host", "organisation": day.organisation("kwale")},
        ):
            follow(page, f"/events/{day.event}/organisations/new/")
            send(page, **part)
        for role, name, sector in (
            ("partner", f"Neighbours of {day.title}", "civil-society"),
            ("donor", f"Fund of {day.title}", "private"),
        ):
            follow(page, f"/events/{day.event}/organisations/new/")
            enter_aside(page, {"role": role}, name=name, sector=sector)
            send(page)
        follow(page, "/delegations/new/")
        send(page, authorities=[day.authority("kwale"), day.authority("mombasa")])
        for session in (
            {"kind": "plenary", "title": f"What we learned: {day.title}", "starts_at": "09:00", "ends_at": "10:30"},
            {"kind": "site-visit", "title": f"Youth centre: {day.title}", "starts_at": "11:00", "ends_at": "13:00",
             "host": day.organisation("kwale"), "place": "Ukunda"},
        ):  # fmt: skip
            follow(page, "/sessions/new/")
            send(page, **session)
        day.go(page, "desk/")
        expect(page.locator("main")).to_contain_text(day.title)  # a draft wants to be published
        day.go(page, edit)
        follow(page, f"/events/{day.event}/publish/")
        send(page, "main form button.button")


def invite(day: Day) -> None:
    with day.window("coordinator") as page:
        for name, email, role in (
            ("Asha", f"asha-{day.event}@example.org", "delegate"),
            ("Rapporteur", _RAPPORTEUR, "rapporteur"),
        ):
            day.go(page, f"events/{day.event}/participants/new/")
            send(page, name=name, email=email, role=role, language="en")
        query = "select p.id from events_participation p join events_event e on e.id = p.event_id where e.slug = %s and p.role = %s"
        part = str(day.key(query, day.event, "rapporteur"))
        session = "select s.id from events_session s join events_event e on e.id = s.event_id where e.slug = %s and s.kind = %s"
        day.found["session"] = day.key(session, day.event, "plenary")
        day.go(page, f"events/{day.event}/sessions/{day.found['session']}/edit/")
        send(page, "main form:has([name=participation]) button", participation=part, role="rapporteur")
        day.go(page, f"events/{day.event}/participants/invite/")
        expect(page.locator("main form")).to_contain_text(f"asha-{day.event}@example.org")
        send(page)


_RAPPORTEUR = "rapporteur@demo.jirani.example"


def letter(day: Day, address: str) -> str:
    """The link in the last e-mail that the worker sent to an address about this exchange."""
    for _ in range(150):
        for text in reversed(day.visits.network.letters(address)):
            link = re.search(r"https?://\S+/my-programme/\S+/", text)
            if link and day.title in text:
                return link[0]
        time.sleep(0.2)
    raise AssertionError(f"no invitation for {address} within 30 s")


def answer(day: Day) -> None:
    with day.window() as page:
        came_from: set[str] = set()
        page.on("request", lambda request: came_from.add(request.headers.get("referer", "")))
        page.goto(letter(day, f"asha-{day.event}@example.org"))
        expect(page.locator("main #programme")).to_contain_text(f"Youth centre: {day.title}")
        with page.expect_navigation():
            page.locator("button[name=comes][value=yes]").click()
        expect(page.locator("button[name=comes][value=yes]")).to_have_count(0)
    # The link, which is a secret, is in no Referer, from which a proxy's log would have it; our own origin is.
    assert f"{day.visits.network.origin}/" in came_from
    assert [address for address in came_from if "my-programme" in address] == []
    with day.window("rapporteur") as page:
        day.go(page, "desk/")
        expect(page.locator("main")).to_contain_text(day.title)  # the invitation wants an answer
        day.go(page, f"events/{day.event}/my-programme/")
        with page.expect_navigation():
            page.locator("button[name=comes][value=yes]").click()


def take_notes(day: Day) -> None:
    with day.window("rapporteur") as page:
        notes = f"events/{day.event}/sessions/{day.found['session']}/notes/"
        day.go(page, notes)
        for words in ("Seats rotate every year.", "Nobody chairs twice running."):
            send(page, "#write .acts button", text=words, language="en")
        for box in page.locator("input[name=notes]").all():
            box.check()
        with page.expect_navigation():
            page.locator("main .bar button").click()
        expect(page.locator("main [name=body]")).to_have_value(
            re.compile("Seats rotate.*Nobody chairs|Nobody chairs.*Seats", re.DOTALL)
        )
        share(day, page, "lesson", kind="good-practice", title=f"Rotate the seats: {day.title}", cost="No cost")
        day.go(page, f"events/{day.event}/sessions/{day.found['session']}/lessons/new/")
        advice = {"title": f"Pay for the travel: {day.title}", "body": "Counties cannot pay for buses."}
        share(day, page, "recommendation", kind="recommendation", addressees="partners", **advice)


def share(day: Day, page: Page, what: str, **values: Any) -> None:
    """Save a lesson, look at its preview, publish it."""
    send(page, language="en", access="public", **values)
    send(page, "main form .acts button")
    day.found[what] = int(page.url.rstrip("/").split("/")[-1])
    expect(page.locator("h1")).to_contain_text(values["title"])


def take_up(day: Day) -> None:
    with day.window("focal-kwale") as page:
        day.go(page, "lessons/")
        page.locator("main form [name=q]").fill(f'"Rotate the seats: {day.title}"')
        page.locator("main form [name=q]").press("Enter")
        follow(page, f"/lessons/{day.found['lesson']}/")
        follow(page, f"/lessons/{day.found['lesson']}/apply/")
        objective = page.locator("[name=new_objective] option:not([value=''])").first.get_attribute("value")
        send(
            page, organisation=day.organisation("kwale"), title=f"Kwale rotates: {day.title}", lead="Director", language="en",
            due_on="2027-06-30", new_activity=f"Rotate in Kwale: {day.title}", new_objective=objective, access="public",
        )  # fmt: skip
        day.found["commitment"] = int(page.url.rstrip("/").split("/")[-2])
        day.go(page, "desk/")
        expect(page.locator("main")).to_contain_text(f"Kwale rotates: {day.title}")  # a draft wants to be published
        day.go(page, f"commitments/{day.found['commitment']}/publish/")
        send(page, "main form .acts button")
        expect(page.locator("#chain a[href*='/activities/']")).to_have_count(1)


def report_back(day: Day) -> None:
    minutes = day.files / "minutes.txt"
    minutes.write_text("The seats rotated on 4 May.", encoding="utf-8")
    own = f"commitments/{day.found['commitment']}/"
    with day.window("focal-kwale") as page:
        day.go(page, own)
        follow(page, "/adaptations/new/")
        send(page, kept="The turn.", changed="Every two years.", why="The county is larger.", language="en")
        day.go(page, f"{own}completion/")
        send(page, completion="substantial", title="Minutes", file=minutes)
        day.go(page, f"{own}outcomes/new/")
        send(
            page, change=f"More voices: {day.title}", significance="Trust.", observed=f"{datetime.now(UTC):%F}", language="en",
            access="public", title="Register", file=minutes,
        )  # fmt: skip
    with day.window() as page:
        day.go(page, own)
        main = page.locator("main")
        for words in ("Every two years.", f"More voices: {day.title}", "Minutes", "Register"):
            expect(main).to_contain_text(words)
        day.go(page, f"lessons/{day.found['lesson']}/")
        expect(page.locator(f"main a[href$='/{own}']").first).to_be_visible()


def write_the_report(day: Day) -> None:
    with day.window("coordinator") as page:
        day.go(page, f"events/{day.event}/edit/")
        follow(page, "/report/write/")
        with page.expect_navigation(url=re.compile("/cms/pages/")):
            page.locator("main form button.button").click()
        heading = page.locator("[name=title]")
        expect(heading).to_be_visible()
        heading.fill(f"Report: {day.title}")
        number = page.url.rstrip("/").split("/")[-2]
        page.locator("footer [aria-expanded=false]").first.click()
        with page.expect_navigation():
            page.locator("button[name=action-publish]").click()
        address = day.key("select slug from wagtailcore_page where id = %s and live", number)
    with day.window() as page:
        day.go(page, f"news/{address}/")
        expect(page.locator("h1")).to_contain_text(f"Report: {day.title}")
        article = page.locator("main")
        for words in (f"Rotate the seats: {day.title}", f"Pay for the travel: {day.title}", f"Fund of {day.title}"):
            expect(article).to_contain_text(words)
        reading = page.locator("main .meta time + span").inner_text()
        assert re.search(r"\w", reading), "no minutes to read"
        assert not re.search(r"(^|\D)[0٠](\D|$)", reading), reading


STEPS = (call_the_exchange, invite, answer, take_notes, take_up, report_back)


def test_a_day_in_english_at_a_desk(visits: Visits, tmp_path: Path) -> None:
    day = Day(visits, "en", DESK, scripts=True, files=tmp_path)
    for step in (*STEPS, write_the_report):
        step(day)


def test_a_day_in_arabic_on_a_phone(visits: Visits, tmp_path: Path) -> None:
    day = Day(visits, "ar", PHONE, scripts=True, files=tmp_path)
    for step in (*STEPS, write_the_report):
        step(day)


def test_a_day_without_scripts(visits: Visits, tmp_path: Path) -> None:
    day = Day(visits, "en", PHONE, scripts=False, files=tmp_path)  # Wagtail's editor needs them
    for step in STEPS:
        step(day)
