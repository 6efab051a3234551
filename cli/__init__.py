"""The command line: arguments in, calls to the desk, text out; no rule and no figure is worked out here."""

import atexit
import gc
import os
import signal
import sys


def leave(number: int, _: object) -> None:
    """End at once while the program is still being loaded, with a sentence and no traceback."""
    os.write(2, "Đã dừng theo yêu cầu.\n".encode())
    os._exit(128 + number)


if os.path.basename(sys.argv[0]).partition(".")[0] == "dubi":  # noqa: PTH119  # pathlib takes a while to load
    signal.signal(signal.SIGINT, leave)
    gc.set_threshold(20_000)  # a command makes much at once and drops little of it: that is looked through less often
    # Python ends by looking through all that is alive, more than once, to take it apart piece by piece: a seventh of
    # a small command. What has to be done at an end is done before, by name: files and stores are closed where they
    # were opened, temporary folders have finalizers of their own; the memory itself goes back to the machine whole.
    atexit.register(gc.freeze)  # registered first, so called last
