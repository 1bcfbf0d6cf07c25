"""What a shell completes behind `dedup`: commands and options; file names it completes itself."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

import typer

BASH = """\
_dedup() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" line="${{COMP_WORDS[*]:1:COMP_CWORD-1}}" found=""
  case "$line" in
{cases}
  esac
  COMPREPLY=($(compgen -W "$found" -- "$word"))
}}
complete -o default -o bashdefault -F _dedup dedup
"""


class Shell(StrEnum):
    """A shell that can complete commands."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"


def completion(
    context: typer.Context, shell: Annotated[Shell, typer.Argument(help="bash, zsh or fish.")]
) -> None:
    """Print what lets a shell complete commands and options.

    In ~/.bashrc: eval "$(dedup completion bash)"; likewise for zsh; for fish:
    dedup completion fish > ~/.config/fish/completions/dedup.fish
    """
    assert context.parent is not None
    lines = list(list_words(context.parent.command))
    if shell is Shell.fish:
        typer.echo("\n".join(fish_lines(lines)))
        return
    if shell is Shell.zsh:
        typer.echo("autoload -U +X bashcompinit && bashcompinit")
    # The longest path first; behind a command without commands below it come arguments, too.
    lines.sort(key=lambda line: -len(line[0]))
    cases = "\n".join(
        f'    "{" ".join(path)}"{"*" if is_leaf else ""}) found="{" ".join(words)}" ;;'
        for path, words, is_leaf in lines
    )
    typer.echo(BASH.format(cases=cases), nl=False)


def list_words(
    command: Any, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], list[str], bool]]:
    """The words that may follow each command, and whether it is one without commands below it."""
    inner = getattr(command, "commands", {})
    opts = (option for parameter in command.params for option in parameter.opts)
    options = [option for option in opts if option.startswith("--")]
    yield path, [*inner, *options, "--help"], not inner
    for name, each in inner.items():
        yield from list_words(each, (*path, name))


def fish_lines(lines: list[tuple[tuple[str, ...], list[str], bool]]) -> Iterator[str]:
    """The same for fish, a line each."""
    for path, words, _ in lines:
        seen = " ; and ".join(f"__fish_seen_subcommand_from {name}" for name in path)
        when = seen or "__fish_use_subcommand"
        for word in words:
            what = f"-l {word[2:]}" if word.startswith("--") else f"-a {word}"
            yield f"complete -c dedup -n '{when}' {what}"
