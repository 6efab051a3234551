"""Commands about the law: rules read, checked, compared, and the overlay chosen."""
