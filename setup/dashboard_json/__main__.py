"""The command behind setup/dashboards."""

import argparse
import sys
from pathlib import Path

from .description import Description, DescriptionError
from .spreadsheet import spreadsheets

ROOT = Path(__file__).resolve().parents[2]


def main(arguments=None):
    """Write, or with --check compare, the files of all descriptions or of those that are named.

    :return: the exit status: 0 all is well, 1 a file is out of date, 2 a description is wrong
    """
    parser = argparse.ArgumentParser(prog="setup/dashboards", description=__doc__)
    parser.add_argument("descriptions", nargs="*", type=Path, metavar="DESCRIPTION.toml")
    parser.add_argument("--check", action="store_true", help="write nothing, name the files that are out of date")
    options = parser.parse_args(arguments)
    stale = []
    try:
        for path in options.descriptions or sorted(ROOT.glob("*/dashboards/*.toml")):
            for file, text in spreadsheets(Description.read(path)):
                if not file.exists() or file.read_text() != text:
                    stale.append(file)
                    if not options.check:
                        file.parent.mkdir(parents=True, exist_ok=True)
                        file.write_text(text)
    except DescriptionError as error:
        print(f"setup/dashboards: {error}", file=sys.stderr)
        return 2
    for file in stale:
        print(f"{'out of date' if options.check else 'written'}: {file}")
    if stale and options.check:
        print("Run setup/dashboards to write them anew.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
