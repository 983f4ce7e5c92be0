"""`set hedyn …`: what a user or an editor may choose."""

import gdb

_parameters = {}


class _Flag(gdb.Parameter):
    def __init__(self, name, text):
        self.set_doc = f"Set whether {text}."
        self.show_doc = f"Show whether {text}."
        super().__init__(name, gdb.COMMAND_DATA, gdb.PARAM_BOOLEAN)
        self.value = False

    def get_set_string(self):
        return ""

    def get_show_string(self, value):
        return f"It is {value}."


def has_tree():
    """Returns whether values are shown as trees that an editor opens, and not as text."""
    return _parameters["tree"].value


def register():
    gdb.Command("set hedyn", gdb.COMMAND_DATA, gdb.COMPLETE_NONE, True)
    gdb.Command("show hedyn", gdb.COMMAND_DATA, gdb.COMPLETE_NONE, True)
    _parameters["tree"] = _Flag("hedyn tree", "values have children that an editor opens one by one")
