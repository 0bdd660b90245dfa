"""The interface is complete in every language, and the check that says so sees what it should."""

from functools import cache
from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.mofile import read_mo
from hypothesis import given
from hypothesis import strategies as st

from jirani.server.catalogues import compile_catalogues
from tools import messages


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    assert messages.problems(language) == []


def test_no_message_is_overlooked() -> None:
    assert messages.overlooked() == []


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with one view and one template, and a French catalogue brought up to them."""
    folder = tmp_path / "jirani"
    (folder / "x" / "templates" / "x").mkdir(parents=True)
    (folder / "x" / "views.py").write_text(
        "# Translators: the act, not the book\n"
        'a = pgettext("verb", "Record")\n'
        'b = ngettext("%(count)s lesson", "%(count)s lessons", n) % {"count": n}\n',
        "utf-8",
    )
    (folder / "x" / "templates" / "x" / "page.html").write_text(
        '  <p>\n{% translate "Record" %} it\'s\n    {% blocktranslate trimmed with name=a %}\n      Dear {{ name }},\n'
        '      100% <b>yours</b>\n    {% endblocktranslate %}\n<b title="{{ x|default:_("none") }}">',
        "utf-8",
    )
    messages.update(folder)
    return folder


def translate(package: Path, words: dict[str, str]) -> None:
    """Replace empty translations in the French catalogue, by what stands before them."""
    path = messages.path_of("fr", package)
    text = path.read_text("utf-8")
    for before, translation in words.items():
        assert text.count(before + '""') == 1, before
        text = text.replace(before + '""', f'{before}"{translation}"')
    path.write_text(text, "utf-8")


ALL = {
    'msgctxt "verb"\nmsgid "Record"\nmsgstr ': "Enregistrer",
    "msgstr[0] ": "%(count)s enseignement",
    "msgstr[1] ": "%(count)s enseignements",
    '#: jirani/x/templates/x/page.html\nmsgid "Record"\nmsgstr ': "Dossier",
    'yours</b>"\nmsgstr ': "Cher %(name)s, 100%% <b>vôtre</b>",
    'msgid "none"\nmsgstr ': "aucun",
}


def test_messages_are_gathered_from_code_and_templates(package: Path) -> None:
    entries = messages.gather(package)

    assert [(entry.context, entry.id, entry.comments) for entry in entries.values()] == [
        (None, "Dear %(name)s, 100%% <b>yours</b>", []),
        (None, "Record", []),
        (None, "none", []),
        (None, ("%(count)s lesson", "%(count)s lessons"), []),
        ("verb", "Record", ["the act, not the book"]),
    ]


def test_a_message_in_an_f_string_is_found(package: Path) -> None:
    (package / "x" / "text.py").write_text('a = f"{hint} {_(\'Needed.\')}"\nb = f"{hint} {needed}"\n', "utf-8")

    assert messages.overlooked(package) == ["jirani/x/text.py: take _('Needed.') out of the f-string"]


def test_a_complete_catalogue_has_no_problem(package: Path) -> None:
    translate(package, ALL)

    assert messages.problems("fr", package) == []


@pytest.mark.parametrize(
    ("key", "translation", "problem"),
    [
        ('yours</b>"\nmsgstr ', "Cher %(nom)s, <b>vôtre</b>", "unknown placeholder nom"),
        ('yours</b>"\nmsgstr ', "Cher, <b>vôtre</b>", "placeholder name is missing"),
        ('yours</b>"\nmsgstr ', "Cher %(name)s", "other tags"),
        ('yours</b>"\nmsgstr ', "Cher %(name)s : <b>vôtre</b>", "no narrow no-break space"),
        ("msgstr[1] ", "des enseignements", "placeholder count is missing"),
        ("msgstr[1] ", "", "a plural form is missing"),
        ('msgid "none"\nmsgstr ', "", "not translated"),
    ],
)
def test_a_bad_translation_is_found(package: Path, key: str, translation: str, problem: str) -> None:
    translate(package, {**ALL, key: translation})

    found = messages.problems("fr", package)
    assert problem in found[0]


def test_a_fuzzy_entry_is_found(package: Path) -> None:
    translate(package, ALL)
    path = messages.path_of("fr", package)
    path.write_text(path.read_text("utf-8").replace('msgid "none"', '#, fuzzy\nmsgid "none"'), "utf-8")

    assert messages.problems("fr", package) == ["fr: 'none' (jirani/x/templates/x/page.html): fuzzy"]


def test_update_keeps_what_is_used_and_drops_the_rest(package: Path) -> None:
    translate(package, ALL)
    before = messages.path_of("fr", package).read_text("utf-8")
    messages.update(package)
    assert messages.path_of("fr", package).read_text("utf-8") == before

    (package / "x" / "views.py").write_text('a = gettext("New")\n', "utf-8")
    assert messages.problems("fr", package) == [
        "fr: nothing uses ('%(count)s lesson', '%(count)s lessons'): run `update`",
        "fr: nothing uses 'Record': run `update`",
        "fr: not in the catalogue: 'New' (jirani/x/views.py): run `update`",
    ]

    messages.update(package)
    assert messages.problems("fr", package) == ["fr: 'New' (jirani/x/views.py): not translated"]


def test_catalogues_are_compiled_when_they_changed(package: Path) -> None:
    translate(package, ALL)
    root = package / "locale"

    written = compile_catalogues(root)
    assert [path.parent.parent.name for path in written] == sorted(messages.LANGUAGES)
    with (root / "fr" / "LC_MESSAGES" / "django.mo").open("rb") as compiled:
        message = read_mo(compiled).get("none")
    assert message is not None
    assert message.string == "aucun"
    assert compile_catalogues(root) == []

    path = messages.path_of("fr", package)
    path.write_text(path.read_text("utf-8").replace('"aucun"', '"rien"'), "utf-8")
    assert compile_catalogues(root) == [path.with_suffix(".mo")]


@cache
def categories(language: str) -> list[str]:
    """CLDR's categories that whole numbers have, in the order in which gettext counts them."""
    met = {Locale(language).plural_form(number) for number in range(1000)}
    return [name for name in ("zero", "one", "two", "few", "many", "other") if name in met]


@pytest.mark.parametrize("language", messages.LANGUAGES)
@given(number=st.integers(min_value=0, max_value=10**9))
def test_plural_forms_are_those_of_cldr(language: str, number: int) -> None:
    """A category that only whole millions have, as "many" in French, has no form of its own."""
    rule, names = messages.PLURALS[language], categories(language)
    category = Locale(language).plural_form(number)

    assert rule.forms == len(names)
    assert names[c2py(rule.rule)(number)] == (category if category in names else "other")
