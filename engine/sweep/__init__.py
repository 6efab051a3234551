"""All cases evaluated at once, as expressions over columns."""
