"""Which parts of a page that is being translated are still in the language of its source. Each part (a title, a paragraph, an item of
a list) is a segment of wagtail-localize, told by its path in the page and its words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from django.db.models import Exists, F, OuterRef
from django.utils.safestring import SafeString, mark_safe
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from jirani.ui.text import locale_of

from ..enums import DraftedBy

#: Fields that nobody reads on the page.
_UNREAD = ("slug", "seo_title", "search_description")
#: What a part is on the page: the smallest of these that holds its words and no others.
_PARTS = ("p", "li", "h2", "h3", "blockquote", "footer", "figcaption")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the translation of a page has got: its parts, which of them (by field, and by their words) are in the `language` of its
    source, and whether a machine translated any.
    """

    language: str
    parts: int
    missing_fields: frozenset[str]
    missing_words: frozenset[str]
    missing: int
    by_machine: bool

    @property
    def translated(self) -> int:
        """Parts in the page's own language."""
        return self.parts - self.missing

    def mark(self, html: str) -> SafeString:
        """`html` with `lang` and `dir` at each part that is not translated."""
        soup = BeautifulSoup(html, "html.parser")
        marks = {"lang": self.language, "dir": locale_of(self.language).text_direction}
        for tag in soup.find_all(_PARTS):
            if _words(tag) in self.missing_words and not tag.find(_PARTS):
                tag.attrs.update(marks)
        for text in soup.find_all(string=True):
            if " ".join(text.split()) in self.missing_words and not _is_marked(text):
                text.wrap(soup.new_tag("span", attrs=marks))
        return mark_safe(str(soup))  # noqa: S308  (as safe as it was: only attributes of ours are added)


def progress_of(page: Any) -> Progress | None:
    """Return how far a page that follows a source in another language has got; None for an original or an independent page. Three
    queries, none for an original.
    """
    if page.drafted_by == DraftedBy.ORIGINAL:
        return None
    found = Translation.objects.filter(
        source__object_id=page.translation_key, target_locale=page.locale_id, enabled=True
    ).select_related("source__locale")
    translation = found.first()
    if translation is None:
        return None
    done = _translated(translation)
    wanted = StringSegment.objects.filter(source=translation.source).values_list(
        "string_id", "context_id", "context__path", "string__data"
    )
    source = {(path, data) for string, context, path, data in wanted if (string, context) not in done}
    own = [part for part in extract_segments(page) if isinstance(part, StringSegmentValue) and part.path not in _UNREAD]
    missing = [part for part in own if (part.path, part.string.data) in source]
    return Progress(
        language=translation.source.locale.language_code,
        parts=len(own),
        missing_fields=frozenset(part.path for part in missing),
        missing_words=frozenset(_words(BeautifulSoup(part.string.data, "html.parser")) for part in missing),
        missing=len(missing),
        by_machine=StringTranslation.TRANSLATION_TYPE_MACHINE in done.values(),
    )


def progress_in_lists(pages: Iterable[Any]) -> dict[int, Progress]:
    """Return, by page, those of a list whose title or standfirst is still in the language of its source; at most one query."""
    known = {(page.translation_key, page.locale_id): page for page in pages if page.drafted_by != DraftedBy.ORIGINAL}
    if not known:
        return {}
    done = StringTranslation.objects.filter(
        translation_of=OuterRef("string"), context=OuterRef("context"), locale=OuterRef("to"), has_error=False
    )
    rows: Any = (
        StringSegment.objects.filter(
            source__object__in={key for key, _ in known}, context__path__in=("title", "standfirst")
        )
        .filter(source__translations__enabled=True)
        .annotate(to=F("source__translations__target_locale"))
        .filter(~Exists(done))
        .values_list("source__object", "to", "context__path", "string__data", "source__locale__language_code")
    )
    missing: dict[int, tuple[str, set[str]]] = {}
    for key, locale, field, words, language in rows:
        page = known.get((key, locale))
        if page is not None and getattr(page, field) == words:
            missing.setdefault(page.pk, (language, set()))[1].add(field)
    return {
        pk: Progress(language, 0, frozenset(fields), frozenset(), 0, by_machine=False)
        for pk, (language, fields) in missing.items()
    }


def _translated(translation: Translation) -> dict[tuple[int, int], str]:
    """Return how each part was translated, by string and place."""
    rows: Iterable[Any] = StringTranslation.objects.filter(
        locale=translation.target_locale_id, context__object=translation.source.object_id, has_error=False
    ).values_list("translation_of_id", "context_id", "translation_type")
    return {(string, context): way for string, context, way in rows}


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def _is_marked(text: NavigableString) -> bool:
    return any(parent.has_attr("lang") for parent in text.parents)
