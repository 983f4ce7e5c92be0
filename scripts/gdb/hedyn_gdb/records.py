"""Printers for machine modules: a record and what points to one as `Queue { size: 256, … }`, numbers as numbers."""

import re

import gdb

from . import settings

_RECORD = re.compile(r"^m_\w+?__(\w+)$")
_BYTES = ("uint8_t", "int8_t")  # gdb takes them for characters.
_NUMBERS = (*_BYTES, "uint16_t", "int16_t", "uint32_t", "int32_t", "uint64_t", "double", "bool", "_Bool")
_DEPTH = 3
_ELEMENTS = 32


def _record_name(kind):
    """Returns the name of a record class, or None."""
    kind = kind.strip_typedefs().unqualified()
    found = _RECORD.match(kind.tag or "") if kind.code == gdb.TYPE_CODE_STRUCT else None
    return found.group(1) if found else None


def _field_name(name):
    """Returns the name of a field as it is written: one that C keeps for itself has an underscore behind it."""
    return name[:-1] if name.endswith("_") else name


def text_of(value, depth=0):
    """Returns a value of a machine module as text."""
    kind = value.type.strip_typedefs()
    if kind.code == gdb.TYPE_CODE_STRUCT and _record_name(kind):
        if depth > _DEPTH:
            return f"[{_record_name(kind)}]"
        fields = [f"{_field_name(field.name)}: {text_of(value[field], depth + 1)}" for field in kind.fields()]
        return f"{_record_name(kind)} {{ {', '.join(fields)} }}"
    if kind.code == gdb.TYPE_CODE_ARRAY:
        return _list_text(value, kind, depth)
    if kind.code == gdb.TYPE_CODE_INT:
        return str(int(value))
    return value.format_string()


def _list_text(value, kind, depth):
    """Returns the elements in brackets; equal ones at the end are counted."""
    low, high = kind.range()
    shown = [text_of(value[index], depth + 1) for index in range(low, min(high + 1, low + _ELEMENTS))]
    rest = high + 1 - low - len(shown)
    return f"[ {', '.join(shown)}{f', ... {rest} more items' if rest > 0 else ''} ]"


class _Text:
    def __init__(self, value):
        self._value = value

    def to_string(self):
        return text_of(self._value)


class _Tree:
    """A record as an editor shows it."""

    def __init__(self, value):
        self._value = value

    def to_string(self):
        return _record_name(self._value.type)

    def children(self):
        for field in self._value.type.strip_typedefs().fields():
            yield _field_name(field.name), self._value[field]


class _Elements:
    """An array of numbers as an editor shows it, not as a string."""

    def __init__(self, value):
        self._value = value

    def to_string(self):
        low, high = self._value.type.strip_typedefs().range()
        return f"FixedArray({high + 1 - low})"

    def children(self):
        low, high = self._value.type.strip_typedefs().range()
        for index in range(low, high + 1):
            yield f"[{index}]", self._value[index]


def _printer(value):
    kind = value.type.strip_typedefs()
    if kind.code == gdb.TYPE_CODE_PTR and _record_name(kind.target()):
        return _pointer_printer(value)
    if _record_name(kind):
        return _Tree(value) if settings.has_tree() else _Text(value)
    if kind.code == gdb.TYPE_CODE_ARRAY and (value.type.strip_typedefs().target().name or "") in _NUMBERS:
        return _Elements(value) if settings.has_tree() else _Text(value)
    if (value.type.unqualified().name or "") in _BYTES:
        return _Text(value)
    return None


def _pointer_printer(value):
    """A record is handed on by its address; a reader means the record."""
    if int(value) == 0:
        return None
    record = value.dereference()
    return _Tree(record) if settings.has_tree() else _Text(record)


def register():
    _printer.__name__ = "hedyn-records"
    gdb.pretty_printers.insert(0, _printer)
