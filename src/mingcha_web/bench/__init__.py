"""How fast the pages are with many findings and many people: ``mingcha manage bench_pages``.

A county's own database is never touched: everything happens in a data folder of its own, with the sample county as a
beginning and as many further findings and cases as asked for. The server is the real one, in processes of its own.
"""

from mingcha_web.bench.run import main

__all__ = ["main"]
