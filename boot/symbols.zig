// Names for addresses: the symbol table that the build tool writes into the linked image, with zeros behind it up to the end of a page.
//
//   u32 little endian: magic, fileCount, functionCount, lineCount, filesOffset, functionsOffset, linesOffset
//                      (offsets from the start of the table)
//   files:     fileCount names, each ended by NUL; number 0 is the empty name
//   functions: ascending, each a uleb128 address delta and a name ended by NUL
//   lines:     ascending, each a uleb128 address delta, a uleb128 file number, a sleb128 line delta; valid until the next
//
// It is read inside a panic, so every read is checked: a table that is cut short or nonsense gives fewer names, never a
// fault.

const std = @import("std");
const layout = @import("layout.zig");

const magic = 0x4d595348; // "HSYM"
const header_size = 7 * 4;

/// Where an address is. `file` is empty when only the function is known.
pub const Place = struct { function: []const u8, file: []const u8, line: u64 };

/// Returns the place of a code address, or null when the table is absent or has no function at or below it.
pub fn find(address: u64) ?Place {
    const table = Table.open() orelse return null;
    if (address < layout.imageStart() or address >= layout.textEnd()) return null;
    const function = table.findFunction(address) orelse return null;
    const line = table.findLine(address, function.start) orelse {
        return .{ .function = function.name, .file = "", .line = 0 };
    };
    return .{ .function = function.name, .file = table.fileName(line.file) orelse "", .line = line.number };
}

const Function = struct { start: u64, name: []const u8 };
const Line = struct { file: u64, number: u64 };

const Table = struct {
    bytes: []const u8,

    fn open() ?Table {
        const start: [*]const u8 = @ptrFromInt(layout.symbolsStart());
        const table: Table = .{ .bytes = start[0 .. layout.symbolsEnd() - layout.symbolsStart()] };
        if (table.bytes.len < header_size or table.word(0) != magic) return null;
        return table;
    }

    fn word(table: Table, index: usize) u32 {
        return std.mem.readInt(u32, table.bytes[index * 4 ..][0..4], .little);
    }

    fn reader(table: Table, offset: u32) Reader {
        return .{ .bytes = table.bytes, .at = offset };
    }

    fn findFunction(table: Table, address: u64) ?Function {
        var records = table.reader(table.word(5));
        var found: ?Function = null;
        var start: u64 = 0;
        for (0..table.word(2)) |_| {
            start +%= records.unsigned() orelse break;
            const name = records.string() orelse break;
            if (start > address) break;
            found = .{ .start = start, .name = name };
        }
        return found;
    }

    /// The record must begin inside the function: code without line records (assembly, the C library) has none, and not
    /// its neighbour's. Where the compiler has put in code of no file of ours, the line before it is meant.
    fn findLine(table: Table, address: u64, function_start: u64) ?Line {
        var records = table.reader(table.word(6));
        var found: ?Line = null;
        var start: u64 = 0;
        var number: u64 = 0;
        for (0..table.word(3)) |_| {
            start +%= records.unsigned() orelse break;
            const file = records.unsigned() orelse break;
            number +%= records.signed() orelse break;
            if (start > address) break;
            if (start >= function_start and file != 0) found = .{ .file = file, .number = number };
        }
        return found;
    }

    fn fileName(table: Table, number: u64) ?[]const u8 {
        if (number >= table.word(1)) return null;
        var names = table.reader(table.word(4));
        for (0..number) |_| _ = names.string() orelse return null;
        return names.string();
    }
};

const Reader = struct {
    bytes: []const u8,
    at: usize,

    fn byte(reader: *Reader) ?u8 {
        if (reader.at >= reader.bytes.len) return null;
        reader.at += 1;
        return reader.bytes[reader.at - 1];
    }

    /// Bits beyond the 64th are dropped.
    fn leb128(reader: *Reader, sign_extend: bool) ?u64 {
        var value: u64 = 0;
        var shift: u32 = 0;
        while (true) : (shift += 7) {
            const part = reader.byte() orelse return null;
            if (shift < 64) value |= @as(u64, part & 0x7f) << @intCast(shift);
            if (part & 0x80 != 0) continue;
            if (sign_extend and part & 0x40 != 0 and shift < 57) value |= ~@as(u64, 0) << @intCast(shift + 7);
            return value;
        }
    }

    fn unsigned(reader: *Reader) ?u64 {
        return reader.leb128(false);
    }

    /// Two's complement: to be added with wrap-around.
    fn signed(reader: *Reader) ?u64 {
        return reader.leb128(true);
    }

    fn string(reader: *Reader) ?[]const u8 {
        const start = reader.at;
        while (true) {
            const end = reader.at;
            if ((reader.byte() orelse return null) == 0) return reader.bytes[start..end];
        }
    }
};
