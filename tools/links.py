"""Links between the documents, and the commands the README promises.

    .venv/bin/python -m tools.links

Relative links lead to a file, and their anchors to a heading in it; files and folders that a document names are there. Addresses on the network are not asked: CI has none.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent

FENCE = re.compile(r"^(?P<fence>```+|~~~+).*?^(?P=fence)\s*$", re.DOTALL | re.MULTILINE)
FENCED = re.compile(r"^[ ]*```console\n(.*?)^[ ]*```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+[\"'][^)]*)?\)")
REFERENCE = re.compile(r"^\[[^\]]+\]:\s*<?(\S+?)>?\s*$", re.MULTILINE)
SOURCE = re.compile(r"<(?:img|a|source)\b[^>]*?\b(?:src|href|srcset)=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
ANCHOR = re.compile(r"<a\s+(?:id|name)=\"([^\"]+)\"")
#: A place in the repository as documents name it; NAME, {a,b} and * stand for others, and what the reader is to make is not there yet.
PLACE = re.compile(r"(?<!`)`((?:docs|jirani|tests|tools)/[^`\s]*)`(?!`)")
OPEN_PLACE = re.compile(r"[*{<…]|[A-Z]{3,}")
TO_BE_MADE = {"jirani/locale/pt/LC_MESSAGES/django.po", "tests/public/lessons/test_first_change.py"}
RUN = re.compile(r"^<!-- run(?P<options>[^>]*)-->\s*\n```console\n(?P<body>.*?)^```", re.DOTALL | re.MULTILINE)


def documents(root: Path = ROOT) -> list[Path]:
    """Every Markdown file of the repository."""
    hidden = {"node_modules", "var", "vendor"}
    found = (path for path in root.rglob("*.md") if not hidden & set(path.relative_to(root).parts))
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(root).parts))


def dead_links(path: Path) -> Iterator[str]:
    """Yield the dead links of one document."""
    text = path.read_text(encoding="utf-8")
    bare = re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))
    for link in [*LINK.findall(bare), *REFERENCE.findall(bare), *SOURCE.findall(bare)]:
        if re.match(r"[a-z][a-z0-9+.-]*:", link) or link.startswith("//"):
            continue
        place, _hash, anchor = unquote(link).partition("#")
        target = (path.parent / place).resolve() if place else path
        if not target.exists():
            yield f"{link}: no such file"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            yield f"{link}: no such heading"
    for place in PLACE.findall(FENCE.sub("", text)):
        if not OPEN_PLACE.search(place) and place not in TO_BE_MADE and not (ROOT / place).exists():
            yield f"{place}: no such file"


def anchors(path: Path) -> set[str]:
    """The anchors of a document, made from its headings the way Git hosts do."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    found = set(ANCHOR.findall(text))
    for heading in HEADING.findall(text):
        slug = _slug(heading)
        number = 0
        while (name := f"{slug}-{number}" if number else slug) in found:
            number += 1
        found.add(name)
    return found


def _slug(heading: str) -> str:
    plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").replace("*", "")
    kept = (letter for letter in plain.lower() if letter in "-_ " or unicodedata.category(letter)[0] in "LNM")
    return "".join(kept).strip().replace(" ", "-")


def promised_commands(path: Path) -> list[str]:
    """Commands of the blocks marked `<!-- run -->`: the lines of a console block that begin with `$ `."""
    text = path.read_text(encoding="utf-8")
    return [line[2:].strip() for match in RUN.finditer(text) for line in match["body"].split("\n") if line[:2] == "$ "]


def shown_commands(path: Path) -> list[str]:
    """Return the commands that a document has its reader type: lines after a prompt, and code in the text."""
    text = path.read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", "", text)
    typed = [line for block in FENCED.findall(joined) for line in re.findall(r"^\s*[$#] (.+)$", block, re.MULTILINE)]
    return typed + re.findall(r"`((?:uv|make|jirani|\.venv/bin/\S+|\.uv/bin/\S+)(?: [^`\n]+)?)`", FENCE.sub("", joined))


def main() -> int:
    """Print dead links. Returns 1 if there are any."""
    paths = documents()
    found = [f"{path.relative_to(ROOT)}: {what}" for path in paths for what in dead_links(path)]
    print("\n".join(found) or f"Documents: {len(paths)} read, no dead link.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
