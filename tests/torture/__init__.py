"""Killing the program at random moments: after each kill the store is as before or as after, never between.

    python -m tests.torture --kills 2000 --workers 2

Every so many victims are not killed but starved: `setrlimit` lets no file of theirs grow beyond a size drawn by lot
(RLIMIT_FSIZE: every write beyond it fails with EFBIG, in SQLite as in Python), or gives them hardly more memory than
they have (RLIMIT_AS: allocations fail). What they leave behind is held to the same.

Most victims are forked from this process, which has everything loaded: their whole life is the work itself, so that
every kill falls into it. Some are the installed command, killed from its first breath on. Each is really killed
(SIGKILL); then the file is opened as the next command would open it: it is whole, its log holds, it contains what it
contained or what the command was to write, the backups beside it are whole, and the same command runs to its end.

Beside some victims another process writes to the same store, and is now and then killed as well: what it was told to
have written is in the store, or the restore that took it back names it in its log.
"""
