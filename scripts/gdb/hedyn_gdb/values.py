"""Printers for variables of the control plane: `jsval`, and the double of a variable that holds nothing but numbers."""

import struct

import gdb

from . import heap, settings, text


def value_of(variable):
    """Returns the Value of a gdb value of a type that a variable has; None for a variable that is not declared yet."""
    if variable.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
        if int(variable) == 0:
            return None
        variable = variable.dereference()
    if variable.type.strip_typedefs().code == gdb.TYPE_CODE_FLT:
        return heap.Value(heap.NUMBER, float(variable))
    return heap.Value(int(variable["type"]), float(variable["val"]))


class _Undeclared:
    """What stands for a variable before its declaration."""

    @staticmethod
    def to_string():
        return "<not declared yet>"


class _Text:
    """A value as text."""

    def __init__(self, value):
        self._value = value

    def to_string(self):
        return text.text_of(self._value)


class _Tree:
    """A value as an editor shows it: a few words, and children."""

    def __init__(self, value):
        self._value = value

    def to_string(self):
        return text.summary_of(self._value)

    def children(self):
        try:
            yield from _children_of(self._value)
        except (gdb.MemoryError, gdb.error) as error:
            yield "error", str(error)


def _as_gdb(value):
    """Returns a jsval that gdb can print: made of bytes, since the heap holds none of that shape."""
    made = struct.pack("<diI", float(value.payload), value.kind, 0)
    return gdb.Value(made, gdb.lookup_type("jsval"))


def _children_of(value):
    kind = value.kind
    if kind == heap.ARRAY:
        for index, element in enumerate(heap.elements_of(value)):
            if element is not None:
                yield f"[{index}]", _as_gdb(element)
    elif kind in heap.TYPED_ARRAYS:
        for index, number in enumerate(heap.numbers_of(value)):
            yield f"[{index}]", _as_gdb(heap.Value(heap.NUMBER, number))
    elif kind in (heap.MAP, heap.SET):
        for index, (key, content) in enumerate(heap.table_of(value)):
            if content is None:
                yield f"[{index}]", _as_gdb(key)
            else:
                yield f"[{text.summary_of(key)}]", _as_gdb(content)
    elif kind == heap.PROMISE:
        state, result = heap.promise_state(value)
        if state != "pending":
            yield f"[{state}]", _as_gdb(result)
    elif kind == heap.OBJECT:
        shown = {"message", "cause"} if heap.is_error(value) else set()
        for entry in heap.properties_of(value):
            name = heap.key_text(entry.key)
            if entry.value is not None and (entry.is_enumerable or name in shown):
                yield name, _as_gdb(entry.value)


# A number, and the pointers of scripts/patch/variables.ts.
_VARIABLES = ("f64", "hedyn_shared", "hedyn_variable", "hedyn_counted")


def _printer(variable):
    kind = variable.type.unqualified()
    name = kind.name or ""
    if name == "jsval" or (kind.code == gdb.TYPE_CODE_TYPEDEF and kind.strip_typedefs().tag == "jsval"):
        value = value_of(variable)
    elif name in _VARIABLES:
        value = value_of(variable)
    else:
        return None
    if value is None:
        return _Undeclared()
    # gdb shows an editor {...} for whatever may have children, and nothing of what it is.
    return _Tree(value) if settings.has_tree() and heap.has_parts(value) else _Text(value)


def register():
    _printer.__name__ = "hedyn-values"
    gdb.pretty_printers.insert(0, _printer)
