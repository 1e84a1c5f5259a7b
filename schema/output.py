"""The command line that the generators share."""

import pathlib
import sys

from model import SchemaError, read_schema


def write_files(generators):
    """Writes into the folder that is named on the command line: (name, lines of a schema) each."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} OUTPUT_DIR")
    output = pathlib.Path(sys.argv[1])
    try:
        schema = read_schema()
        for name, lines in generators:
            (output / name).write_text("\n".join(lines(schema)) + "\n", encoding="ascii")
    except SchemaError as error:
        sys.exit(str(error))
