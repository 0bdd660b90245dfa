"""Hours on the clocks of the place where an event is, which a day may lack or have twice."""
