"""The demo's files: dates as exact as they are known, addresses that are whole, words that keep to the terms."""

from datetime import date
from pathlib import Path

import pytest

from jirani.core.enums import Precision
from jirani.demo.actions.nouns import FILES
from jirani.demo.text import FOLDERS, date_span, partial_date, read, source

TEXTS = sorted(path for folder in FOLDERS for path in folder.glob("*.toml"))


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("2015", (date(2015, 1, 1), Precision.YEAR)),
        ("2019-12", (date(2019, 12, 1), Precision.MONTH)),
        ("2021-03-25", (date(2021, 3, 25), Precision.DAY)),
        ("by 2021-03", (date(2021, 3, 1), Precision.BY_MONTH)),
        ("2018?-11-22", (date(2018, 11, 22), Precision.INFERRED)),
        ("by 2021-03-25", (date(2021, 3, 25), Precision.BY)),
    ],
)
def test_dates_keep_what_is_known(words: str, known: tuple[date, Precision]) -> None:
    assert partial_date(words) == known


@pytest.mark.parametrize("words", ["", "by 2021", "March 2021", "2021-13", "2021-02-30", "2021-03-25-01", "2018?-11"])
def test_dates_that_say_nothing_are_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        partial_date(words)


def test_a_span_is_days_a_day_or_a_whole_month() -> None:
    assert date_span("2021-11-24..2021-12-03") == (date(2021, 11, 24), date(2021, 12, 3), Precision.DAY)
    assert date_span("2018-11-22") == (date(2018, 11, 22), date(2018, 11, 22), Precision.DAY)
    assert date_span("2024-02") == (date(2024, 2, 1), date(2024, 2, 29), Precision.MONTH)


def test_sources_are_whole_addresses_and_each_is_used() -> None:
    keys = read("sources")["sources"]
    text = "\n".join(path.read_text() for path in TEXTS)
    assert {key: source(key) for key in keys if not source(key).startswith(("https://", "http://"))} == {}
    assert [key for key in keys if f'source = "{key}"' not in text] == []
    with pytest.raises(KeyError):
        source("Z99")


def test_every_file_is_loaded() -> None:
    loaded = {name for name, _nouns in FILES} | {"sources", "newsroom"}
    assert {path.stem for path in TEXTS} == loaded


@pytest.mark.parametrize(
    "wrong",
    [
        "ممباسا",  # Mombasa is مومباسا
        "إيزولو",  # Isiolo is إيسيولو
        "إفريقيا",  # Africa is أفريقيا
        "كلينديني",  # Kilindini is كيلينديني
        "المجتمعات الضعيفة",  # the communities most at risk are المجتمعات الأشد عرضة للخطر
        "التوقي من التطرف",  # prevention of extremism is منع التطرف
        "النداءات الموحدة",  # a CAP is no appeal for money
        "شباط",  # months as CLDR's Arabic names them
    ],
)
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_arabic_keeps_to_the_terms(path: Path, wrong: str) -> None:
    assert wrong not in path.read_text()
