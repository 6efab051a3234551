"""How a store's database is opened and run: by its own driver, and by SQLAlchemy where its tables are made."""
