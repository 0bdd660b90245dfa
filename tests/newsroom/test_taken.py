"""What the editors' forms take: texts as the editor writes them, files under names of ours."""

import json
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from jirani.newsroom.forms import RichTextArea, _checked


def sent(value: str | None) -> Any:
    return RichTextArea(features=["ul", "bold"]).value_from_datadict({"text": value}, {}, "text")


def test_a_text_is_taken_if_the_editor_can_have_written_it() -> None:
    def item(**block: Any) -> str:
        whole = {"key": "a", "text": "So", "type": "unordered-list-item", "inlineStyleRanges": [], "entityRanges": []}
        return json.dumps({"entityMap": {}, "blocks": [whole | block]})

    unreadable = RichTextArea.UNREADABLE
    assert (sent(None), sent(""), sent("{}")) == (None, "", "")
    assert "So</li>" in sent(item())
    deepest = [sent(item(depth=depth)) for depth in (20, 21)]
    assert ("So</li>" in deepest[0], deepest[1]) == (True, unreadable)
    assert [sent(text) for text in ("{", "7", item(text="\ud800"))] == [unreadable] * 3

    def shown(value: str) -> list[str]:
        return [block["text"] for block in json.loads(RichTextArea(features=["bold"]).format_value(value))["blocks"]]

    assert (shown("<p>So</p>"), shown(unreadable)) == (["So"], shown(""))


def test_a_file_is_kept_under_the_name_that_it_came_with_in_letters_that_an_address_may_hold() -> None:
    asked = []

    def check(file: Any, *, limit: int) -> ContentFile[bytes]:
        asked.append(limit)
        return ContentFile(file.read(), name="anything.txt")

    def named(name: str) -> str:
        kept = _checked(SimpleUploadedFile(name, b"So."), check)
        assert kept.read() == b"So."
        return str(kept.name)

    with override_settings(MAX_UPLOAD_BYTES=7):
        assert [named(name) for name in ("Minutes of May.pdf", "محضر.pdf", "!.pdf")] == [
            "minutes-of-may.txt", "محضر.txt", "file.txt",
        ]  # fmt: skip
        assert len(named("a" * 90 + ".pdf")) == 84
    assert (set(asked), _checked("stored", check)) == ({7}, "stored")
