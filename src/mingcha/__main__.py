"""``python -m mingcha``."""

import sys

from mingcha.cli.main import main

sys.exit(main())
