"""Papers of a cell (minutes, resolutions, proposals), filled for a case."""
