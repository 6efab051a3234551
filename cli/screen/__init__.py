"""What commands share: arguments, printing, tables, wording, opening a source."""
