"""What runs in the threads that have a connection to the database, around Django: it notes what a page was made of, and asks it again."""

from __future__ import annotations

from collections.abc import Iterable

from jirani.core.noted import MADE_ONCE, noting, seconds_left, still_same
from jirani.server.lanes import Application, Environ, Start

#: Keys of a request: that notes are wanted; the notes, and the seconds until the page changes by itself, which are left there; notes to ask.
WANTED, NOTES, LASTS, ASKED = "jirani.wanted", "jirani.notes", "jirani.lasts", "jirani.asked"
#: What is answered to notes that were asked.
SAME, OTHER = "204 No Content", "205 Reset Content"


def notes_and_asks(application: Application) -> Application:
    """Put this around an application: it leaves notes with requests that want them, and answers whether those of another still hold."""

    def answer(request: Environ, start_response: Start) -> Iterable[bytes]:
        if ASKED in request:
            start_response(SAME if still_same(request[ASKED]) else OTHER, [("Content-Length", "0")])
            return []
        if WANTED not in request:
            return application(request, start_response)
        with noting() as noted:
            result = application(request, start_response)
        if request.get(MADE_ONCE) and not getattr(result, "streaming", False):
            request[NOTES], request[LASTS] = noted.packed(), seconds_left(noted)
        return result

    return answer


def question(request: Environ, notes: bytes) -> Environ:
    """The request that asks notes, sent by whoever sent `request`."""
    return {**request, "REQUEST_METHOD": "GET", ASKED: notes}
