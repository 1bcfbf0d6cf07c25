"""Compiling: the decorator of every kernel, for code compiled once and cached on disk.

numba renews cached code only when the file of the function changes; but these files are compiled
into each other, and with the constants of `words` and `plain`. So what is cached here is renewed
when any of them changes. Where nothing can be written or what is cached is damaged, it is compiled
anew.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from numba import njit

from dedup.sketch import plain
from dedup.text import words

FILES = [*sorted(Path(__file__).parent.glob("*.py")), Path(words.__file__), Path(plain.__file__)]
# A hash of all that is compiled into kernels; empty where the files are not at hand.
SOURCES = ""
if all(map(Path.is_file, FILES)):
    SOURCES = sha256(b"".join(map(Path.read_bytes, FILES))).hexdigest()


def kernel(*signatures: Any, inline: str = "never") -> Callable[[Any], Any]:
    """Compile a function for these signatures, or, without any, when another kernel needs it.

    It runs without the interpreter's lock, and with signatures takes no other types.
    `inline="always"` puts its code into its callers, which know more about the arguments.
    """
    decorate: Any = njit(nogil=True, inline=inline)  # type: ignore[call-overload]

    def compiled(function: Any) -> Any:
        made: Any = decorate(function)
        if not hasattr(made, "enable_caching"):  # NUMBA_DISABLE_JIT
            return made
        with suppress(RuntimeError):  # no folder to cache in
            made.enable_caching()
        file: Any = getattr(getattr(made, "_cache", None), "_cache_file", None)
        if SOURCES and hasattr(file, "_source_stamp"):
            file._source_stamp = SOURCES
        try:
            compile_for(made, signatures)
        except Exception:  # unpickling raises anything where the cache is damaged
            drop_cache(made)
            compile_for(made, signatures)
        if signatures:
            made.disable_compile()
        return made

    return compiled


def compile_for(made: Any, signatures: Iterable[Any]) -> None:
    """Compile a kernel for these signatures, or load what is cached of it."""
    for signature in signatures:
        made.compile(signature)


def drop_cache(made: Any) -> None:
    """Delete what is cached beside a kernel, so that all of it is compiled anew."""
    folder = getattr(getattr(made, "_cache", None), "cache_path", None)
    for index in Path(folder).glob("*.nbi") if folder else ():
        with suppress(OSError):
            index.unlink()


def find_cache() -> Path | None:
    """The folder that keeps the compiled kernels, which are compiled where they are not yet; None
    where none can be written."""
    from dedup.sketch import kernels

    path = getattr(getattr(kernels.joining.compare, "_cache", None), "cache_path", None)
    return Path(path) if path else None
