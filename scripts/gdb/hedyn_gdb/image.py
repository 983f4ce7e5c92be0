"""What the ELF file of the program says beyond its debug information.

Every function has two names: the linked one (`p12_readDisk`), which is in the symbol table, and the one that people know (`readDisk`), which
is in the table that panics print their backtraces from (scripts/symbols.ts). There, what nobody wrote has an empty name.
"""

import bisect
import re
import struct

import gdb

_SYMTAB = 2
_FUNCTION = 2
_NUMBERED = re.compile(r"^p(\d+)_")


class Image:
    """One ELF file."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self._bytes = file.read()
        self._sections = {}
        self._read_sections()
        self._addresses, self._names = self._read_names()
        self._by_number, self.entries = self._read_functions()

    def section(self, name):
        """Returns the bytes of a section, none when it is not there."""
        found = self._sections.get(name)
        if found is None:
            return b""
        offset, size = found[1], found[2]
        return self._bytes[offset : offset + size]

    def name_at(self, address):
        """Returns the name that people know the function at `address` by; '' for one that nobody wrote, None where there is no table."""
        at = bisect.bisect_right(self._addresses, address) - 1
        return self._names[at] if at >= 0 else None

    def linked(self, number):
        """Returns the linked name of the control plane's function of this number, or None."""
        return self._by_number.get(number)

    def function(self, number):
        """Returns its address, or None."""
        return self.entries.get(self._by_number.get(number))

    def _read_sections(self):
        header = self._bytes
        at, size, count, names = (
            struct.unpack_from("<Q", header, 40)[0],
            struct.unpack_from("<H", header, 58)[0],
            struct.unpack_from("<H", header, 60)[0],
            struct.unpack_from("<H", header, 62)[0],
        )
        raw = [struct.unpack_from("<IIQQQQII", header, at + index * size) for index in range(count)]
        text = raw[names][4]
        for name, kind, _flags, _address, offset, length, link, _info in raw:
            self._sections[self._text(text + name)] = (kind, offset, length, raw[link][4])

    def _text(self, at):
        return self._bytes[at : self._bytes.index(b"\0", at)].decode("utf-8", "replace")

    def _read_functions(self):
        by_number, entries = {}, {}
        for kind, offset, length, strings in self._sections.values():
            if kind != _SYMTAB:
                continue
            for at in range(offset, offset + length, 24):
                name, info, _other, section, address, _size = struct.unpack_from("<IBBHQQ", self._bytes, at)
                if info & 0xF != _FUNCTION or section == 0:
                    continue
                linked = self._text(strings + name)
                entries[linked] = address
                numbered = _NUMBERED.match(linked)
                if numbered:
                    by_number[int(numbered.group(1))] = linked
        return by_number, entries

    def _read_names(self):
        """The functions of the table that scripts/symbols.ts describes."""
        table = self.section(".hedyn.symbols")
        if len(table) < 28:
            return [], []
        _magic, _files, count, _lines, _, at, _ = struct.unpack_from("<7I", table)
        addresses, names, address = [], [], 0
        for _ in range(count):
            distance, at = _uleb(table, at)
            end = table.index(b"\0", at)
            address += distance
            addresses.append(address)
            names.append(table[at:end].decode("utf-8", "replace"))
            at = end + 1
        return addresses, names


def _uleb(table, at):
    value, shift = 0, 0
    while True:
        byte = table[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


_images = {}


def image():
    """Returns the Image of the program that gdb has loaded, or None."""
    path = gdb.current_progspace().filename
    if path is None:
        return None
    if path not in _images:
        _images.clear()
        _images[path] = Image(path)
    return _images[path]
