"""News, articles and event reports. Each language has its own page; pages of one text share Wagtail's translation key."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, OuterRef, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Orderable, Page
from wagtail.url_routing import RouteResult
from wagtail_localize.fields import SynchronizedField, TranslatableField

from jirani.core.compiled import compiled_once
from jirani.core.constraints import checked
from jirani.core.text import active_language
from jirani.events.models import Event
from jirani.events.registry import Written
from jirani.lessons.models import Lesson
from jirani.translation.models import translate_now
from jirani.translation.text import reading_minutes

from ..enums import ArticleKind, DraftedBy
from .access import ReportPermissions
from .contexts import address, article_context, news_of, report_context

FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class TextBlock(blocks.StreamBlock):
    """The text of a page."""

    heading = blocks.CharBlock(
        label=_("Heading"), max_length=200, icon="title", template="newsroom/blocks/heading.html"
    )
    paragraph = blocks.RichTextBlock(label=_("Text"), features=FEATURES)
    quote = blocks.StructBlock(
        [
            ("text", blocks.TextBlock(label=_("Quotation"))),
            ("role", blocks.CharBlock(label=_("By (a role, not a name)"), required=False, max_length=200)),
        ],
        label=_("Quotation"),
        icon="openquote",
        template="newsroom/blocks/quote.html",
    )
    image = ImageBlock(label=_("Image"), template="newsroom/blocks/image.html")


class NewsIndexPage(Page):
    """The front of one language's newsroom."""

    template = "newsroom/index.html"
    max_count_per_parent = 1
    private_page_options: ClassVar[list[str]] = []  # a page is for everybody
    subpage_types: ClassVar[list[str]] = ["newsroom.ArticlePage", "newsroom.EventReportPage"]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("newsroom")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The latest texts first, by key, each once, without reports of events that the reader may not see."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        texts = texts_for(request.user, self.locale.language_code).select_related("locale")
        context.update(news_of(texts, request))
        return context

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Find a page of this newsroom or, if it has none at that address, one that is written in another language.

        Raises Http404 for what the reader may not see.
        """
        try:
            return super().route(request, path_components)
        except Http404:
            near = _by_nearness(request.user, self.locale.language_code).filter(place__gt=0).order_by("place")
            found = near.filter(slug=path_components[0]).first() if len(path_components) == 1 else None
            if found is None:
                raise
            return RouteResult(found.specific)


class RecordPanel(FieldPanel):
    """Shows a record, without a choice, by its title in the editor's language or else in its own."""

    def format_value_for_display(self, value: Any) -> str:
        translate_now(value)
        return str(value.text_in("title", active_language())[0])


@checked
class NewsPage(Page):
    """What articles and reports have in common: who wrote it (a role), when, and how its text came about."""

    standfirst = models.TextField(_("standfirst"), blank=True, help_text=_("Two sentences that say what it is about."))
    author_role = models.CharField(_("author, by role"), max_length=200, blank=True)
    published_on = models.DateField(_("date"), default=timezone.localdate)
    drafted_by = models.CharField(
        _("how the text came about"), max_length=8, choices=DraftedBy.choices, default=DraftedBy.ORIGINAL
    )
    source_url = models.URLField(_("source"), max_length=600, blank=True)
    illustrative = models.BooleanField(_("illustrative"), default=False)

    private_page_options: ClassVar[list[str]] = []  # as above
    subpage_types: ClassVar[list[str]] = []
    parent_page_types: ClassVar[list[str]] = ["newsroom.NewsIndexPage"]
    head_panels: ClassVar[list[Any]] = [
        FieldPanel("standfirst"),
        MultiFieldPanel(
            [FieldPanel("author_role"), FieldPanel("published_on"), FieldPanel("drafted_by")],
            heading=_("By whom and when"),
        ),
    ]
    foot_panels: ClassVar[list[Any]] = [FieldPanel("source_url"), FieldPanel("illustrative")]
    #: What a translation in Wagtail asks for, and what follows its source. How its text came about is neither.
    head_translatable: ClassVar[list[Any]] = [
        TranslatableField("title"),
        TranslatableField("slug"),
        TranslatableField("seo_title"),
        TranslatableField("search_description"),
        TranslatableField("standfirst"),
        TranslatableField("author_role"),
        SynchronizedField("published_on"),
        SynchronizedField("source_url"),
        SynchronizedField("illustrative"),
    ]

    class Meta:
        verbose_name = _("page of the newsroom")
        indexes = [models.Index(fields=["-published_on", "-page_ptr"], name="news_by_date")]

    def permissions_for_user(self, user: Any) -> ReportPermissions:
        """Return what the user may do with the page in Wagtail's admin."""
        return ReportPermissions(user, self)

    def clean(self) -> None:
        """Refuse an address that another text has in any language, because each newsroom also shows untranslated texts."""
        super().clean()
        others = NewsPage.objects.filter(slug=self.slug).exclude(translation_key=self.translation_key)
        if others.exists():
            raise ValidationError({"slug": _("Another text has this address, here or in another language.")})

    def copy_for_translation(self, *args: Any, **kwargs: Any) -> Any:
        """A page for another language, whose text is no original."""
        copied: Any = super().copy_for_translation(*args, **kwargs)
        copied.drafted_by = DraftedBy.PERSON
        copied.save(update_fields=["drafted_by"])
        return copied

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the page in the frame of the reader's language; if it has a translation, redirect to the translation's address."""
        language = get_language()
        if language != self.locale.language_code:
            own = self.get_translations().live().filter(locale__language_code=language).first()
            if own is not None:
                return redirect(address(own.slug, language))
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return response

    @property
    def text(self) -> str:
        """All that there is to read, without markup."""
        return self.standfirst

    @cached_property
    def minutes(self) -> int:
        """Whole minutes that reading takes, at least 1."""
        return reading_minutes(self.text, self.locale.language_code)


@checked
class ArticlePage(NewsPage):
    """News, an article, a city spotlight, an impact story, a member's journey, a newsletter."""

    template = "newsroom/article.html"
    kind = models.CharField(_("kind"), max_length=14, choices=ArticleKind.choices, default=ArticleKind.NEWS)
    body = StreamField(TextBlock(), verbose_name=_("text"), blank=True)
    event = models.ForeignKey(
        Event,
        verbose_name=_("about the event"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="articles",
    )

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("kind"),
        *NewsPage.head_panels,
        FieldPanel("body"),
        FieldPanel("event"),
        *NewsPage.foot_panels,
    ]
    translatable_fields: ClassVar[list[Any]] = [
        *NewsPage.head_translatable,
        TranslatableField("body"),
        SynchronizedField("kind"),
        SynchronizedField("event"),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    @property
    def text(self) -> str:
        """The standfirst and all that the body says."""
        return " ".join([self.standfirst, *(_plain(block) for block in self.body)])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the event that the article is about, if the reader may see it."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(article_context(self, request))
        return context


@checked
class EventReportPage(NewsPage):
    """An event's report under the field's headings, written from the records and edited by a person."""

    template = "newsroom/report.html"
    event = models.ForeignKey(Event, verbose_name=_("event"), on_delete=models.PROTECT, related_name="reports")
    description = RichTextField(_("description"), features=FEATURES, blank=True)
    where_and_when = RichTextField(_("where and when"), features=FEATURES, blank=True)
    partners = RichTextField(_("partners"), features=FEATURES, blank=True)
    represented = RichTextField(
        _("local governments, city associations and international partners represented"), features=FEATURES, blank=True
    )
    next_steps = RichTextField(_("next steps"), features=FEATURES, blank=True)
    donors = RichTextField(_("donors"), features=FEATURES, blank=True)

    content_panels: ClassVar[list[Any]] = [
        FieldPanel("title", classname="title"),  # Wagtail's own writes the address too, which is no field here
        RecordPanel("event", read_only=True),
        *NewsPage.head_panels,
        FieldPanel("description"),
        FieldPanel("where_and_when"),
        FieldPanel("partners"),
        FieldPanel("represented"),
        InlinePanel("report_lessons", heading=_("Lessons and recommendations"), label=_("Lesson")),
        FieldPanel("next_steps"),
        FieldPanel("donors"),
        *NewsPage.foot_panels,
    ]
    #: Its address is made with it. Whoever could type another one would learn which are taken, by drafts that are not theirs to see.
    promote_panels: ClassVar[list[Any]] = [FieldPanel("seo_title"), FieldPanel("search_description")]
    translatable_fields: ClassVar[list[Any]] = [
        *(field for field in NewsPage.head_translatable if field.field_name != "slug"),
        SynchronizedField("slug", overridable=False),
        *(
            TranslatableField(name)
            for name in ("description", "where_and_when", "partners", "represented", "next_steps", "donors")
        ),
        SynchronizedField("event"),
        SynchronizedField("report_lessons"),
    ]

    class Meta:
        verbose_name = _("event report")
        verbose_name_plural = _("event reports")

    @property
    def text(self) -> str:
        """Return the standfirst and every chapter, without the lessons, which have their own pages."""
        chapters = (
            self.description,
            self.where_and_when,
            self.partners,
            self.represented,
            self.next_steps,
            self.donors,
        )
        return " ".join([self.standfirst, *(strip_tags(chapter) for chapter in chapters)])

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the report to readers who may see the event. Raises Http404 for others."""
        if not Event.objects.visible_to(request.user).filter(pk=self.event_id).exists():
            raise Http404
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the lessons that the reader may see now; withdrawn ones are left out."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(report_context(self, request))
        return context

    def lessons_visible_to(self, user: Any) -> models.QuerySet[Lesson]:
        """Return the report's lessons in its order, each checked again. A public page shows only public ones, to everybody alike."""
        lessons = Lesson.objects.visible_to(user).published().filter(report_places__page=self)
        return lessons.order_by("report_places__sort_order")


def pages_shown_to(user: Any) -> Any:
    """Published pages, without reports of events that the user may not see."""
    hidden = EventReportPage.objects.exclude(event__in=Event.objects.visible_to(user).values("pk"))
    shown: Any = NewsPage.objects.live().exclude(pk__in=hidden.values("pk"))
    return shown


def _by_nearness(user: Any, language: str) -> Any:
    """Annotate `place`: 0 for a page in `language`, then the other languages in their order."""
    order = [language, *(code for code in dict(settings.LANGUAGES) if code != language)]
    places = [When(locale__language_code=code, then=Value(place)) for place, code in enumerate(order)]
    return pages_shown_to(user).annotate(place=Case(*places, default=Value(len(order))))


def texts_for(user: Any, language: str) -> Any:
    """Published pages that the user may see, each text once: in `language`, or else in the first of the others in which it is there."""
    shown = _by_nearness(user, language)
    nearer = shown.filter(translation_key=OuterRef("translation_key"), place__lt=OuterRef("place"))
    return shown.filter(~Exists(nearer))


def report_address(event: Event, user: Any, language: str) -> str:
    """Return the address of the event's report in `language`, translated or not; "" if there is none that the user may see. One query."""
    slugs = dict(_reports_of(user, event=event.pk))
    code = next((code for code in (language, *dict(settings.LANGUAGES)) if code in slugs), "")
    return address(slugs[code], language) if code else ""


@compiled_once
def _reports_of(_user: Any, *, event: int) -> models.QuerySet[EventReportPage, tuple[str, str]]:
    found: Any = EventReportPage.objects.live().filter(event=event)
    return found.values_list("locale__language_code", "slug")  # type: ignore[no-any-return]  # Wagtail has no types


def report_written(event: Event, language: str) -> Written | None:
    """Return where the event's report is edited, in `language` if it has been begun there; None if there is no report. One query."""
    found = EventReportPage.objects.filter(event=event).values_list("locale__language_code", "pk", "live")
    pages = {code: (pk, live) for code, pk, live in found}
    code = next((code for code in (language, *dict(settings.LANGUAGES)) if code in pages), "")
    if not code:
        return None
    pk, live = pages[code]
    return Written(reverse("wagtailadmin_pages:edit", args=[pk]), live)


class ReportLesson(Orderable):
    """A lesson's place in a report."""

    page = ParentalKey(EventReportPage, on_delete=models.CASCADE, related_name="report_lessons")
    lesson = models.ForeignKey(Lesson, verbose_name=_("lesson"), on_delete=models.CASCADE, related_name="report_places")

    panels: ClassVar[list[Any]] = [FieldPanel("lesson")]

    class Meta(Orderable.Meta):
        verbose_name = _("lesson in a report")


def _plain(block: Any) -> str:
    if block.block_type == "paragraph":
        return strip_tags(block.value.source)
    if block.block_type == "quote":
        return f"{block.value['text']} {block.value['role']}"
    return str(block.value) if block.block_type == "heading" else ""
