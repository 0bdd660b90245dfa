"""`forget_second_factor ADDRESS`: for somebody who has lost their telephone, their passkeys and their recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from jirani.accounts.actions import remove_second_factor
from jirani.accounts.models import User
from jirani.audit.actions import record


class Command(BaseCommand):
    help = "Take the second factors of an account away, and sign it out everywhere. Make sure first that it is they who ask."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="ADDRESS", help="the e-mail address with which they sign in")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them and print how many there were."""
        user = User.objects.filter(email__iexact=options["address"]).first()
        if user is None:
            raise CommandError("No account has this address.")
        count = remove_second_factor(user)
        record("members.forget_second_factor", user, factors=count)
        self.stdout.write(
            f"Taken away: {count}. They sign in with a code or a password, and can set up a factor again."
        )
