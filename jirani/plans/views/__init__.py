"""Pages where plans are written; they are read on `public`."""
