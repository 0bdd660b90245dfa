"""The catalogues of interface strings: gathered from code and templates, merged, checked. No GNU gettext needed.

    .venv/bin/python -m tools.messages update    # after adding or changing strings
    .venv/bin/python -m tools.messages check     # what CI runs

`update` keeps translations whose message is unchanged, adds new messages untranslated and drops what nothing uses. It never
guesses: a changed sentence is a new sentence. Entries are in the order of the files they come from, without line numbers,
so that moving code does not touch a catalogue.
"""

import argparse
import ast
import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from jirani.config.languages import CODES

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "jirani"
#: English is the language of the code.
LANGUAGES = tuple(code for code in CODES if code != "en")
TEMPLATES = (".html", ".txt", ".svg", ".xml")


@dataclass(frozen=True, slots=True)
class Plurals:
    """How many plural forms a language has, and gettext's rule that chooses one for a number `n`."""

    forms: int
    rule: str


#: CLDR's rules, written the way gettext counts forms: zero, one, two, few, many, other for Arabic.
PLURALS = {
    "fr": Plurals(2, "(n > 1)"),
    "ar": Plurals(6, "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5"),
    "sw": Plurals(2, "(n != 1)"),
}

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

HEADER = """\
# Interface strings of Jirani. Kept by `.venv/bin/python -m tools.messages update`; terms in docs/reference/terms.md.
msgid ""
msgstr ""
"Project-Id-Version: Jirani\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals={plurals.forms}; plural={plurals.rule};\\n"
"""

type_id = str | tuple[str, ...]
type_key = tuple[str, str]  # context, singular


@dataclass
class Entry:
    """One message of the code, with everything a translator needs."""

    id: type_id
    context: str | None
    files: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


# ── Gathering ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def gather(package: Path = PACKAGE) -> dict[type_key, Entry]:
    """Every message of the code and templates under `package`, in order of file, then message."""
    entries: dict[type_key, Entry] = {}
    for path in _sources(package):
        name = path.relative_to(package.parent).as_posix()
        for found in sorted(_messages(path), key=lambda entry: (_singular(entry.id), entry.context or "")):
            entry = entries.setdefault((found.context or "", _singular(found.id)), found)
            if isinstance(found.id, tuple):
                entry.id = found.id
            if name not in entry.files:
                entry.files.append(name)
            entry.comments += [comment for comment in found.comments if comment not in entry.comments]
    return entries


def _sources(package: Path) -> list[Path]:
    code = (path for path in package.rglob("*.py") if "migrations" not in path.parts)
    templates = (path for path in package.rglob("templates/**/*") if path.suffix in TEMPLATES)
    return sorted([*code, *templates])


def _messages(path: Path) -> Iterator[Entry]:
    text = path.read_text(encoding="utf-8")
    if path.suffix in TEMPLATES:
        # Templates become something that reads like Python but is indented like HTML.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).split("\n"))
    source = io.BytesIO(text.encode())
    # A single argument is a string, several are a tuple of strings and None; Babel's annotations say otherwise.
    found = cast("Iterator[tuple[int, str, Any, list[str]]]", extract_python(source, KEYWORDS, ["Translators"], {}))
    for _line, function, arguments, comments in found:
        if entry := _entry(function, arguments if isinstance(arguments, tuple) else (arguments,), comments):
            yield entry


def _entry(function: str, values: tuple[str | None, ...], comments: Iterable[str]) -> Entry | None:
    """Return an entry for a call's arguments; None if they are not plain strings."""
    positions = KEYWORDS[function] or (1,)
    context: str | None = None
    texts: list[str] = []
    for position in positions:
        index = (position[0] if isinstance(position, tuple) else position) - 1
        value = values[index] if index < len(values) else None
        if not value:
            return None
        if isinstance(position, tuple):
            context = value
        else:
            texts.append(value)
    words = [comment.removeprefix("Translators:").strip() for comment in comments]
    return Entry(
        id=tuple(texts) if len(texts) > 1 else texts[0], context=context, comments=[" ".join(words)] if words else []
    )


def _singular(message_id: type_id | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


# ── Catalogues ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def path_of(language: str, package: Path = PACKAGE) -> Path:
    """Return the path of the catalogue of `language`."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def load(language: str, package: Path = PACKAGE) -> Catalog:
    """Load the catalogue of `language`; an empty one with its plural forms if there is none yet."""
    path = path_of(language, package)
    text = path.read_text(encoding="utf-8") if path.exists() else _header(language)
    return read_po(io.StringIO(text), locale=language, charset="utf-8", abort_invalid=True)


def merge(language: str, entries: dict[type_key, Entry], old: Catalog) -> Catalog:
    """A catalogue with exactly `entries`, and the translations that `old` has of them."""
    new = read_po(io.StringIO(_header(language)), locale=language, charset="utf-8")
    for entry in entries.values():
        known = old.get(_singular(entry.id), entry.context)
        plural = isinstance(entry.id, tuple)
        string: Any = ("",) * new.num_plurals if plural else ""
        if known and (known.id if isinstance(known.id, str) else tuple(known.id)) == entry.id:
            string = known.string
        new.add(
            entry.id,
            string,
            locations=[(name, 0) for name in entry.files],
            auto_comments=entry.comments,
            user_comments=known.user_comments if known else (),
            context=entry.context,
        )
    return new


def render(language: str, catalogue: Catalog) -> str:
    """The catalogue as text, the same for the same messages."""
    target = io.BytesIO()
    write_po(target, catalogue, width=0, omit_header=True, include_lineno=False, ignore_obsolete=True)
    return _header(language) + "\n" + target.getvalue().decode().strip() + "\n"


def _header(language: str) -> str:
    return HEADER.format(language=language, plurals=_plurals(language))


def _plurals(language: str) -> Plurals:
    if language not in PLURALS:
        raise SystemExit(
            f"Say in PLURALS (tools/messages.py) how many plural forms {language!r} has, and when each is used."
        )
    return PLURALS[language]


# ── Checks ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|(?<!\{)\{(\w+)\}(?!\})|(%[sd])")
TAG = re.compile(r"</?([a-z][a-z0-9]*)\b")


def problems(language: str, package: Path = PACKAGE) -> list[str]:
    """Return what is wrong with the catalogue of `language`, one sentence each."""
    entries = gather(package)
    catalogue = load(language, package)
    found = [f"obsolete: {message.id!r}" for message in catalogue.obsolete.values()]
    for message in catalogue:
        if message.id and (message.context or "", _singular(message.id)) not in entries:
            found.append(f"nothing uses {message.id!r}: run `update`")
    for entry in entries.values():
        translated = catalogue.get(_singular(entry.id), entry.context)
        if translated is None:
            found.append(f"not in the catalogue: {entry.id!r} ({entry.files[0]}): run `update`")
        else:
            found += [f"{entry.id!r} ({entry.files[0]}): {what}" for what in _wrong(entry, translated, language)]
    return [f"{language}: {sentence}" for sentence in found]


def overlooked(package: Path = PACKAGE) -> list[str]:
    """Return the messages that stand in an f-string, one sentence each: Python 3.11 reads those as one word, so none is gathered."""
    code = [path for path in _sources(package) if path.suffix == ".py"]
    return [
        f"{path.relative_to(package.parent).as_posix()}: take {ast.unparse(call)} out of the f-string"
        for path in code
        for words in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(words, ast.JoinedStr)
        for call in ast.walk(words)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
    ]


def _wrong(entry: Entry, message: Message, language: str) -> Iterator[str]:
    expected = (entry.id,) if isinstance(entry.id, str) else entry.id
    strings = _strings(message)
    plural = len(expected) > 1
    if plural != isinstance(message.id, tuple | list):
        yield "singular here, plural there: run `update`"
        return
    if message.fuzzy:
        yield "fuzzy"
    if not all(strings):
        yield "a plural form is missing" if any(strings) else "not translated"
        return
    if plural and len(strings) != _plurals(language).forms:
        yield f"has {len(strings)} plural forms"
        return
    yield from _wrong_placeholders(expected, strings)
    for string in strings:
        yield from (f"{what} in {string!r}" for what in TYPOGRAPHY.get(language, _any_language)(string))


def _wrong_placeholders(expected: tuple[str, ...], strings: tuple[str, ...]) -> Iterator[str]:
    """Check that each translation has the message's placeholders and tags; a plural form may leave out the number itself."""
    wanted = set().union(*(_placeholders(text) for text in expected))
    for index, string in enumerate(strings):
        has = _placeholders(string)
        if has - wanted:
            yield f"unknown placeholder {', '.join(sorted(has - wanted))} in {string!r}"
        is_spare = len(strings) > 1 and index < len(strings) - 1 and all("%" not in name for name in wanted)
        if len(wanted - has) > is_spare:
            yield f"placeholder {', '.join(sorted(wanted - has))} is missing in {string!r}"
        if sorted(TAG.findall(string)) != sorted(TAG.findall(expected[-1])):
            yield f"other tags in {string!r}"


def _placeholders(text: str) -> set[str]:
    return {next(filter(None, groups)) for groups in PLACEHOLDER.findall(text)}


def _bare(text: str) -> str:
    """The text without what is not language: placeholders, tags, entities, addresses, times."""
    return re.sub(r"%\(\w+\)[a-z]|\{\w+\}|<[^>]*>|&\w+;|https?://\S+|\S+@\S+|\d+:\d+", "x", text)


def _french(text: str) -> Iterator[str]:
    if re.search(r"(?<![\u202f\u00a0])[;?!»](?!\w)", _bare(text)) or re.search(
        r"(?<![\u202f\u00a0]):(?=\s|$)", _bare(text)
    ):
        yield "no narrow no-break space before : ; ? ! or »"
    if re.search(r"«(?![\u202f\u00a0])", text):
        yield "no narrow no-break space after «"
    if '"' in _bare(text) or "'" in _bare(text):
        yield "straight quotes"


def _arabic(text: str) -> Iterator[str]:
    if re.search(r"[,;?]", _bare(text)):
        yield "Latin comma, semicolon or question mark"
    if re.search(r'["“”]', _bare(text)):
        yield "quotes other than « »"


def _any_language(text: str) -> Iterator[str]:
    if '"' in _bare(text) or "'" in _bare(text):
        yield "straight quotes"


#: What some languages ask for beyond `_any_language`.
TYPOGRAPHY: dict[str, Callable[[str], Iterator[str]]] = {"fr": _french, "ar": _arabic}


# ── Command line ────────────────────────────────────────────────────────────────────────────────────────────────────────


def update(package: Path = PACKAGE) -> None:
    """Bring every catalogue up to the code, and say how many messages wait for a translation."""
    entries = gather(package)
    for language in LANGUAGES:
        catalogue = merge(language, entries, load(language, package))
        path = path_of(language, package)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(language, catalogue), encoding="utf-8")
        waiting = sum(1 for message in catalogue if message.id and not _translated(message))
        print(f"{language}: {len(entries)} messages, {waiting} to translate")


def _translated(message: Message) -> bool:
    return all(_strings(message))


def _strings(message: Message) -> tuple[str, ...]:
    """Every form of a translation."""
    return (message.string or "",) if isinstance(message.string, str | None) else tuple(message.string)


def main(argv: list[str] | None = None) -> int:
    """Run the command. Returns 1 if `check` found something."""
    parser = argparse.ArgumentParser(
        prog="tools.messages", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("command", choices=("update", "check"))
    if parser.parse_args(argv).command == "update":
        update()
        return 0
    found = overlooked() + [sentence for language in LANGUAGES for sentence in problems(language)]
    print("\n".join(found) or f"Messages: {len(gather())} in {len(LANGUAGES)} languages, nothing missing.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
