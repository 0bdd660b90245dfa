"""What the design page shows: real content, in a language of each direction."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from jirani.ui.text.numbers import number

_SOURCE = "https://strongcitiesnetwork.org/"
_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "place": "Kwale County, Kenya",
        "title": "Rotate the seats in pillar meetings, and the same five people stop deciding",
        "lead": "A forum that gives every seat a turn at the table hears from those who seldom speak.",
        "text": "Members of the forum agreed that each pillar meets with a third of its seats changing hands. Those who "
        "stepped aside kept the minutes, so that nothing was lost between one meeting and the next.",
        "sentence": '<a href="#">Kwale</a> took up from <a href="#">Mombasa</a>: rotate the seats in pillar meetings.',
        "sentence2": '<a href="#">Isiolo</a> applied what it learned in Nakuru: let young people chair the review.',
        "event": "Kenya Inter-County Exchange",
        "session": "What keeps a forum alive",
        "notes": "14 notes",
        "commitments": "taken up by 4 counties, applied by 2",
        "activities": "3 activities in 2 plans",
        "cost": "No cost beyond the meetings",
        "mandate": "A decision of the forum",
        "role": "Coordinator, county engagement forum",
        "members": "members",
        "lessons": "lessons",
        "applied": "lessons applied somewhere",
        "civil": "Civil society",
        "government": "Local government",
        "faith": "Faith",
        "theme": "Youth participation",
        "empty": "No outcome has been recorded yet. Evidence of a change starts one.",
        "action": "Record an outcome",
        "joined": "Joined the network",
        "plan": "Adopted its action plan",
        "apply": "Apply this at home",
        "notice": "The lesson is published. Everybody can read it now.",
        "question": "Withdraw this lesson?",
        "consequence": "It disappears from every page, list and search. Commitments to apply it stay with their counties.",
        "withdraw": "Withdraw the lesson",
        "map": "Kwale in Kenya",
    },
    "ar": {
        "place": "مقاطعة كوالي، كينيا",
        "title": "تناوبوا على المقاعد في اجتماعات الركائز كي لا يقرر الخمسة أنفسهم دائمًا",
        "lead": "المنتدى الذي يمنح كل مقعد دوره على الطاولة يسمع من قلّما يتكلمون.",
        "text": "اتفق أعضاء المنتدى على أن يتغير ثلث المقاعد في كل اجتماع من اجتماعات الركيزة. ومن تنحّى جانبًا تولّى "
        "كتابة المحضر، فلم يضع شيء بين اجتماع وآخر.",
        "sentence": 'أخذت <a href="#">كوالي</a> عن <a href="#">مومباسا</a>: التناوب على المقاعد في اجتماعات الركائز.',
        "sentence2": 'طبّقت <a href="#">إيسيولو</a> ما تعلمته في ناكورو: أن يرأس الشباب جلسة المراجعة.',
        "event": "التبادل بين المقاطعات في كينيا",
        "session": "ما الذي يُبقي المنتدى حيًّا؟",
        "notes": "14 ملاحظة",
        "commitments": "أخذت به 4 مقاطعات وطبّقته مقاطعتان",
        "activities": "3 أنشطة في خطتين",
        "cost": "بلا تكلفة سوى الاجتماعات",
        "mandate": "قرار من المنتدى",
        "role": "منسّق منتدى المشاركة على مستوى المقاطعة",
        "members": "عضوًا",
        "lessons": "درسًا",
        "applied": "درسًا طُبِّق في مكان ما",
        "civil": "المجتمع المدني",
        "government": "الحكم المحلي",
        "faith": "المؤسسات الدينية",
        "theme": "مشاركة الشباب",
        "empty": "لم تُسجَّل أي نتيجة بعد. الدليل على التغيير هو البداية.",
        "action": "سجّل نتيجة",
        "joined": "انضمت إلى الشبكة",
        "plan": "اعتمدت خطة عملها",
        "apply": "طبّق هذا في مدينتك",
        "notice": "نُشر الدرس، ويمكن للجميع قراءته الآن.",
        "question": "أتريد سحب هذا الدرس؟",
        "consequence": "يختفي من كل صفحة وقائمة وبحث، وتبقى الالتزامات بتطبيقه لدى مقاطعاتها.",
        "withdraw": "سحب الدرس",
        "map": "كوالي في كينيا",
    },
}


#: The links of a chain: what each is called, and what it says while it is empty.
_LINKS = {
    "en": {
        "event": ("Event", ""),
        "session": ("Session", "No session recorded yet."),
        "notes": ("Notes", "Read by those who keep the record."),
        "lesson": ("Lesson", ""),
        "commitments": ("Commitments", "No one has applied this yet. Would your city?"),
        "activities": ("Plan activities", "Not in a plan yet. A commitment brings it there."),
        "outcomes": ("Outcomes", "No outcome recorded yet. Evidence starts one."),
    },
    "ar": {
        "event": ("الفعالية", ""),
        "session": ("الجلسة", "لم تُسجَّل أي جلسة بعد."),
        "notes": ("الملاحظات", "يقرؤها من يتولون التدوين."),
        "lesson": ("الدرس", ""),
        "commitments": ("الالتزامات", "لم يطبّقه أحد بعد. هل تطبّقه مدينتك؟"),
        "activities": ("أنشطة الخطة", "ليس في أي خطة بعد. يُدخله إليها التزام."),
        "outcomes": ("النتائج", "لم تُسجَّل أي نتيجة بعد. تبدأ النتيجة بدليل."),
    },
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One language's content for the design page."""

    code: str
    direction: str
    words: dict[str, str]
    chain: list[dict[str, Any]]
    fresh_chain: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    facet: list[dict[str, Any]]
    bars: list[dict[str, Any]]
    journey: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    crumbs: list[dict[str, str]]
    sentences: list[str] = field(default_factory=list)
    day: dt.date = dt.date(2021, 12, 3)


def sample(code: str) -> Sample:
    """The content in `code` ("en" or "ar")."""
    words = _WORDS[code]
    return Sample(
        code=code,
        direction="rtl" if code == "ar" else "ltr",
        words=words,
        chain=_chain(code, "event", "session", "notes", "commitments", "activities"),
        fresh_chain=_chain(code, "event"),
        figures=[
            {"words": format_html("<b>{}</b> {}", number(count), words[name]), "url": "#"}
            for name, count in (("members", 146), ("lessons", 1208), ("applied", 37))
        ],
        facts=[
            {"name": words["theme"], "value": words["cost"]},
            {"name": words["government"], "value": words["mandate"], "source": _SOURCE},
        ],
        facet=[
            {"name": words["theme"], "count": 24, "url": "#", "chosen": True},
            {"name": words["faith"], "count": 7, "url": "#"},
        ],
        bars=[
            {"name": words["government"], "count": 41, "share": 100},
            {"name": words["civil"], "count": 23, "share": 56, "url": "#"},
            {"name": words["faith"], "count": 6, "share": 15},
        ],
        journey=[
            {"date": dt.date(2019, 5, 1), "precision": "month", "words": words["joined"], "source": _SOURCE},
            {"date": dt.date(2021, 12, 3), "precision": "day", "words": words["plan"], "url": "#"},
        ],
        rows=[{"who": words["place"], "what": words["title"], "url": "#", "due": dt.date(2026, 12, 1),
               "action": words["action"], "action_url": "#"}],
        crumbs=[{"name": words["event"], "url": "#"}, {"name": words["session"], "url": "#"}],
        sentences=[mark_safe(words["sentence"]), mark_safe(words["sentence2"])],  # noqa: S308  our own constants
    )  # fmt: skip


def _chain(code: str, *said: str) -> list[dict[str, Any]]:
    """The links of the chain on a lesson's page; `said` are those that say something."""
    return [
        {
            "name": name,
            "words": _WORDS[code][kind] if kind in said else "",
            "url": "#",
            "empty": "" if kind in said else empty,
            "present": kind == "lesson",
        }
        for kind, (name, empty) in _LINKS[code].items()
    ]
