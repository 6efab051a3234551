"""A store in columns: read from its tables, or from what is kept of them beside a large one."""
