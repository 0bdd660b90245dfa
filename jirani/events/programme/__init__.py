"""What happens at an event: its sessions, who does what in them, and each participant’s own programme."""
