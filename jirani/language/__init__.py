"""What is true of words in any language: how texts that people type are compared, and names sorted. No tables and nothing of Django.

`fold()` takes away what readers don't see as a difference: case, accents, vowel signs, invisible characters, the kind of
apostrophe, hyphen or digit. `name_key()` goes further for names, where a hyphen is as good as a space. `normal_address()`
gives one spelling to a mailbox, however it was typed. The scripts' half of it is `ui/js/fold.js`; one table of pairs tests both.
"""

from .addresses import Mailbox, normal_address, read_mailboxes
from .folding import ascii_digits, fold, name_key, tidy, visible

__all__ = ["Mailbox", "ascii_digits", "fold", "name_key", "normal_address", "read_mailboxes", "tidy", "visible"]
