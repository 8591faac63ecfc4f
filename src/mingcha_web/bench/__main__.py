"""``python -m mingcha_web.bench``."""

import sys

from mingcha_web.bench.run import main

sys.exit(main(sys.argv[1:]))
