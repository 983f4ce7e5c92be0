"""gdb for Hedyn: values, records, backtraces and `debugger;` as TypeScript has them. Load it with `source scripts/gdb/hedyn.py`.

Needs nothing but gdb's own Python. docs/debugging.md says how to use it.
"""

import os
import sys

import gdb

sys.dont_write_bytecode = True  # Nothing is left beside the sources.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from hedyn_gdb import frames, records, settings, stops, values  # noqa: E402

for part in (settings, values, records, frames, stops):
    part.register()

gdb.execute("set confirm off")  # What would be lost is a machine that `make debug` starts anew.
gdb.execute("set pagination off")
