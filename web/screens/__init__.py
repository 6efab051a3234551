"""The screens, one module each: what a page asks the desk, and which template shows the answer."""
