"""The `dedup` command, and `python -m dedup`.

Ctrl-C and SIGTERM end it at any moment with one line and exit code 130 or 143. An exception would
not do while Python is still loading the command, or already leaving: raised in a callback of the
import system or at exit, it is printed with a traceback and lost. So the signal ends the process at
once until a command begins its work, and again when the work is done; in between it is an
exception (see `dedup.cli.console.handle_errors`), and an index is closed properly. Processes that
work for this one end when it does.
"""

import os
import sys

INTERRUPT = 2
SAID = {INTERRUPT: b"dedup: interrupted\n", 15: b"dedup: terminated\n"}  # on every system


def leave(signal_number: int, frame: object = None) -> None:
    """End the process at once: nothing has been written yet, or all of it."""
    os.write(2, SAID[signal_number])
    os._exit(128 + signal_number)


def main() -> None:
    """Run the `dedup` command with the arguments of the process."""
    sys.unraisablehook = _leave_if_interrupted
    try:
        import signal

        # Where a signal is ignored, as after `nohup`, it stays ignored.
        for number in SAID:
            if signal.getsignal(number) in (signal.default_int_handler, signal.SIG_DFL):
                signal.signal(number, leave)

        from dedup.cli import app

        app(prog_name="dedup")
    except KeyboardInterrupt as interrupt:
        leave(getattr(interrupt, "number", INTERRUPT))


def _leave_if_interrupted(unraisable: "sys.UnraisableHookArgs") -> None:
    """Keep an interrupt that Python would print and forget, because it came in a `__del__`."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        leave(getattr(unraisable.exc_value, "number", INTERRUPT))
    sys.__unraisablehook__(unraisable)


if __name__ == "__main__":
    main()
