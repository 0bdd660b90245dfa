"""The data that search is measured with: whole in every language, nothing asked twice, and every answer told by the demo."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jirani.language import name_key
from jirani.language.words import stems

pytestmark = pytest.mark.pure

PACKAGE = Path(__file__).resolve().parents[2] / "jirani"
LANGUAGES = {"en", "fr", "ar", "sw"}
KINDS = {"name", "spelling", "inflection", "synonym", "question", "cross-language", "nothing"}
#: What the demo's files call a record, and what an answer calls it where the two differ.
CALLED = {"article": "news"}


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _queries(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _read(PACKAGE / "bench/data" / name)["queries"]
    return found


QUERIES, CALIBRATION = _queries("queries.toml"), _queries("calibration.toml")
LESSONS: list[dict[str, Any]] = _read(PACKAGE / "bench/data/parallel.toml")["lesson"]
SENTENCE_END, ARABIC = re.compile(r"[.!?؟](?=\s|$)"), re.compile("[\u0600-\u06ff]")


def _records(table: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each record of a file with its kind, those within others too."""
    for kind, rows in table.items():
        if isinstance(rows, list):
            for row in rows:
                if isinstance(row, dict):
                    yield CALLED.get(kind, kind), row
                    yield from _records(row)


def _english(row: dict[str, Any]) -> str:
    """Return what a record is called in English; demo files give some names as one plain text for all languages."""
    said: Any = row.get("title", row.get("name", row.get("change", "")))
    return str(said["en"] if isinstance(said, dict) else said)


def _told() -> dict[str, str]:
    """Of each record of the demo that visitors may read, as "kind:key", its English name or title, or "" if it has none."""
    told: dict[str, str] = {}
    for path in sorted((PACKAGE / "demo/data").glob("*.toml")):
        for kind, row in _records(_read(path)):
            if "key" in row and row.get("state") != "draft" and row.get("access", "public") == "public":
                called = "authority" if path.name == "members.toml" and kind == "organisation" else kind
                told[f"{called}:{row['key']}"] = _english(row)
    return told


TOLD = _told()


def test_every_answer_is_told_in_the_demo() -> None:
    answers = [answer for query in QUERIES for answer in query["answers"]]
    assert [answer for answer in answers if not TOLD.get(answer)] == []
    assert {query["text"] for query in QUERIES if not query["answers"]} == {
        query["text"] for query in QUERIES if query["kind"] == "nothing"
    }


def test_there_are_enough_queries_of_each_kind_in_each_language() -> None:
    assert len(QUERIES) >= 130
    kinds = Counter((query["kind"], query["language"]) for query in QUERIES)
    assert [pair for pair in ((kind, code) for kind in KINDS for code in LANGUAGES) if kinds[pair] < 3] == []
    assert {kind for kind, _ in kinds} == KINDS
    assert sum(query["kind"] == "nothing" for query in QUERIES) >= 12


def test_calibration_is_half_on_the_field_in_each_language() -> None:
    assert Counter((query["language"], query["fits"]) for query in CALIBRATION) == {
        (code, fits): 8 for code in LANGUAGES for fits in (True, False)
    }


def test_nothing_is_asked_twice() -> None:
    asked = Counter(" ".join(sorted(stems(query["text"], query["language"]))) for query in QUERIES + CALIBRATION)
    assert [text for text, times in asked.items() if times > 1] == []


def test_only_names_are_asked_for_by_name() -> None:
    """A query in the very words of its answer's title measures nothing but names."""
    copied = [
        query["text"]
        for query in QUERIES
        if query["kind"] not in {"name", "spelling"}
        and name_key(query["text"]) in {name_key(TOLD[answer]) for answer in query["answers"]}
    ]
    assert copied == []


def test_parallel_lessons_are_whole_in_every_language() -> None:
    """A title and two or three sentences in each, in its own script, no text given for two languages or two lessons."""
    assert len(LESSONS) >= 120
    assert len({lesson["key"] for lesson in LESSONS}) == len(LESSONS)
    assert [lesson["key"] for lesson in LESSONS if set(lesson) != {"key", *LANGUAGES}] == []
    told = [(lesson["key"], code, lesson[code]) for lesson in LESSONS for code in sorted(LANGUAGES)]
    assert [(key, code) for key, code, text in told if not 2 <= len(SENTENCE_END.findall(text["body"])) <= 3] == []
    assert [(key, code) for key, code, text in told if bool(ARABIC.search(text["title"])) != (code == "ar")] == []
    for part in ("title", "body"):
        said = Counter(name_key(text[part]) for _, _, text in told)
        assert [text for text, times in said.items() if times > 1] == []


def test_no_parallel_lesson_is_the_demo_s() -> None:
    titles = {name_key(title) for title in TOLD.values()}
    assert [lesson["key"] for lesson in LESSONS if name_key(lesson["en"]["title"]) in titles] == []
