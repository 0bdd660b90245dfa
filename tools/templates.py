"""Checks of our templates that no linter knows.

    python -m tools.templates

Every word on screen is translatable; no inline script or style (the Content Security Policy forbids them); nothing that
only works from left to right; nothing marked safe; numbers and dates through the `formats` tags; a component says what it
takes; a letter isolates values inserted into its sentences; no line is too long to read.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, TokenType

ROOT = Path(__file__).resolve().parent.parent

#: A line of a template is shorter than this: a component a row, so that a change shows in one line of a diff.
LONGEST = 160

#: Words that are the same in every language.
SAME_EVERYWHERE = {"Jirani"}

#: Attributes that a person reads or hears.
SPOKEN = {"alt", "aria-description", "aria-label", "aria-roledescription", "label", "placeholder", "title"}

#: Arguments of `{% include … with %}` that end up on screen.
SHOWN_ARGUMENT = re.compile(r'\b(?:alt|caption|empty|heading|hint|label|message|summary|text|title)="[^"]*[^\W\d_]')

#: What is safe as it is: help texts are ours, written in code (Django's password rules are a list).
SAFE = {"field.help_text|isolated|safe"}

PHYSICAL_CLASS = re.compile(r"(?:^|-)(?:left|right)(?:-|$)|^(?:ml|mr|pl|pr)-")
LETTER = re.compile(r"[^\W\d_]")
BEGINS_WITH_COMMENT = re.compile(r"\s*(?:\{%\s*load\b[^%]*%\}\s*)*(?:\{#|\{%\s*comment)")
TEXT_FILTER = re.compile(r'\|\s*(?:default|default_if_none|yesno)\s*:\s*(?:"[^"]*[^\W\d_]|\'[^\']*[^\W\d_])')
NUMBER_FILTER = re.compile(r"\|\s*(pluralize|floatformat|intcomma|timesince|timeuntil|naturaltime|time|join)\b")
DATE_FILTER = re.compile(r"""\|\s*date\b(?!\s*:\s*["'](?:near|short|medium|long|full|weekday)["'])""")  # Django's own
BARE_DATE = re.compile(r"\|\s*date(?!\w|\s*:)")

#: Punctuation that each language writes differently, right after a piece of text or a tag.
PUNCTUATION = re.compile("(?:^|\ue000)[:;?!](?:\\s|$)")

#: What a letter's sentences may hold unchanged: in the letter's own language, or to be copied.
AS_IT_STANDS = {"address", "dates", "shown"}

#: Replaces a template tag in the HTML parser's input; not a letter in any script.
MARK = "\ue000"


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def check(path: Path, name: str) -> list[Finding]:
    """Return what is wrong with one template, called `name`."""
    text = path.read_text(encoding="utf-8")
    findings = [Finding(name, line, what) for line, what in _tags(text, name)]
    findings += [Finding(name, number, f"{length} characters: break the line") for number, length in _long(text)]
    masked = mask(text)
    if path.suffix == ".html":
        page = _Page()
        page.feed(masked)
        page.close()
        findings += [Finding(name, line, what) for line, what in page.found]
        if "/components/" in name and not BEGINS_WITH_COMMENT.match(text):
            findings.append(Finding(name, 1, "a component begins with a comment that names its inputs"))
    else:
        findings += [Finding(name, line, what) for line, what in _plain(masked)]
    return sorted(findings)


def _long(text: str) -> Iterator[tuple[int, int]]:
    """Lines over the limit: their numbers and lengths in characters."""
    return ((number, len(line)) for number, line in enumerate(text.split("\n"), start=1) if len(line) > LONGEST)


def mask(text: str) -> str:
    """Return the template with its tags and translated blocks masked, keeping line numbers."""
    out: list[str] = []
    hidden = ""
    for token in Lexer(text).tokenize():
        source = _source(token.token_type, token.contents)
        if hidden:
            out.append("\n" * source.count("\n"))
            if token.token_type == TokenType.BLOCK and token.contents.split()[:1] == [hidden]:
                hidden = ""
        elif token.token_type == TokenType.TEXT:
            out.append(source)
        else:
            word = token.contents.split()[0] if token.contents.split() else ""
            if token.token_type == TokenType.BLOCK and word in {"blocktranslate", "blocktrans", "comment", "verbatim"}:
                hidden = f"end{word}"
            out.append(MARK + "\n" * source.count("\n"))
    return "".join(out)


def _source(kind: TokenType, contents: str) -> str:
    brackets = {TokenType.BLOCK: ("{%", "%}"), TokenType.VAR: ("{{", "}}"), TokenType.COMMENT: ("{#", "#}")}
    first, last = brackets.get(kind, ("", ""))
    return f"{first}{contents}{last}"


def _tags(text: str, name: str) -> Iterator[tuple[int, str]]:
    """Findings within template tags."""
    has_formats = bool(re.search(r"\{%\s*load\b[^%]*\bformats\b", text))
    before = ""
    for token in Lexer(text).tokenize():
        if token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            contents = BARE_DATE.sub("", token.contents) if has_formats else token.contents
            yield from ((token.lineno or 1, what) for what in _wrong(contents, name))
            if TEXT_FILTER.search(contents) and not _is_for_machines(before):
                yield token.lineno or 1, f"untranslated words in a filter: {contents}"
        before += token.contents if token.token_type == TokenType.TEXT else MARK
    for match in re.finditer(r"\{%\s*blocktrans(?:late)?\b([^%]*)%\}(.*?)\{%\s*endblocktrans", text, re.DOTALL):
        if "\n" in match[2] and "trimmed" not in match[1]:
            yield text.count("\n", 0, match.start()) + 1, "`blocktranslate` over several lines wants `trimmed`"
        if name.endswith(".body.txt"):
            yield from ((text.count("\n", 0, match.start()) + 1, what) for what in _bare(match[1], match[2]))


def _bare(arguments: str, sentence: str) -> Iterator[str]:
    """Values in a letter's sentence that could disturb its order."""
    for value in dict.fromkeys(re.findall(r"\{\{\s*(\w+)\s*\}\}", sentence)):
        if value not in AS_IT_STANDS and not re.search(rf"\b{value}=\S+\|inserted\b", arguments):
            yield f"{value}: a letter's sentences take values through `inserted`"


def _wrong(contents: str, name: str) -> Iterator[str]:
    """Yield what is wrong with one tag."""
    if contents not in SAFE and (re.search(r"\|\s*(safe|safeseq)\b", contents) or _turns_escaping_off(contents, name)):
        yield "marked safe: sanitise where it comes from"
    if match := NUMBER_FILTER.search(contents) or DATE_FILTER.search(contents):
        yield f"{match.group().strip('|: ')}: use the `formats` tags, or a plural"
    if contents.startswith("include ") and SHOWN_ARGUMENT.search(contents):
        yield f"untranslated words in an argument: {contents}"
    if re.match(r"trans(?:late)?\s+[a-z_]", contents):
        yield f"the catalogue cannot know a variable's words: {contents}"


def _is_for_machines(before: str) -> bool:
    """Whether what comes next is in an attribute that nobody reads."""
    attribute = re.search(r"""<[^<>]*\s([\w-]+)=["'][^"'<>]*$""", before)
    return bool(attribute and attribute[1] not in SPOKEN)


def _turns_escaping_off(contents: str, name: str) -> bool:
    return bool(re.match(r"autoescape\s+off", contents)) and not name.endswith(".txt")


def _plain(masked: str) -> Iterator[tuple[int, str]]:
    """Words outside tags in a text template (an e-mail)."""
    for number, line in enumerate(masked.split("\n"), start=1):
        if _is_words(line):
            yield number, f"untranslated words: {line.strip().replace(MARK, '…')}"


def _is_words(text: str) -> bool:
    rest = text.replace(MARK, " ")
    for word in SAME_EVERYWHERE:
        rest = re.sub(rf"\b{word}\b", "", rest)
    return bool(LETTER.search(rest))


class _Page(HTMLParser):
    """Walks the masked HTML and notes what is wrong."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.raw = False

    def note(self, what: str) -> None:
        self.found.append((self.getpos()[0], what))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "style":
            self.note("inline style: the stylesheet is in ui/css")
        if tag == "script" and "src" not in values and "json" not in (values.get("type") or ""):
            self.note("inline script: modules are in ui/static/ui/js")
        self.raw = tag in {"script", "style"}
        for name, value in attrs:
            self._attribute(tag, name, value or "", values)

    def handle_endtag(self, tag: str) -> None:
        self.raw = False

    def _attribute(self, tag: str, name: str, value: str, all_values: dict[str, str | None]) -> None:
        if name == "style":
            self.note("inline style attribute")
        if name.startswith("on") and name.isalpha():
            self.note(f"inline handler {name}")
        if name == "action" and not value:
            self.note('action="": leave it out where a form is sent to its own address')
        if value.strip().lower().startswith("javascript:"):
            self.note("javascript: address")
        if name == "class":
            for word in value.split():
                if PHYSICAL_CLASS.search(word):
                    self.note(f"class {word!r} names a physical direction: say start or end")
        if self._is_spoken(tag, name, all_values) and _is_words(value):
            self.note(f"untranslated {name}: {value.replace(MARK, '…')}")

    def _is_spoken(self, tag: str, name: str, values: dict[str, str | None]) -> bool:
        if tag == "input" and name == "value":
            return values.get("type") in {"submit", "button", "reset"}
        if tag == "meta" and name == "content":
            return values.get("name") == "description"
        return name in SPOKEN and tag != "link"

    def handle_data(self, data: str) -> None:
        if not self.raw and _is_words(data):
            words = " ".join(data.replace(MARK, "…").split())
            self.note(f"untranslated words: {words[:80]}")
        elif not self.raw and PUNCTUATION.search(data):
            self.note("a colon or question mark outside a translation: French sets it off, Arabic has its own")


def templates(root: Path = ROOT / "jirani") -> list[Path]:
    """Every template of the project."""
    return sorted(path for path in root.rglob("templates/**/*") if path.suffix in {".html", ".txt"})


def main() -> int:
    """Print the findings. Returns 1 if there are any."""
    paths = templates()
    found = [finding for path in paths for finding in check(path, path.relative_to(ROOT).as_posix())]
    print("\n".join(map(str, found)) or f"Templates: {len(paths)} read, nothing to mend.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
