"""Light stems of Arabic words: without article, conjunction, endings of number, gender and possession; broken plurals of the field by a list.

After Larkey, Ballesteros and Connell, "Light Stemming for Arabic Information Retrieval" (2007), on words whose alifs, hamzas and final
letters `fold` has made one. Letters that may belong to the root ("ب" in "بلدية") stay unless an article follows.
"""

from jirani.language.folding import fold

#: The longest first.
_ARTICLES = ("وبال", "وكال", "ولل", "وال", "فال", "بال", "كال", "لل", "ال")
_ENDINGS = (
    "تهما", "اتها", "اتهم", "اتنا", "اتكم", "هما", "تها", "تهم", "تنا", "تكم", "ات", "ان", "ون", "ين", "ها", "هم", "هن", "كم", "نا",
    "يه", "ته", "ه", "ي",
)  # fmt: skip
#: A stem has at least so many letters.
_LEAST = 3
#: From so many letters on, a first "و" or "ف" is a conjunction: words of whose root it is a part are mostly shorter.
_JOINED = 7
#: Plurals that change the word within, without article, to their singular.
_PLURALS = {
    "مدن": "مدينه", "دروس": "درس", "خطط": "خطه", "شباب": "شاب", "شبان": "شاب", "شابات": "شاب", "دول": "دوله", "بلدان": "بلد",
    "احياء": "حي", "طلاب": "طالب", "طلبه": "طالب", "مدارس": "مدرسه", "مساجد": "مسجد", "نساء": "امراه", "نسوه": "امراه", "اطفال": "طفل",
    "اهداف": "هدف", "انشطه": "نشاط", "مجالس": "مجلس", "مشاريع": "مشروع", "اعضاء": "عضو", "اخبار": "خبر", "احداث": "حدث",
    "ادله": "دليل", "قاده": "قائد", "زعماء": "زعيم", "لجان": "لجنه", "شركاء": "شريك", "افكار": "فكره", "اسباب": "سبب", "طرق": "طريقه",
    "موارد": "مورد", "اموال": "مال", "اصوات": "صوت", "حلول": "حل", "قوانين": "قانون", "مبادئ": "مبدا", "مخاطر": "خطر", "اخطار": "خطر",
    "عوامل": "عامل", "دوافع": "دافع", "ظروف": "ظرف", "بلاد": "بلد", "اقاليم": "اقليم", "مناطق": "منطقه", "قري": "قريه", "شوارع": "شارع",
    "اسواق": "سوق", "فرص": "فرصه", "وظائف": "وظيفه", "مهارات": "مهاره", "تجارب": "تجربه", "نتائج": "نتيجه", "اثار": "اثر",
    "برامج": "برنامج", "مراكز": "مركز", "وثائق": "وثيقه", "تقارير": "تقرير", "اسئله": "سؤال", "اجوبه": "جواب", "ايام": "يوم",
    "شهور": "شهر", "اشهر": "شهر", "سنوات": "سنه", "سنين": "سنه", "اعوام": "عام", "اسر": "اسره", "عائلات": "عائله", "اباء": "اب",
    "امهات": "ام", "رجال": "رجل", "اشخاص": "شخص", "افراد": "فرد", "جماعات": "جماعه", "فرق": "فريق", "عمال": "عامل", "خبراء": "خبير",
    "مقاعد": "مقعد", "ادوار": "دور", "شبكات": "شبكه", "روابط": "رابط", "حدود": "حد", "نزاعات": "نزاع", "حوارات": "حوار", "اديان": "دين",
    "ائمه": "امام", "شيوخ": "شيخ", "رؤساء": "رئيس", "وزراء": "وزير", "مدراء": "مدير", "محاور": "محور", "ركائز": "ركيزه", "التزامات": "التزام",
}  # fmt: skip


_BROKEN = {fold(plural): fold(singular) for plural, singular in _PLURALS.items()}
#: Words whose first two letters are no article.
_WHOLE = ("التزام", "التحاق", "التماس", "التقاء", "الغاء", "الحاق", "الهام", "التباس")


def stem(word: str) -> str:
    """Return the stem of a folded Arabic word."""
    bare = _without_article(word)
    for known in (bare, *(bare.removesuffix(ending) for ending in ("ها", "هم", "نا", "ه") if bare.endswith(ending))):
        bare = _BROKEN.get(known, bare)
    ending = next((each for each in _ENDINGS if bare.endswith(each) and len(bare) - len(each) >= _LEAST), "")
    bare = bare.removesuffix(ending)
    return bare[:-1] if bare[-1] in "يه" and len(bare) > _LEAST else bare


def _without_article(word: str) -> str:
    for article in _ARTICLES:
        rest = word.removeprefix(article)
        if rest != word and len(rest) >= _LEAST - 1 and not word.startswith(_WHOLE):
            return rest
    joined = word[0] in "وف" and (len(word) >= _JOINED or word[1:] in _BROKEN)
    return word[1:] if joined else word
