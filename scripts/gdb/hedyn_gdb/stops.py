"""Where gdb stops: at each `debugger;`, whose addresses are in a section of their own (scripts/debugger.ts), and never in generated C."""

import struct

import gdb

from . import frames, heap, text
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


# What `step` does not enter: generated C without a line of TypeScript, and the helpers that lowered code calls.
_RUNTIME = "kernel/runtime/"
_PASSED_OVER = ("porffor.c", "cache/*.c", "machine prelude", "memory.zig", "heap.zig", f"{_RUNTIME}*.ts")


_DISPATCH = "porf_invoke"  # Every call of a function that is a value goes through it, with the function's number.


class _Arrival(gdb.Breakpoint):
    """Stops once, at `address`, where the stack is no deeper than `frame_at`: in the caller and not in a call that it makes."""

    def __init__(self, address, stack_at):
        super().__init__(f"*{address:#x}", internal=True, temporary=True)
        self._stack_at = stack_at

    def stop(self):
        return int(gdb.parse_and_eval("(unsigned long)$sp")) > self._stack_at


class _Finish(gdb.Command):
    """Run until the function returns to the TypeScript that called it, and print what it returns.

    gdb's own command would stop in what lies between the two."""

    def __init__(self):
        super().__init__("finish", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        frame = gdb.selected_frame()
        caller = _caller_of(frame)
        if caller is None:
            raise gdb.GdbError("nobody waits for this function: an async function is resumed, not called")
        returns_value = _returns_value(frame)
        stack_at = int(frame.read_register("rsp"))
        _Arrival(caller.pc(), stack_at)
        gdb.execute("continue" + (" &" if argument.strip() == "&" else ""))
        if returns_value and argument.strip() != "&" and _has_arrived(caller.pc()):
            print(f"Value returned is {text.text_of(_returned())}")


def _returns_value(frame):
    function = frame.function()
    result = function.type.target() if function is not None and function.type.code == gdb.TYPE_CODE_FUNC else None
    return result is not None and result.name == "jsval"


def _has_arrived(address):
    try:
        return gdb.selected_frame().pc() == address
    except gdb.error:
        return False  # The program has ended.


def _returned():
    """The jsval that a function has just returned: the number in xmm0, the kind in rax. System V ABI, x86-64, §3.2.3."""
    number = float(gdb.parse_and_eval("$xmm0.v2_double[0]"))
    return heap.Value(int(gdb.parse_and_eval("(int)$rax")), number)


class _Dispatch(gdb.Breakpoint):
    """Lets `step` enter a method, a callback or any other function that is a value: the run time calls it, and `step` passes over that.

    Enabled while a step lasts. Where the run time is about to call a function of the program, gdb is to stop there."""

    def __init__(self):
        super().__init__(_DISPATCH, internal=True)
        self.silent = True
        self.enabled = False
        self.targets = []

    def stop(self):
        program = image()
        linked = program.linked(int(gdb.newest_frame().read_var("idx")))
        address = program.entries.get(linked)
        if address is not None and _is_written(address):
            self.targets.append(gdb.Breakpoint(linked, internal=True, temporary=True))
        return False

    def end(self):
        self.enabled = False
        for target in self.targets:
            if target.is_valid():
                target.delete()
        self.targets.clear()


def _is_written(address):
    """Returns whether the function at `address` is TypeScript, and none that lowered code calls."""
    table = gdb.find_pc_line(address).symtab
    return table is not None and table.filename.endswith(".ts") and _RUNTIME not in table.filename


_dispatch = None


def begin_step():
    """Called before each `step`."""
    global _dispatch
    if _dispatch is None and gdb.lookup_static_symbol(_DISPATCH) is not None:
        _dispatch = _Dispatch()
    if _dispatch is not None:
        _dispatch.enabled = True


def _end_step(event):
    if _dispatch is not None and _dispatch.is_valid() and _dispatch.enabled:
        _dispatch.end()
    is_step = not isinstance(event, (gdb.BreakpointEvent, gdb.SignalEvent))
    if is_step and frames.is_plumbing(gdb.newest_frame()) and _caller_of(gdb.newest_frame()) is not None:
        gdb.post_event(_leave)


def _leave():
    """Goes on to the TypeScript that called, where a step ended in what lies between."""
    frame = gdb.newest_frame()
    _Arrival(_caller_of(frame).pc(), int(frame.read_register("rsp")))
    gdb.execute("continue")


def _caller_of(frame):
    """Returns the frame of the TypeScript that called, or None."""
    caller = frame.older()
    while caller is not None and frames.is_plumbing(caller):
        caller = caller.older()
    return caller


def _end(_event):
    """Ends the machine with gdb: nobody else knows that it runs."""
    try:
        gdb.execute("kill", to_string=True)
    except gdb.error:
        pass  # It has ended, or was never joined.


def register():
    for name in _PASSED_OVER:
        gdb.execute(f'skip -gfi "{name}"', to_string=True)
    gdb.events.new_objfile.connect(_place)
    if hasattr(gdb.events, "gdb_exiting"):
        gdb.events.gdb_exiting.connect(_end)
    _Finish()
    gdb.execute("define hook-step\npython from hedyn_gdb import stops; stops.begin_step()\nend", to_string=True)
    gdb.events.stop.connect(_end_step)
    _place()
