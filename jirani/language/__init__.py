"""Words in any language: how texts that people type are compared, and how names are sorted. No tables, and no imports from Django.

`fold()` removes differences that readers don't see: case, accents, vowel signs, invisible characters, the kind of
apostrophe, hyphen or digit. `name_key()` goes further for names, in which a hyphen equals a space. `normal_address()`
gives a mailbox one spelling, however it was typed. `ui/js/fold.js` does the same in the browser; one table of pairs tests both.
The module `words` cuts texts into words and makes the forms of a word one, as a search needs it.
"""

from .addresses import Mailbox, normal_address, read_mailboxes
from .folding import ascii_digits, fold, name_key, tidy, visible

__all__ = ["Mailbox", "ascii_digits", "fold", "name_key", "normal_address", "read_mailboxes", "tidy", "visible"]
