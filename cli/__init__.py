"""The command line: arguments in, calls to the desk, text out; no rule and no figure is worked out here."""
