"""Checks of our style sheets that no linter knows: they work in both directions, and every rule belongs to a cascade layer.

    .venv/bin/python -m tools.css

Arabic is read from the right. A rule that names `left` or `right` is wrong in one of the two directions: `inline-start` and
`inline-end` say what is meant. Four-value shorthands are checked too, since they hide a left and a right.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PHYSICAL_PROPERTY = re.compile(
    r"^(?:left|right"
    r"|(?:margin|padding|scroll-margin|scroll-padding|border)-(?:left|right)(?:-\w+)?"
    r"|border-(?:top|bottom)-(?:left|right)-radius)$"
)
#: Properties whose values name a side, and the values that do.
SIDED = re.compile(r"^(?:float|clear|text-align|text-align-last|background-position|object-position|transform-origin)$")
SIDE = re.compile(r"(?<![\w-])(?:left|right)(?![\w-])")
GRADIENT = re.compile(r"\bto\s+(?:(?:top|bottom)\s+)?(?:left|right)\b")
SHIFT = re.compile(r"\btranslate(?:X|3d)?\(\s*-?[1-9.]|\bscaleX\(\s*-")
BOX = {"margin", "padding", "inset", "border-width", "border-style", "border-color", "scroll-margin", "scroll-padding"}

#: A stylesheet's folder is its layer: the bundle wraps `css/…/base/*.css` in `@layer base`.
LAYERS = {"reset", "tokens", "base", "components", "pages"}

#: At-rules that need no layer: they declare, they do not style.
OUTSIDE = ("@property", "@font-face", "@layer", "@import", "@charset", "@view-transition", "@page", "@keyframes")


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


@dataclass(frozen=True)
class Declaration:
    """A property with its value, and the selectors and at-rules around it, outermost first."""

    line: int
    name: str
    value: str
    around: tuple[str, ...]


def check(text: str, name: str) -> list[Finding]:
    """Return what is wrong with one style sheet."""
    findings = []
    for declaration in declarations(text):
        findings += [Finding(name, declaration.line, what) for what in _wrong(declaration)]
        if not (_is_layered(declaration.around) or Path(name).parent.name in LAYERS):
            findings.append(Finding(name, declaration.line, f"{declaration.around[:1]} is outside every @layer"))
    return sorted(set(findings))


def declarations(text: str) -> Iterator[Declaration]:
    """Every declaration of a stylesheet. Nesting is understood; strings and addresses are left alone."""
    text = re.sub(r"/\*.*?\*/", lambda match: re.sub(r"[^\n]", " ", match[0]), text, flags=re.DOTALL)
    around: list[str] = []
    start = 0
    for position, sign in _signs(text):
        piece = text[start:position]
        if sign == "{":
            around.append(" ".join(piece.split()))
        else:
            if found := _declaration(text, start, piece, tuple(around)):
                yield found
            if sign == "}":
                around = around[:-1]
        start = position + 1


def _signs(text: str) -> Iterator[tuple[int, str]]:
    """Yield where blocks open and close and declarations end, outside strings and brackets."""
    depth = 0
    quote = ""
    for position, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote and text[position - 1] != "\\" else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif depth == 0 and letter in "{};":
            yield position, letter


def _declaration(text: str, start: int, piece: str, around: tuple[str, ...]) -> Declaration | None:
    name, colon, value = piece.strip().partition(":")
    if not colon or name.startswith("@"):
        return None
    line = text.count("\n", 0, start + len(piece) - len(piece.lstrip())) + 1
    return Declaration(line, name.strip().lower(), value.strip(), around)


def _is_layered(around: tuple[str, ...]) -> bool:
    if not around:
        return False
    return any(rule.startswith("@layer") for rule in around) or around[0].startswith(OUTSIDE)


def _wrong(declaration: Declaration) -> Iterator[str]:
    name, value = declaration.name, declaration.value
    one_way = any(":dir(" in rule or "[dir" in rule for rule in declaration.around)
    if PHYSICAL_PROPERTY.match(name):
        yield f"{name} is physical"
    if SIDED.match(name) and SIDE.search(value) and not one_way:
        yield f"{name}: {value} is physical"
    if (GRADIENT.search(value) or (name in {"transform", "translate"} and SHIFT.search(value))) and not one_way:
        yield f"{name}: {value} moves one way: say what it does in the other with :dir()"
    if name in BOX and _leans(_parts(value)):
        yield f"{name}: {value} hides a left and a right"
    if name == "border-radius" and _leans_round(_parts(value)):
        yield f"{name}: {value} hides a left and a right"


def _parts(value: str) -> list[str]:
    """The parts of a shorthand, functions whole."""
    value = value.replace("!important", "")
    # A function is one word with all its arguments, functions within functions up to three deep.
    return re.findall(r"[^\s()]*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|[^\s]+", value)


def _leans(parts: list[str]) -> bool:
    return len(parts) == 4 and parts[1] != parts[3]


def _leans_round(parts: list[str]) -> bool:
    """Corners run top left, top right, bottom right, bottom left; what is missing is the corner across."""
    if "/" in parts or len(parts) == 1:
        return False
    top_left, top_right, *rest = parts
    bottom_right = rest[0] if rest else top_left
    bottom_left = rest[1] if len(rest) > 1 else top_right
    return top_left != top_right or bottom_left != bottom_right


def sheets(root: Path = ROOT / "jirani") -> list[Path]:
    """Every stylesheet of the project."""
    return sorted(path for path in root.rglob("*.css") if "vendor" not in path.parts)


def main() -> int:
    """Print the findings. Returns 1 if there are any."""
    paths = sheets()
    found = []
    for path in paths:
        found += check(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
    print("\n".join(map(str, found)) or f"Stylesheets: {len(paths)} read, nothing to mend.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
