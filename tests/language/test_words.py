"""Texts are cut into words, forms of a word come together, other words stay apart, and questions leave what they ask about."""

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jirani.language import fold
from jirani.language.stems import stem
from jirani.language.stops import STOPS
from jirani.language.words import MOST, asked, stem_of, stems, words

pytestmark = pytest.mark.pure

LANGUAGES = ("en", "fr", "ar", "sw")

#: Forms of one word in a line.
ALIKE = {
    "en": """
        city cities | lesson lessons | prevent prevented prevention preventing | county counties | finance financed financing
        commitment commitments commit | participate participation participating | community communities | plan plans planned
        agree agreed agrees | meeting meetings meet | municipality municipalities | youth youths | leader leaders | train training trained
    """,
    "fr": """
        ville villes | enseignement enseignements | jeune jeunes | échange échanges | collectivité collectivités | engagement engagements
        local locale locaux locales | municipal municipaux municipale | national nationaux | participer participation participants
        financement financements financer finance | régional régionale régionaux | décision décisions | communauté communautés
        prévention préventions | habitant habitants | réunion réunions
    """,
    "ar": """
        مدينة المدن للمدن والمدينة مدينتنا | درس الدروس دروسها | الشباب شاب والشباب | خطة الخطط خططهم | المنتدى منتدى المنتديات
        الوقاية وقاية للوقاية بالوقاية | مقاطعة المقاطعات مقاطعتنا | التزام الالتزامات التزاماتها | السلطات سلطة سلطاتها
        المشاركون مشارك المشاركين المشاركة مشاركتهم | محلي المحلية محليون | النساء نساء امرأة | تعليم التعليم تعليمها
        مجتمع المجتمعات مجتمعنا | حكومة الحكومات حكومية | ميزانية الميزانية ميزانيات | والتمويل تمويل للتمويل
        ممارسة الممارسات ممارساتنا | اجتماع الاجتماعات | توصية التوصيات | قائد القادة | نشاط أنشطة الأنشطة | هدف أهدافها
    """,
    "sw": """
        mji miji mjini | kuzuia inazuia wamezuiwa uzuiaji | kiongozi viongozi uongozi | mwalimu walimu | shirika mashirika
        mwanafunzi wanafunzi | kushiriki wanashiriki wameshirikiana ushiriki | somo masomo | chama vyama | kikundi vikundi
        msichana wasichana | kusaidia wanasaidia amesaidiwa | kujifunza wanajifunza | barabara barabarani | ofisi ofisini
        kutekeleza utekelezaji wanatekeleza | kufuatilia ufuatiliaji wanafuatilia | kuchapisha umechapishwa kimechapishwa
        mshiriki washiriki | mkulima wakulima | kijiji vijiji | mpango mipango | kulinda ulinzi | kukinga kinga
        mwanamke wanawake | kijana vijana | mtandao mitandao | kaunti kauntini | mkutano mikutano mkutanoni
    """,
}
#: Words that look alike, or a little, and are others.
APART = {
    "en": "city citizen plan plant forum form peace piece young policy police local locate",
    "fr": "ville village jeune jeu plan plante forum forme paix pays eau école économie santé savoir maire mer",
    "ar": "مدينة مدير مدرسة دين دولة خطة خطر حوار حكومة حكم بلدية لديه عمل تعليم سلام إسلام شباب شبكة وقاية واقع التزام لجنة لاجئ ميزانية ميناء منتدى مناخ",
    "sw": "mji maji mjadala kazi kaunti shule shirika somo soko ahadi mradi mkoa mtaa amani haki usalama afya elimu vijana wanawake"
    " viongozi serikali bajeti fedha uchumi mabadiliko tabianchi kinga kuzuia ushirikiano",
}


def rows(text: str) -> list[list[str]]:
    return [row.split() for line in text.strip().splitlines() for row in line.split("|")]


@pytest.mark.parametrize(("language", "forms"), [(code, forms) for code in LANGUAGES for forms in rows(ALIKE[code])])
def test_forms_of_a_word_come_together(language: str, forms: list[str]) -> None:
    assert len({stem_of(fold(form), language) for form in forms}) == 1, {
        form: stem_of(fold(form), language) for form in forms
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_words_stay_apart(language: str) -> None:
    found = {word: stem_of(fold(word), language) for word in APART[language].split()}
    assert [pair for pair in combinations(found, 2) if found[pair[0]] == found[pair[1]]] == []


@pytest.mark.parametrize(
    ("language", "text", "cut"),
    [
        ("fr", "L’échange d'idées, aujourd’hui — qu’il dure !", ["echange", "idees", "aujourd'hui", "il", "dure"]),
        ("en", "The city's plan (2021–2023): e-mail U.S.A.", ["the", "city", "plan", "2021", "2023", "e", "mail", "u.s.a"]),
        ("ar", "والمُدُن الكُبرى، ٢٠٢١", ["والمدن", "الكبري", "2021"]),
        ("sw", "Ng’ombe wa mjini", ["ng'ombe", "wa", "mjini"]),
        ("en", "Kwale كوالي", ["kwale", "كوالي"]),
        ("ja", "都市の計画", ["都市", "の", "計画"]),
    ],
)  # fmt: skip
def test_texts_are_cut_into_words(language: str, text: str, cut: list[str]) -> None:
    assert list(words(text, language)) == cut


def test_the_stems_of_a_text_keep_its_order() -> None:
    assert stems("Cities plan; the city plans.", "en") == ["citi", "plan", "the", "citi", "plan"]
    assert stems("كوالي plans", "en") == ["كوالي", "plan"], "a word in another script stays as it is"


@pytest.mark.parametrize(
    ("question", "languages", "meant"),
    [
        ("How do other cities keep a forum alive without money?", ("en",), ["citi", "keep", "forum", "aliv", "money"]),
        ("Comment d’autres villes font-elles vivre un forum sans argent ?", ("fr",), ["vill", "vivr", "forum", "argent"]),
        ("كيف تحافظ المدن الأخرى على منتدى بدون مال؟", ("ar",), ["تحافظ", "مدين", "اخر", "منتد", "مال"]),
        ("Miji mingine hudumishaje jukwaa bila fedha?", ("sw",), ["mji", "hudumishaj", "jukwaa", "fedha"]),
        ("to be or not to be", ("en",), ["to", "be", "or", "not"]),
    ],
)  # fmt: skip
def test_a_question_leaves_what_it_asks_about(question: str, languages: tuple[str, ...], meant: list[str]) -> None:
    assert asked(question, languages) == [frozenset({each}) for each in meant]


def test_a_word_of_an_unknown_language_is_looked_for_in_each_that_it_may_be() -> None:
    cities, son = asked("cities son", LANGUAGES)
    assert cities == {stem_of("cities", code) for code in ("en", "fr", "sw")}
    assert son == {"son"}, "a stop word in French, a word in English"
    assert asked("شباب", LANGUAGES) == [frozenset({"شاب"})]
    assert asked("forum forum", ("en",)) == [frozenset({"forum"})], "once is enough"


def test_threads_do_not_mix_their_words() -> None:
    typed = [
        f"{word}{ending}"
        for word in ("nation", "participat", "municipal", "commit")
        for ending in ("s", "ing", "ed", "ments", "ation")
    ]
    alone = [stem(word, "en") for word in typed]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: [stem(word, "en") for word in typed * 20], range(16)))
    assert found == [alone * 20] * 16


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_words_are_folded(language: str) -> None:
    assert {word for word in STOPS[language] if fold(word) != word} <= {"على"}


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_whatever_is_typed_is_cut_and_has_stems(text: str, language: str) -> None:
    for word in words(text, language):
        assert word == fold(word).strip("'.") or "'" in word
        assert stem_of(word, language)
    asked(text, LANGUAGES)


@pytest.mark.parametrize(
    "text",
    [
        "?!" * 2_500,
        "\u200b" * 5_000,
        "\u202e" * 2_000 + "forum",
        "a" * 5_000,
        "'" * 5_000,
        "و" * 5_000,
        "́" * 5_000,
        "ni" * 2_500,
    ],
)
def test_nonsense_of_any_length_is_no_trouble(text: str) -> None:
    found: list[Any] = asked(text, LANGUAGES)
    assert sum(map(len, found)) <= 3
    assert len(list(words("city " * MOST, "en"))) == MOST // 5
