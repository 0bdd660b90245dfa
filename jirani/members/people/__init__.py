"""People: their accounts, posts and duties, and what is kept about them."""
