"""Questions asked of all cases at once, batch after batch: limits to come, where the time goes, what months ask for."""
