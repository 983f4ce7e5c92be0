"""The JavaScript heap as Porffor lays it out. A value is a kind and a payload: a number, or the offset of a body in the heap.

  jsval    { f64 val; i32 type }                      a variable
  bits     u64: a double, or PATTERN | kind << 43 | offset   an element
  body     string: u32 length, characters; array: u32 length, u32 elements; object: u16 size, …, u32 entries of 20 bytes
"""

import math
import struct

import gdb

from .image import image

UNDEFINED, NUMBER, BOOLEAN, BIGINT, SYMBOL, FUNCTION, OBJECT = 0, 1, 2, 4, 5, 6, 7
PATTERN_KIND, DATE, SET, MAP, BUFFER, VIEW = 9, 10, 11, 12, 13, 15
WEAK_REFERENCE, WEAK_SET, WEAK_MAP, PROMISE, BOXED_BOOLEAN, BOXED_NUMBER, BOXED_STRING = 27, 28, 29, 30, 31, 32, 33
GENERATOR, ASYNC_GENERATOR, STRING, ARRAY, LATIN1 = 35, 36, 67, 72, 195
# The errors that the language itself throws, until they are caught.
NATIVE_ERRORS = {
    37: "Error",
    38: "AggregateError",
    39: "TypeError",
    40: "ReferenceError",
    41: "SyntaxError",
    42: "RangeError",
    43: "EvalError",
    44: "URIError",
}
TYPED_ARRAYS = {
    80: ("Uint8ClampedArray", "B"),
    81: ("Uint8Array", "B"),
    82: ("Int8Array", "b"),
    83: ("Uint16Array", "H"),
    84: ("Int16Array", "h"),
    85: ("Uint32Array", "I"),
    86: ("Int32Array", "i"),
    89: ("Float32Array", "f"),
    90: ("Float64Array", "d"),
}

_PATTERN = 0xFFF8000000000000
_REMOVED = 255  # The kind of a key that was deleted.
_ENTRY_SIZE = 20
_ACCESSOR, _ENUMERABLE = 1, 4
_CHAIN_MAX = 32  # A prototype chain longer than this is damaged.
_TEXT_MAX = 10_000  # Characters of a string that are read.
_LENGTH_MAX = 10_000  # Elements or properties that are read.


class Value:
    """A JavaScript value."""

    def __init__(self, kind, payload):
        self.kind = kind
        self.payload = payload

    @property
    def at(self):
        """The offset of the body."""
        return int(self.payload) & 0xFFFFFFFF if math.isfinite(self.payload) else 0

    @property
    def is_text(self):
        return self.kind in (STRING, LATIN1)

    @property
    def is_null(self):
        return self.kind == OBJECT and self.at == 0

    @property
    def is_callable(self):
        return self.kind == FUNCTION


def unpack(bits):
    """Returns the Value of an element."""
    if bits & _PATTERN != _PATTERN:
        return Value(NUMBER, struct.unpack("<d", struct.pack("<Q", bits))[0])
    return Value((bits >> 43) & 0xFF, bits & 0xFFFFFFFF)


def read(at, length):
    """Returns `length` bytes at an offset of the heap."""
    symbol = gdb.lookup_static_symbol("porf_mem") or gdb.lookup_global_symbol("porf_mem")
    base = int(symbol.value())
    if base == 0:
        raise gdb.MemoryError("the heap is not there yet")
    return bytes(gdb.selected_inferior().read_memory(base + at, length))


def words(at, count):
    return struct.unpack(f"<{count}I", read(at, 4 * count))


def text_of(value):
    """Returns the characters of a string."""
    (length,) = words(value.at, 1)
    length = min(length, _TEXT_MAX)
    if value.kind == LATIN1:
        return read(value.at + 4, length).decode("latin-1")
    return read(value.at + 4, 2 * length).decode("utf-16-le", "surrogatepass")


def array_length(value):
    return words(value.at, 1)[0]


def elements_of(value, limit=_LENGTH_MAX):
    """Returns the elements of an array, None for one that is missing."""
    length, entries = words(value.at, 2)
    length = min(length, limit)
    bits = struct.unpack(f"<{length}Q", read(entries, 8 * length))
    return [None if word == 0 else unpack(word) for word in bits]


class Property:
    """One property of an object. `value` is None for an accessor."""

    def __init__(self, key, value, is_enumerable):
        self.key = key
        self.value = value
        self.is_enumerable = is_enumerable


def properties_of(value, limit=_LENGTH_MAX):
    """Returns the own properties of an object, in order."""
    if value.is_null:
        return []
    size, _capacity, _flags, _kind, _, _prototype, entries = struct.unpack("<HHBBHII", read(value.at, 16))
    size = min(size, limit)
    found = []
    if size == 0:
        return found
    table = read(entries, size * _ENTRY_SIZE)
    for at in range(0, size * _ENTRY_SIZE, _ENTRY_SIZE):
        _hash, key, content, flags, kind, key_kind = struct.unpack_from("<iIdBBB", table, at)
        property_value = None if flags & _ACCESSOR else Value(kind, content)
        found.append(Property(Value(key_kind, key), property_value, flags & _ENUMERABLE != 0))
    return found


def has_parts(value):
    """Returns whether a value has elements or properties to show."""
    composed = value.kind in (ARRAY, MAP, SET, PROMISE) or value.kind in TYPED_ARRAYS
    return composed or (value.kind == OBJECT and not value.is_null)


def key_text(key):
    """Returns the name of a property."""
    if key.is_text:
        return text_of(key)
    if key.kind == SYMBOL:
        return f"[{symbol_text(key)}]"
    return str(key.at)


def prototype_of(value):
    """Returns the prototype of an object, or None."""
    if value.kind != OBJECT or value.is_null:
        return None
    kind = read(value.at + 5, 1)[0]
    (at,) = words(value.at + 8, 1)
    return Value(kind, at) if at != 0 and kind == OBJECT else None


def lookup(value, name):
    """Returns the value of a property, own or inherited; None when there is none, or when it is an accessor."""
    for _ in range(_CHAIN_MAX):
        if value is None or value.kind != OBJECT:
            return None
        for entry in properties_of(value):
            if entry.key.is_text and text_of(entry.key) == name:
                return entry.value
        value = prototype_of(value)
    return None


def symbol_text(value):
    description = unpack(struct.unpack("<Q", read(value.at, 8))[0])
    return f"Symbol({text_of(description) if description.is_text else ''})"


def function_name(value):
    """Returns the name of a function, '' when it has none that is known."""
    program = image()
    (number,) = words(value.at, 1)
    address = program.function(number) if program else None
    name = program.name_at(address) if address is not None else ""
    return "" if name in (None, "(anonymous)") else name


def class_name(value):
    """Returns the name of an object's class; 'Object' for a plain object, '' for one without a prototype."""
    prototype = prototype_of(value)
    if prototype is None:
        return "Object"
    constructor = lookup(prototype, "constructor")
    if constructor is None or constructor.kind != FUNCTION:
        return "Object"
    return function_name(constructor) or "Object"


def is_error(value):
    """Returns whether an object's class is an error class of the program, or one of the language."""
    if value.kind in NATIVE_ERRORS:
        return True
    prototype = prototype_of(value) if value.kind == OBJECT else None
    for _ in range(_CHAIN_MAX):
        if prototype is None:
            return False
        for entry in properties_of(prototype):
            if entry.key.is_text and text_of(entry.key) == "constructor" and entry.value and entry.value.is_callable:
                if function_name(entry.value) == "ErrorObject":
                    return True
        prototype = prototype_of(prototype)
    return False


def error_text(value):
    """Returns `name: message` of an error."""
    if value.kind in NATIVE_ERRORS:
        message = unpack(struct.unpack("<Q", read(value.at, 8))[0])
        name = NATIVE_ERRORS[value.kind]
    else:
        found = lookup(value, "name")
        name = text_of(found) if found is not None and found.is_text else "Error"
        message = lookup(value, "message")
    said = text_of(message) if message is not None and message.is_text else ""
    return f"{name}: {said}" if said else name


def table_of(value):
    """Returns the pairs of a Map, in order; of a Set with None as the second of each."""
    keys, values = words(value.at, 2)
    all_keys = elements_of(Value(ARRAY, keys))
    all_values = elements_of(Value(ARRAY, values)) if values != 0 and value.kind in (MAP, WEAK_MAP) else []
    all_values += [Value(UNDEFINED, 0)] * (len(all_keys) - len(all_values))
    is_map = value.kind in (MAP, WEAK_MAP)
    return [(key, content if is_map else None) for key, content in zip(all_keys, all_values) if key is not None and key.kind != _REMOVED]


def numbers_of(value, limit=_LENGTH_MAX):
    """Returns the elements of a typed array."""
    _name, code = TYPED_ARRAYS[value.kind]
    length, at = words(value.at, 2)
    length = min(length, limit)
    size = struct.calcsize(code)
    return list(struct.unpack(f"<{length}{code}", read(at + 4, length * size)))


def promise_state(value):
    """Returns 'pending', 'fulfilled' or 'rejected', and what it was settled with."""
    state = read(value.at + 32, 1)[0]
    result = unpack(struct.unpack("<Q", read(value.at, 8))[0])
    return ("pending", "fulfilled", "rejected")[min(state, 2)], result


def double_at(at):
    return struct.unpack("<d", read(at, 8))[0]
