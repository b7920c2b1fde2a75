"""``python -m autograde`` and the ``autograde`` command."""

from autograde.cli.app import main

if __name__ == "__main__":
    main()
