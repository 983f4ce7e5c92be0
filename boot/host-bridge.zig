// The second way to say where ECAM is: the host bridge's _CBA in the DSDT. PCI Firmware 3.2 §4.1.3; ACPI 6.5 §20.2
// (AML), §6.4.3.5.3. QEMU's microvm,pcie=on has no MCFG and says it only here.
//
// The DSDT is a program, and this is no interpreter. It looks for the two things that QEMU and firmware write as
// constants:
//
//   Method(_CBA) { Return(integer) } or Name(_CBA, integer)     14 length "_CBA" 00 a4 integer | 08 "_CBA" integer
//   the bus-number range in the bridge's _CRS, after it              88 0d 00 02 …  min max
//
// What is not written so is not found, and configuration space then is the ports.

const std = @import("std");
const acpi = @import("acpi.zig");

const return_op = 0xa4;
const dword_prefix = 0x0c;
const qword_prefix = 0x0e;

/// Returns the configuration space that a DSDT with a valid header and checksum tells of, or null. The caller checks
/// whether it makes sense.
pub fn find(dsdt: []const u8) ?acpi.ConfigSpace {
    const name = std.mem.indexOf(u8, dsdt, "_CBA") orelse return null;
    const rest = dsdt[name + 4 ..];
    const method_body = [_]u8{ 0, return_op }; // No arguments, not serialized; Return.
    const value = if (std.mem.startsWith(u8, rest, &method_body)) rest[method_body.len..] else rest;
    const base = integer(value) orelse return null;
    const buses = busRange(value) orelse return null;
    return .{ .base = base, .first_bus = buses[0], .last_bus = buses[1] };
}

fn integer(code: []const u8) ?u64 {
    if (code.len < 9) return null;
    return switch (code[0]) {
        dword_prefix => std.mem.readInt(u32, code[1..5], .little),
        qword_prefix => std.mem.readInt(u64, code[1..9], .little),
        else => null,
    };
}

/// Word address space descriptor: tag, length, type 2 (bus numbers), two bytes of flags, then words: granularity,
/// minimum, maximum.
fn busRange(code: []const u8) ?[2]u8 {
    const start = std.mem.indexOf(u8, code, &.{ 0x88, 0x0d, 0x00, 0x02 }) orelse return null;
    if (code.len - start < 12) return null;
    const minimum = std.mem.readInt(u16, code[start + 8 ..][0..2], .little);
    const maximum = std.mem.readInt(u16, code[start + 10 ..][0..2], .little);
    if (minimum > maximum or maximum > 255) return null;
    return .{ @intCast(minimum), @intCast(maximum) };
}
