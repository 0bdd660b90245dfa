"""Pages for writing plans; plans are read on `public`."""
