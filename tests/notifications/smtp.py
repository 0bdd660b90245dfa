"""A small mail server that keeps what it accepts; tests decide what it refuses and what happens in between."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(frozen=True)
class Mail:
    """A message that came to the server: to whom its envelope says, and what is in it."""

    to: list[str]
    content: EmailMessage

    @property
    def key(self) -> str:
        """Its Message-ID."""
        return str(self.content["Message-ID"])


class Server(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP (RFC 5321) as a client needs. `seen` is everything that was sent, `accepted` what it took."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.seen: list[Mail] = []
        self.accepted: list[Mail] = []
        #: Command ("RCPT", "DATA" for the whole message) → the answer in place of acceptance; None takes it.
        self.answer: Callable[[str, Mail], str | None] = lambda command, mail: None
        #: Called when a command has come and before it is answered: "CONNECT", "MAIL", "RCPT", "DATA", once the message is there
        #: "ACCEPTED"; "QUIT" comes when the client has no more messages.
        self.meanwhile: Callable[[str, Mail], None] = lambda command, mail: None

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is what some tests are about."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Conversation(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        mail = Mail([], EmailMessage())
        self.server.meanwhile("CONNECT", mail)
        self.say("220 mail.example.org")
        for line in iter(self.rfile.readline, b""):
            command = line[:4].decode("ascii", "replace").upper().strip()
            if command == "MAIL":
                mail = Mail([], EmailMessage())
            self.server.meanwhile(command, mail)
            if command == "RCPT":
                mail.to.append(line.decode().split(":", 1)[1].strip().strip("<>"))
            if command == "DATA":
                self.say("354 go on")
                mail = Mail(mail.to, self.content())
                self.server.seen.append(mail)
            refusal = self.server.answer(command, mail)
            if command == "DATA" and refusal is None:
                self.server.accepted.append(mail)
                self.server.meanwhile("ACCEPTED", mail)
            self.say(refusal or ("221 bye" if command == "QUIT" else "250 fine"))
            if command == "QUIT":
                return

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def content(self) -> EmailMessage:
        lines = []
        for line in iter(self.rfile.readline, b".\r\n"):
            if not line:
                raise ConnectionError("The client left in the midst of it.")
            lines.append(line[1:] if line.startswith(b".") else line)
        return message_from_bytes(b"".join(lines), policy=policy.default)


@contextmanager
def running() -> Iterator[Server]:
    """A server on a free port of this machine."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
