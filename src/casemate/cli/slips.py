"""What click says of a slip, as casemate says it: in one line."""

import click


def in_one_line(error: click.ClickException) -> str:
    """What was wrong with the words of a command, and where its help is."""
    text = " ".join(error.format_message().split()).rstrip(".")
    text = text[:1].lower() + text[1:]
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{text} (see {context.command_path} --help)" if context is not None else text
