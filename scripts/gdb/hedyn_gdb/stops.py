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


# Generated C without a line of TypeScript: what the compilers and the run time do by themselves.
_GENERATED = ("porffor.c", "cache/*.c", "machine prelude")


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
        caller = frame.older()
        while caller is not None and frames.is_plumbing(caller):
            caller = caller.older()
        if caller is None:
            raise gdb.GdbError("nobody waits for this function: an async function is resumed, not called")
        # A value is what each of them returns, or the one that the outermost function of the run time hands on.
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


class _Into(gdb.Command):
    """Step into the next function that the line calls, a method or a callback, too.

    `step` enters what is called by its name. A method, a callback or any other function that is a value is called by the run
    time, which `step` passes over."""

    def __init__(self):
        super().__init__("into", gdb.COMMAND_RUNNING)

    def invoke(self, _argument, _from_tty):
        if gdb.lookup_static_symbol(_DISPATCH) is None:  # A program without a function that is a value.
            gdb.execute("step")
            return
        dispatch = gdb.Breakpoint(_DISPATCH, internal=True)
        dispatch.silent = True
        try:
            gdb.execute("step")
            linked = self._called(dispatch)
        finally:
            dispatch.delete()
        if linked is None:
            return
        gdb.Breakpoint(linked, internal=True, temporary=True)
        gdb.execute("continue")

    @staticmethod
    def _called(dispatch):
        """Returns the linked name of the function that is about to be called, None when the step ended before any."""
        frame = gdb.newest_frame()
        if dispatch.hit_count == 0 or frame.name() != _DISPATCH:
            return None
        return image().linked(int(frame.read_var("idx")))


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
    _Finish()
    _Into()
    _place()
