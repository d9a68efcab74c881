"""The ``ssbml`` command: a group whose subcommands are imported when they are used."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from ssbml import __version__
from ssbml.errors import SsbmlError

USAGE_ERROR = 2
"""Exit status for wrong usage or unreadable input."""

_COMMANDS = {
    "predict": ("ssbml.cli.predict", "Predict conductivity, density and phase purity of recipes."),
    "screen": ("ssbml.cli.screen", "Rank the recipes of a search space."),
    "explain": ("ssbml.cli.explain", "Say what drives a prediction and what it rests on."),
    "sweep": ("ssbml.cli.sweep", "Predict over a range of one or two fields."),
    "improve": ("ssbml.cli.improve", "Propose the smallest changes that raise a property."),
    "arrhenius": ("ssbml.cli.arrhenius", "Predict conductivity over temperature."),
    "train": ("ssbml.cli.train", "Train a model and write its folder."),
    "evaluate": ("ssbml.cli.evaluate", "Cross-validate on papers the model has not seen."),
    "data": ("ssbml.cli.data", "Look at, check and fetch data sets."),
    "check-physics": ("ssbml.cli.physics", "Ask a model for what two reviews call certain."),
    "retrain": ("ssbml.cli.retrain", "Learn from the rows of a laboratory."),
    "suggest": ("ssbml.cli.suggest", "Propose the next experiments of a search space."),
    "models": ("ssbml.cli.models", "List, choose, check and exchange models."),
}


class _Lazy(click.Group):
    """A group that knows names and one-line helps, and imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(_COMMANDS[cmd_name][0]), cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: ssbml predict --formula Li6.4La3Zr1.4Ta0.6O12 --sintering-temp-c 1150",
)
@click.version_option(__version__, prog_name="ssbml")
def ssbml() -> None:
    """Predict solid lithium electrolytes from how they are made."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line.

    Parameters
    ----------
    arguments : list of str, optional
        Command-line words; those of the process by default.
    """
    try:
        status = ssbml.main(args=arguments, prog_name="ssbml", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE_ERROR)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except SsbmlError as error:
        click.echo(f"ssbml: {error}", err=True)
        sys.exit(USAGE_ERROR)
    sys.exit(status if isinstance(status, int) else 0)
