"""How days, names and near words are read, written, compared and put in order: the same at every door."""
