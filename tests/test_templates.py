"""Templates say everything through the catalogues, and the check that says so sees what it should."""

from pathlib import Path

import pytest

from tools import templates


def test_every_template_is_in_order() -> None:
    found = [
        str(finding)
        for path in templates.templates()
        for finding in templates.check(path, path.relative_to(templates.ROOT).as_posix())
    ]

    assert len(templates.templates()) > 10
    assert found == []


def what_is_wrong(tmp_path: Path, text: str, name: str = "page.html") -> list[tuple[int, str]]:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return [(finding.line, finding.what) for finding in templates.check(path, name)]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("\n<p>Hello</p>", "untranslated words: Hello"),
        ("\n<p>{{ count }} lessons</p>", "untranslated words: … lessons"),
        ('\n<img alt="A map">', "untranslated alt: A map"),
        ('\n<input type="submit" value="Save">', "untranslated value: Save"),
        ('\n<p style="color: red"></p>', "inline style attribute"),
        ('\n<a onclick="go()"></a>', "inline handler onclick"),
        ("\n<script>go()</script>", "inline script: modules are in ui/static/ui/js"),
        ("\n<style>p {}</style>", "inline style: the stylesheet is in ui/css"),
        ('\n<a href="javascript:go()"></a>', "javascript: address"),
        ('\n<form action="" method="post"></form>', 'action="": leave it out where a form is sent to its own address'),
        ('\n<p class="wide align-left"></p>', "class 'align-left' names a physical direction: say start or end"),
        ("\n{{ body|safe }}", "marked safe: sanitise where it comes from"),
        ("\n{% autoescape off %}{% endautoescape %}", "marked safe: sanitise where it comes from"),
        ('\n{{ name|default:"none" }}', 'untranslated words in a filter: name|default:"none"'),
        ("\n{{ count|pluralize }}", "pluralize: use the `formats` tags, or a plural"),
        ('\n{{ day|date:"j F" }}', "date: use the `formats` tags, or a plural"),
        (
            "\n<p>{{ label }}: {{ value }}</p>",
            "a colon or question mark outside a translation: French sets it off, Arabic has its own",
        ),
        ("\n{% translate word %}", "the catalogue cannot know a variable's words: translate word"),
        (
            '\n{% include "ui/x.html" with label="Continue" %}',
            'untranslated words in an argument: include "ui/x.html" with label="Continue"',
        ),
        (f'\n<p class="{"x" * (templates.LONGEST - 15)}"></p>', f"{templates.LONGEST + 1} characters: break the line"),
        ("\n{% blocktranslate %}a\nb{% endblocktranslate %}", "`blocktranslate` over several lines wants `trimmed`"),
    ],
)
def test_what_must_not_be_is_found(tmp_path: Path, text: str, what: str) -> None:
    assert what_is_wrong(tmp_path, text) == [(2, what)]


def test_a_line_as_long_as_may_be_is_in_order(tmp_path: Path) -> None:
    assert what_is_wrong(tmp_path, f'\n<p class="{"x" * (templates.LONGEST - 16)}"></p>') == []


@pytest.mark.parametrize(
    "text",
    [
        '<p>{% translate "Hello" %} 3 · – </p>',
        "<p>{% blocktranslate trimmed count n=n %}\n one {% plural %} many {% endblocktranslate %}</p>",
        '<p {% if x == "a" %}class="wide"{% endif %}>{{ name }}</p>',
        "{# Says hello #}{% comment %}words{% endcomment %}",
        '<script type="module" src="{{ url }}"></script><script type="application/json">{"a": "words"}</script>',
        '{% load formats %}<time datetime="{{ day|date_iso }}">{{ day|date:"full" }}{{ day|date }}</time>',
        '{{ name|default:_("none") }}',
        """<p id="x-{{ x.pk|default:'new' }}"></p>""",
        "<a>Jirani</a>",
    ],
)
def test_what_is_in_order_passes(tmp_path: Path, text: str) -> None:
    assert what_is_wrong(tmp_path, text) == []


def test_an_email_is_translated_too(tmp_path: Path) -> None:
    text = '{% autoescape off %}{% translate "Hello" %}\nSee you{% endautoescape %}'

    assert what_is_wrong(tmp_path, text, "mail.txt") == [(2, "untranslated words: See you…")]


def test_a_letter_sets_apart_what_is_inserted_into_its_sentences(tmp_path: Path) -> None:
    bare = "{% blocktranslate with where=place|inserted %}{{ title }}, {{ where }}, {{ dates }}{% endblocktranslate %}"
    kept = bare.replace("with ", "with title=title|inserted ")

    wrong = [(1, "title: a letter's sentences take values through `inserted`")]
    assert what_is_wrong(tmp_path, bare, "invitation.body.txt") == wrong
    assert what_is_wrong(tmp_path, kept, "invitation.body.txt") == []
    assert what_is_wrong(tmp_path, bare, "invitation.subject.txt") == []
