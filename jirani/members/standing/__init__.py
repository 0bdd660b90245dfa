"""What somebody is in the network by the posts and duties they hold, each from a day until a day."""
