"""The `dedup` command, and `python -m dedup`.

Ctrl-C ends it at any moment with exit code 130 and one line. A `KeyboardInterrupt` would not do
while Python is still loading the command, or already leaving: raised in a callback of the import
system or at exit, it is printed with a traceback and lost. So the signal ends the process at
once until a command begins its work, and again when the work is done; in between it is the
usual exception (see `dedup.cli.console.handle_errors`), and an index is closed properly.
"""

import os
import sys

INTERRUPTED = 130


def leave(signal_number: int = 0, frame: object = None) -> None:
    """End the process at once: nothing has been written yet, or all of it."""
    os.write(2, b"dedup: interrupted\n")
    os._exit(INTERRUPTED)


def main() -> None:
    """Run the `dedup` command with the arguments of the process."""
    sys.unraisablehook = _leave_if_interrupted
    try:
        import signal

        # Where the signal is ignored, as after `nohup`, it stays ignored.
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, leave)

        from dedup.cli import app

        app(prog_name="dedup")
    except KeyboardInterrupt:
        leave()


def _leave_if_interrupted(unraisable: "sys.UnraisableHookArgs") -> None:
    """Keep an interrupt that Python would print and forget, because it came in a `__del__`."""
    if unraisable.exc_type is KeyboardInterrupt:
        leave()
    sys.__unraisablehook__(unraisable)


if __name__ == "__main__":
    main()
