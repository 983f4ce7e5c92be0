"""A value as text, as console.log would show it."""

import datetime
import math

import gdb

from . import heap

_DEPTH = 2  # As console.log: what lies deeper is named, not shown.
_ELEMENTS = 100
_WIDTH = 72
_TEXT = 200


def number_text(number):
    """Returns a number as JavaScript prints it."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "-0" if math.copysign(1, number) < 0 else "0"
    if abs(number) < 1e21 and number == int(number):
        return str(int(number))
    said = repr(number)
    mantissa, _, exponent = said.partition("e")
    if not exponent:
        return said
    power = int(exponent)
    if -7 < power < 0:
        return f"{number:.{len(mantissa.replace('.', '').lstrip('-')) - 1 - power}f}"
    return f"{mantissa}e{'+' if power > 0 else '-'}{abs(power)}"


def quoted(text, limit=None):
    """Returns a string in quotes, as console.log shows one inside an object."""
    rest = ""
    if limit is not None and len(text) > limit:
        rest = f"... {len(text) - limit} more characters"
        text = text[:limit]
    quote = next((mark for mark in "'\"`" if mark not in text), "'")
    escapes = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v", quote: f"\\{quote}"}
    return quote + "".join(escapes.get(c) or (c if c >= " " and not "\ud800" <= c <= "\udfff" else _escape(c)) for c in text) + quote + rest


def _escape(character):
    code = ord(character)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}"


def _plain_key(text):
    return text if text.startswith("[") or text.replace("$", "_").isidentifier() else quoted(text)


def text_of(value, depth=0, indent=0):
    """Returns a value as text. What cannot be read says so."""
    try:
        return _text_of(value, depth, indent)
    except (gdb.MemoryError, gdb.error, UnicodeDecodeError, OverflowError) as error:
        return f"<{error}>"


def summary_of(value):
    """Returns the value in a few words: for what has children, its class and how many."""
    kind = value.kind
    try:
        if kind == heap.ARRAY:
            return f"Array({heap.array_length(value)})"
        if kind in heap.TYPED_ARRAYS:
            return f"{heap.TYPED_ARRAYS[kind][0]}({heap.array_length(value)})"
        if kind in (heap.MAP, heap.SET):
            return f"{_TABLES[kind]}({len(heap.table_of(value))})"
        if kind == heap.OBJECT and not value.is_null and not heap.is_error(value):
            return heap.class_name(value)
        if kind == heap.PROMISE:
            return f"Promise <{heap.promise_state(value)[0]}>"
        if heap.is_error(value):
            return heap.error_text(value)
    except (gdb.MemoryError, gdb.error) as error:
        return f"<{error}>"
    return text_of(value)


_TABLES = {heap.MAP: "Map", heap.SET: "Set", heap.WEAK_MAP: "WeakMap", heap.WEAK_SET: "WeakSet"}


def _text_of(value, depth, indent):
    kind = value.kind
    if kind == heap.UNDEFINED:
        return "undefined"
    if kind == heap.NUMBER:
        return number_text(value.payload)
    if kind == heap.BOOLEAN:
        return "true" if value.at != 0 else "false"
    if value.is_null:
        return "null"
    if value.is_text:
        return quoted(heap.text_of(value), _TEXT)
    if kind == heap.SYMBOL:
        return heap.symbol_text(value)
    if kind == heap.FUNCTION:
        name = heap.function_name(value)
        return f"[Function: {name}]" if name else "[Function (anonymous)]"
    if kind == heap.DATE:
        return _date_text(heap.double_at(value.at))
    if kind == heap.PATTERN_KIND:
        return _pattern_text(value)
    if kind in _OPAQUE:
        return _OPAQUE[kind]
    return _composed(value, depth, indent)


_OPAQUE = {
    heap.BIGINT: "[BigInt]",
    heap.VIEW: "DataView {}",
    heap.WEAK_REFERENCE: "WeakRef {}",
    heap.GENERATOR: "Object [Generator] {}",
    heap.ASYNC_GENERATOR: "Object [AsyncGenerator] {}",
    heap.WEAK_MAP: "WeakMap { <items unknown> }",
    heap.WEAK_SET: "WeakSet { <items unknown> }",
}


def _composed(value, depth, indent):
    kind = value.kind
    if heap.is_error(value):
        return _error(value, depth, indent)
    if depth > _DEPTH:
        return "[Array]" if kind == heap.ARRAY else f"[{summary_of(value)}]"
    below = lambda inner: text_of(inner, depth + 1, indent + 2)  # noqa: E731
    if kind == heap.ARRAY:
        length = heap.array_length(value)
        return _list("", "[]", _elements(heap.elements_of(value, _ELEMENTS), below), length, indent)
    if kind in heap.TYPED_ARRAYS:
        shown = [number_text(number) for number in heap.numbers_of(value, _ELEMENTS)]
        return _list(f"{summary_of(value)} ", "[]", shown, heap.array_length(value), indent)
    if kind == heap.BUFFER:
        length = heap.array_length(value)
        shown = [f"{byte:02x}" for byte in heap.read(value.at + 4, min(length, 50))]
        return f"ArrayBuffer {{ <{' '.join(shown)}{' ...' if length > 50 else ''}>, byteLength: {length} }}"
    if kind in (heap.MAP, heap.SET):
        pairs = heap.table_of(value)
        shown = [below(key) if content is None else f"{below(key)} => {below(content)}" for key, content in pairs[:_ELEMENTS]]
        return _list(f"{summary_of(value)} ", "{}", shown, len(pairs), indent)
    if kind == heap.PROMISE:
        state, result = heap.promise_state(value)
        shown = {"pending": "<pending>", "fulfilled": "", "rejected": "<rejected> "}[state]
        return f"Promise {{ {shown}{'' if state == 'pending' else below(result)} }}"
    if kind == heap.OBJECT:
        name = heap.class_name(value)
        return _list("" if name == "Object" else f"{name} ", "{}", _properties(value, below), None, indent)
    return f"<a value of kind {kind}>"


def _elements(elements, below):
    shown, missing = [], 0
    for element in [*elements, ...]:
        if element is None:
            missing += 1
            continue
        if missing > 0:
            shown.append(f"<{missing} empty item{'s' if missing > 1 else ''}>")
            missing = 0
        if element is not ...:
            shown.append(below(element))
    return shown


def _properties(value, below):
    return [
        f"{_plain_key(heap.key_text(entry.key))}: {'[Getter/Setter]' if entry.value is None else below(entry.value)}"
        for entry in heap.properties_of(value)
        if entry.is_enumerable
    ]


def _error(value, depth, indent):
    said = heap.error_text(value)
    if value.kind != heap.OBJECT or depth > _DEPTH:
        return f"[{said}]"
    below = lambda inner: text_of(inner, depth + 1, indent + 2)  # noqa: E731
    cause = heap.lookup(value, "cause")
    more = _properties(value, below) + ([f"[cause]: {below(cause)}"] if cause is not None else [])
    return _list(f"[{said}] ", "{}", more, None, indent) if more else f"[{said}]"


def _list(prefix, brackets, shown, length, indent):
    """Puts `shown` in brackets, on one line where there is room."""
    if length is not None and length > _ELEMENTS:
        shown = [*shown, f"... {length - _ELEMENTS} more items"]
    if not shown:
        return prefix + brackets
    line = ", ".join(shown)
    if len(line) + len(prefix) + indent <= _WIDTH and "\n" not in line:
        return f"{prefix}{brackets[0]} {line} {brackets[1]}"
    lead = " " * (indent + 2)
    lines = _rows(shown, _WIDTH - indent) if all(len(text) <= 6 for text in shown) else shown
    return f"{prefix}{brackets[0]}\n" + ",\n".join(lead + text for text in lines) + f"\n{' ' * indent}{brackets[1]}"


def _rows(shown, width):
    """Joins short elements, as many as a line takes."""
    rows = []
    for text in shown:
        if rows and len(rows[-1]) + len(text) + 2 <= width:
            rows[-1] += f", {text}"
        else:
            rows.append(text)
    return rows


def _date_text(milliseconds):
    if math.isnan(milliseconds):
        return "Invalid Date"
    try:
        moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=milliseconds)
        return f"{moment.isoformat(timespec='milliseconds')}Z"
    except OverflowError:
        return f"Date({number_text(milliseconds)})"


def _pattern_text(value):
    (source,) = heap.words(value.at, 1)
    bits = heap.words(value.at + 4, 1)[0]
    flags = "".join(letter for index, letter in enumerate("gimsuyvd") if bits >> index & 1)
    return f"/{heap.text_of(heap.Value(heap.LATIN1, source))}/{flags}"
