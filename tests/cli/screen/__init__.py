"""What stands on a screen, and what goes wrong around it."""
