"""Files from strangers, read in a separate process.

Parsers of spreadsheets, archives, PDF and images are large, and every one of them has had files that keep it busy for hours or eat all
memory. So they run in a child process with limits on time and memory and at the lowest priority; it knows neither the settings
nor the database, and when it is killed nothing else is. Nothing here imports Django: the child starts in a tenth of a second.
"""

from .bounds import MOST_BYTES, MOST_CHARACTERS, MOST_ROWS, MOST_TEXT
from .running import NotRead, Task, read_apart, reading_for

__all__ = ["MOST_BYTES", "MOST_CHARACTERS", "MOST_ROWS", "MOST_TEXT", "NotRead", "Task", "read_apart", "reading_for"]
