"""Pages where events are made and run, and the pages of those who take part."""
