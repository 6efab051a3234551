"""Who may use a store, and for what: roles, and what each of them may do."""
