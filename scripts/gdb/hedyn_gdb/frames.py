"""Backtraces in TypeScript: the names that people know, without what the compilers and the run time put between them."""

import gdb
from gdb.FrameDecorator import FrameDecorator

from .image import image


class _Named(FrameDecorator):
    """A frame under the name that people know."""

    def function(self):
        frame = self.inferior_frame()
        program = image()
        if program is None or frame.type() == gdb.INLINE_FRAME:
            return super().function()
        return program.name_at(frame.pc()) or super().function()

    def address(self):
        # A frame with a place in a source is known by it.
        return None if self.filename() and self.line() else super().address()


def is_plumbing(frame):
    """Returns whether nobody wrote the frame's function."""
    program = image()
    if program is None or frame.type() in (gdb.INLINE_FRAME, gdb.SIGTRAMP_FRAME):
        return False
    return program.name_at(frame.pc()) == ""


class _Filter:
    """The filter that gdb runs each backtrace through."""

    def __init__(self):
        self.name = "hedyn"
        self.enabled = True
        self.priority = 100

    def filter(self, frames):
        for frame in frames:
            if not is_plumbing(frame.inferior_frame()):
                yield _Named(frame)


def register():
    gdb.frame_filters["hedyn"] = _Filter()
