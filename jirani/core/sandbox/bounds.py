"""How much a file may hold and what reading it may take; a refusal is a code for which the caller has a sentence."""

MEGABYTE = 1024 * 1024

#: Bytes of a spreadsheet, bytes that it unpacks to, entries of the archive.
MOST_BYTES = 10 * MEGABYTE
MOST_UNPACKED = 60 * MEGABYTE
MOST_PARTS = 500
#: Tags of all parts together: those of a full sheet of 25 columns. Each takes time to read, and millions pack into a few kilobytes.
MOST_TAGS = 1_000_000
MOST_ROWS = 5000
MOST_COLUMNS = 80
#: Characters of a cell, and of all cells that differ together: each is looked at.
MOST_CHARACTERS = 5000
MOST_TEXT = 5_000_000
#: Characters of a number format: Excel's own bound.
MOST_FORMAT = 255
#: Of an office document that is kept: bytes that it unpacks to, entries.
MOST_DOCUMENT = 100 * MEGABYTE
MOST_ENTRIES = 5000
#: Pixels of an image: more than a camera's 24 million. For WebP, whose decoder keeps three copies, hardly more would fit into memory.
MOST_PIXELS = 36_000_000
MOST_WEBP_PIXELS = 25_000_000
#: Bytes of an image that is kept. Re-encoding may enlarge it: repeating noise packs into a few kilobytes only in its original form.
MOST_IMAGE = 30 * MEGABYTE

#: What the child may take: seconds of the processor and bytes of address space.
CPU_SECONDS = 10
#: Seconds by the clock, which are no bound on work: on a busy machine the child, last in the queue, waits for most of them. They end before
#: the minute after which a proxy gives up, so that a sentence still arrives.
SECONDS = 50
MEMORY = 640 * MEGABYTE
#: The exit code of a child that refuses a file; its answer is then the reason's code.
REFUSED = 3


class Refusal(Exception):
    """Raised for a file that is refused; the message is a code."""
