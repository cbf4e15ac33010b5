"""`python -m deescalate_tui` is the command `deescalate`."""

import sys

from deescalate_tui.launch import main

if __name__ == "__main__":
    sys.exit(main())
