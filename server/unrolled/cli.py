"""The command line: serve, lessons, trace, check, export.

A bad argument or document is one line on standard error, `field: expected …, got …`, and exit
status 2; never a traceback.
"""

from __future__ import annotations

import re
import sys

import click

from unrolled import __version__
from unrolled.commands.check import check
from unrolled.commands.export import export
from unrolled.commands.lessons import lessons
from unrolled.commands.serve import serve
from unrolled.commands.trace import trace
from unrolled.engine.errors import EngineError
from unrolled.scenes.errors import DocumentError
from unrolled.settings import SettingError


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="unrolled")
@click.pass_context
def commands(context: click.Context) -> None:
    """Recurrent networks opened up, one timestep at a time."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for command in (serve, lessons, trace, check, export):
    commands.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status, with mistakes told in one line."""
    try:
        result = commands.main(arguments, prog_name="unrolled", standalone_mode=False)
    except DocumentError as error:
        return _failed(str(error.errors[0]))
    except (EngineError, SettingError) as error:
        return _failed(f"{error.field}: expected {error.expected}, got {error.got}")
    except click.ClickException as error:
        return _failed(_mistake(error))
    except click.Abort:
        return 130
    except OSError as error:
        return _failed(f"{error.filename or 'system'}: {error.strerror or 'failed'}")
    return result if isinstance(result, int) else 0


def _mistake(error: click.ClickException) -> str:
    """click's own mistakes in the words of ours: field, expected, got."""
    parameter = getattr(error, "param", None)
    quoted = re.search(r"'(.*?)'", getattr(error, "message", ""))
    got = f'"{quoted[1]}"' if quoted else "something else"
    if isinstance(error, click.MissingParameter) and parameter is not None:
        return f"{parameter.make_metavar(error.ctx)}: expected a value, got nothing"
    if isinstance(error, click.NoSuchOption):
        return f"{error.option_name}: expected an option of this command, got another"
    if isinstance(error, click.BadParameter) and parameter is not None:
        choices = getattr(parameter.type, "choices", None)
        expected = "one of " + ", ".join(choices) if choices else "a whole number"
        return f"{parameter.opts[0]}: expected {expected}, got {got}"
    if error.message.startswith("No such command"):
        return f"COMMAND: expected one of {', '.join(commands.commands)}, got {got}"
    return error.format_message()


def _failed(line: str) -> int:
    click.echo(f"unrolled: {' '.join(line.split())}", err=True)
    return 2
