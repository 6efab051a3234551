"""Files of every form, good, bad and hostile."""
