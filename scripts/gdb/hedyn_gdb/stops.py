"""Where gdb stops: at each `debugger;`, whose addresses are in a section of their own (scripts/debugger.ts), and never in generated C."""

import struct

import gdb

from .image import image

_SECTION = ".hedyn.debugger"
_breakpoints = []


class _Statement(gdb.Breakpoint):
    """One `debugger;`."""

    def __init__(self, address):
        super().__init__(f"*{address:#x}", internal=True)
        self.silent = False


def _place(_event=None):
    for breakpoint in _breakpoints:
        if breakpoint.is_valid():
            breakpoint.delete()
    _breakpoints.clear()
    program = image()
    if program is None:
        return
    section = program.section(_SECTION)
    addresses = {address for (address,) in struct.iter_unpack("<Q", section) if program.name_at(address) is not None}
    _breakpoints.extend(_Statement(address) for address in sorted(addresses))


# Generated C without a line of TypeScript: what the compilers and the run time do by themselves.
_GENERATED = ("porffor.c", "cache/*.c", "machine prelude")


def _end(_event):
    """Ends the machine with gdb: nobody else knows that it runs."""
    try:
        gdb.execute("kill", to_string=True)
    except gdb.error:
        pass  # It has ended, or was never joined.


def register():
    for name in _GENERATED:
        gdb.execute(f'skip -gfi "{name}"', to_string=True)
    gdb.events.new_objfile.connect(_place)
    if hasattr(gdb.events, "gdb_exiting"):
        gdb.events.gdb_exiting.connect(_end)
    _place()
