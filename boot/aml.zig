// Reading what a DSDT states as constants. ACPI 6.5 §20.2 (AML), §6.4 (resource templates).
//
// The DSDT is a program, and this is no interpreter. QEMU and firmware write most resources as constants, in one form:
//
//   Name(_CRS, ResourceTemplate)     08 "_CRS" 11 length size items… 79 sum
//
// It is found by its bytes. Every length is checked against what it lies in, and a template must end with its end tag
// where its buffer ends, so bytes that only look like one are passed over. What is not written in this form is not
// found. Packages (§20.2.5.4) are read the same way, and of methods only one that does nothing but choose a name to return.

const std = @import("std");

/// Opcodes. §20.3
pub const name_op = 0x08;
pub const package_op = 0x12;
pub const variable_package_op = 0x13;
pub const method_op = 0x14;
pub const device_op = [_]u8{ 0x5b, 0x82 };
pub const if_op = 0xa0;
pub const else_op = 0xa1;
pub const return_op = 0xa4;
pub const equal_op = 0x93;

const byte_prefix = 0x0a;
const word_prefix = 0x0b;
const dword_prefix = 0x0c;
const qword_prefix = 0x0e;
const buffer_op = 0x11;

/// Returns where the bytes of `word` are at or behind `start`.
pub fn find(code: []const u8, start: usize, comptime word: []const u8) ?usize {
    const Word = std.meta.Int(.unsigned, word.len * 8);
    const wanted: Word = @bitCast(word[0..word.len].*);
    var index = start;
    while (index + word.len <= code.len) : (index += 1) {
        if (std.mem.readInt(Word, code[index..][0..word.len], .little) == wanted) return index;
    }
    return null;
}

/// Returns the bytes that the length at the start of `code` spans, without the length itself. §20.2.4
pub fn package(code: []const u8) ?[]const u8 {
    if (code.len == 0) return null;
    const lead = code[0];
    const more = lead >> 6;
    if (code.len <= more) return null;
    var length: usize = if (more == 0) lead & 0x3f else lead & 0x0f;
    for (code[1..][0..more], 0..) |byte, index| length |= @as(usize, byte) << @intCast(4 + 8 * index);
    return if (length > more and length <= code.len) code[more + 1 .. length] else null;
}

/// Returns the code of the object whose opcode is `opcode` and whose name is at `name_start`: from the name to the object's end.
/// Null where no such object has its name there.
pub fn object(code: []const u8, name_start: usize, comptime opcode: []const u8) ?[]const u8 {
    // The length before the name has one to four bytes; only one of these reads as an object that reaches beyond it.
    for (1..5) |length_size| {
        const start = std.math.sub(usize, name_start, length_size + opcode.len) catch return null;
        if (!std.mem.eql(u8, code[start..][0..opcode.len], opcode)) continue;
        const body = package(code[start + opcode.len ..]) orelse continue;
        if (body.ptr == code[name_start..].ptr and body.len > name_size) return body;
    }
    return null;
}

pub const name_size = 4;

/// The last part of a name, which is what an object is declared with, and the code behind it.
pub const Name = struct { last: [name_size]u8, rest: []const u8 };

/// Returns the name at the start of `code`. §20.2.2
pub fn nameString(code: []const u8) ?Name {
    const root_or_parents = std.mem.indexOfNone(u8, code, "\\^") orelse return null;
    var rest = code[root_or_parents..];
    const dual_prefix = 0x2e;
    const multiple_prefix = 0x2f;
    var parts: usize = 1;
    if (rest[0] == dual_prefix) {
        parts = 2;
        rest = rest[1..];
    } else if (rest[0] == multiple_prefix) {
        if (rest.len < 2 or rest[1] == 0) return null;
        parts = rest[1];
        rest = rest[2..];
    }
    if (rest.len < parts * name_size) return null;
    const last = rest[(parts - 1) * name_size ..][0..name_size];
    if (!std.ascii.isUpper(last[0]) and last[0] != '_') return null;
    return .{ .last = last.*, .rest = rest[parts * name_size ..] };
}

/// A constant and the code behind it.
pub const Integer = struct { value: u64, rest: []const u8 };

/// Returns the integer constant at the start of `code`. §20.2.3
pub fn integer(code: []const u8) ?Integer {
    if (code.len == 0) return null;
    if (code[0] <= 1) return .{ .value = code[0], .rest = code[1..] }; // Zero, One.
    const width: usize = switch (code[0]) {
        byte_prefix => 1,
        word_prefix => 2,
        dword_prefix => 4,
        qword_prefix => 8,
        else => return null,
    };
    if (code.len <= width) return null;
    return .{ .value = littleEndian(code[1..][0..width]), .rest = code[1 + width ..] };
}

fn littleEndian(bytes: []const u8) u64 {
    var value: u64 = 0;
    for (bytes, 0..) |byte, index| value |= @as(u64, byte) << @intCast(8 * index);
    return value;
}

/// The templates of a piece of code, in order.
pub const Templates = struct {
    code: []const u8,
    at: usize = 0,

    pub fn next(templates: *Templates) ?Items {
        while (find(templates.code, templates.at, "_CRS")) |found| {
            templates.at = found + 4;
            if (found == 0 or templates.code[found - 1] != name_op) continue;
            if (template(templates.code[templates.at..])) |items| return items;
        }
        return null;
    }
};

fn template(code: []const u8) ?Items {
    if (code.len == 0 or code[0] != buffer_op) return null;
    const size = integer(package(code[1..]) orelse return null) orelse return null;
    if (size.value != size.rest.len) return null;
    const items: Items = .{ .bytes = size.rest };
    return if (items.areWhole()) items else null;
}

pub const tag_extended_interrupt = 0x89;
pub const tag_memory_fixed = 0x86;
const tag_word_space = 0x88;
const tag_dword_space = 0x87;
const tag_qword_space = 0x8a;
const tag_end = 0x79;

/// One item of a template.
pub const Item = struct {
    tag: u8,
    data: []const u8,

    /// Returns the word of 32 bits at `offset` of the data.
    pub fn word(item: Item, offset: usize) ?u32 {
        if (item.data.len < offset + 4) return null;
        return std.mem.readInt(u32, item.data[offset..][0..4], .little);
    }
};

/// The items of one template, in order, without the end tag.
pub const Items = struct {
    bytes: []const u8,

    pub fn next(items: *Items) ?Item {
        const item = itemAt(items.bytes) orelse return null;
        if (item.tag == tag_end) return null;
        items.bytes = items.bytes[item.data.ptr - items.bytes.ptr + item.data.len ..];
        return item;
    }

    fn areWhole(items: Items) bool {
        var rest = items;
        while (rest.next()) |_| {}
        return rest.bytes.len == 2 and rest.bytes[0] == tag_end;
    }
};

/// Small items have their length in the tag's low bits, large ones in two bytes behind it. §6.4.2, §6.4.3
fn itemAt(bytes: []const u8) ?Item {
    if (bytes.len == 0) return null;
    const tag = bytes[0];
    const is_large = tag & 0x80 != 0;
    if (is_large and bytes.len < 3) return null;
    const start: usize = if (is_large) 3 else 1;
    const length: usize = if (is_large) std.mem.readInt(u16, bytes[1..3], .little) else tag & 7;
    return if (length <= bytes.len - start) .{ .tag = tag, .data = bytes[start..][0..length] } else null;
}

/// What an address space item is about. §6.4.3.5
pub const SpaceKind = enum(u8) { memory = 0, io = 1, buses = 2, _ };

/// Addresses from `start` to `last` inclusive.
pub const Space = struct { kind: SpaceKind, start: u64, last: u64 };

/// Returns what `item` says when it is an address space that a bridge passes on untranslated, else null.
pub fn space(item: Item) ?Space {
    const width: usize = switch (item.tag) {
        tag_word_space => 2,
        tag_dword_space => 4,
        tag_qword_space => 8,
        else => return null,
    };
    const field_count = 5; // Granularity, minimum, maximum, translation, length.
    const data = item.data;
    if (data.len < 3 + field_count * width) return null;
    const is_consumer = data[1] & 1 != 0;
    const fields = data[3..];
    const start = littleEndian(fields[width..][0..width]);
    const last = littleEndian(fields[2 * width ..][0..width]);
    const translation = littleEndian(fields[3 * width ..][0..width]);
    if (is_consumer or translation != 0 or start > last) return null;
    return .{ .kind = @enumFromInt(data[0]), .start = start, .last = last };
}
