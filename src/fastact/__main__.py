"""`python -m fastact`"""

import sys

from fastact.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
