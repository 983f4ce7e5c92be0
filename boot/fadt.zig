// The registers that switch a machine off and reset it, out of the FADT and the DSDT. ACPI 6.5 §5.2.9, §7.4.2.
//
//   FADT  offset  field                  bytes   since
//             64  PM1a_CNT_BLK               4   1.0      the port of the control register; PM1b_CNT_BLK at 68
//            112  Flags                      4   1.0      bit 10: there is a reset register
//            116  RESET_REG                 12   2.0
//            128  RESET_VALUE                1   2.0
//            172  X_PM1a_CNT_BLK            12   2.0      says the same, unless it is zero; X_PM1b_CNT_BLK at 184
//            244  SLEEP_CONTROL_REG         12   5.0      hardware-reduced machines
//
// QEMU's microvm has the last one and RESET_REG in its generic-event device. What lies in neither memory nor ports
// counts as absent.

const std = @import("std");
const aml = @import("aml.zig");

const flags_offset = 112;
const reset_offset = 116;
const reset_value_offset = 128;
const sleep_control_offset = 244;

/// Where a register is.
pub const Register = struct {
    pub const Space = enum { memory, io };
    space: Space,
    address: u64,
};

/// A register and what is to be written to it.
pub const Reset = struct { register: Register, value: u8 };

/// How this machine is reset, null when it does not say. §4.8.3.6
pub fn reset(fadt: []const u8) ?Reset {
    if (fadt.len <= reset_value_offset) return null;
    const reset_is_supported = 1 << 10;
    if (std.mem.readInt(u32, fadt[flags_offset..][0..4], .little) & reset_is_supported == 0) return null;
    const register = registerAt(fadt, reset_offset) orelse return null;
    return .{ .register = register, .value = fadt[reset_value_offset] };
}

/// The two control registers of the power management block, null for one that is not there. §4.8.3.2.1
pub const Block = enum { a, b };

pub fn pm1Control(fadt: []const u8, block: Block) ?Register {
    if (registerAt(fadt, if (block == .a) 172 else 184)) |register| return register;
    const offset: usize = if (block == .a) 64 else 68;
    if (fadt.len < offset + 4) return null;
    const port = std.mem.readInt(u32, fadt[offset..][0..4], .little);
    return if (port != 0 and port <= port_max) .{ .space = .io, .address = port } else null;
}

/// The sleep control register of a hardware-reduced machine. §4.8.3.7
pub fn sleepControl(fadt: []const u8) ?Register {
    return registerAt(fadt, sleep_control_offset);
}

const port_max = 0xffff;

/// Generic address structure: space, width, offset, access size, then the address. §5.2.3.2
fn registerAt(fadt: []const u8, offset: usize) ?Register {
    if (fadt.len < offset + 12) return null;
    const address = std.mem.readInt(u64, fadt[offset + 4 ..][0..8], .little);
    if (address == 0) return null;
    return switch (fadt[offset]) {
        0 => .{ .space = .memory, .address = address },
        1 => if (address <= port_max) .{ .space = .io, .address = address } else null,
        else => null,
    };
}

/// The numbers of the soft-off state for the two control registers; a sleep control register takes the first.
pub const SleepTypes = struct { a: u3, b: u3 };

/// Returns what the DSDT states as Name(\\_S5, Package(n) { a, b, … }), null when it states nothing. §7.4.2
///
///   08 "_S5_" 12 length count integer integer …
pub fn softOff(dsdt: []const u8) ?SleepTypes {
    var start: usize = 0;
    while (aml.find(dsdt, start, "_S5_")) |name| : (start = name + 1) {
        return typesAt(dsdt[name + 4 ..]) orelse continue;
    }
    return null;
}

fn typesAt(code: []const u8) ?SleepTypes {
    const package_op = 0x12;
    if (code.len == 0 or code[0] != package_op) return null;
    const content = aml.package(code[1..]) orelse return null;
    if (content.len == 0 or content[0] < 2) return null; // The count.
    const first = aml.integer(content[1..]) orelse return null;
    const second = aml.integer(first.rest) orelse return null;
    if (first.value > 7 or second.value > 7) return null;
    return .{ .a = @intCast(first.value), .b = @intCast(second.value) };
}
