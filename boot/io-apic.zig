// The I/O APICs: each turns some of the machine's interrupt lines (GSIs) into messages to the local APIC. Intel 82093AA
// data sheet; ACPI 6.5 §5.2.12.3.
//
// The MADT lists them. Without ACPI there is one where every PC has its first one.

const std = @import("std");
const acpi = @import("acpi.zig");
const layout = @import("layout.zig");
const mmio = @import("mmio.zig");
const paging = @import("paging.zig");

const usual_address = 0xfec0_0000;
const controller_count_max = 8;
/// The version register has eight bits for the last line; the redirection table ends at register 0xff.
const line_count_max = 240;

// Registers: an index is written, then the word is in reach. §3.1
const index_offset = 0;
const window_offset = 0x10;
const register_version = 1;
const register_redirection = 0x10; // Two for each line.

// Redirection entry. §3.2.4
const entry_active_low = 1 << 13;
const entry_level = 1 << 15;
const entry_masked = 1 << 16;
const entry_destination_shift = 24; // Of the high word.

const Controller = struct {
    base: u64 = 0,
    first_line: u32 = 0,
    line_count: u32 = 0,

    fn read(controller: Controller, register: u32) u32 {
        controller.word(index_offset).* = register;
        return controller.word(window_offset).*;
    }

    fn write(controller: Controller, register: u32, value: u32) void {
        controller.word(index_offset).* = register;
        controller.word(window_offset).* = value;
    }

    fn word(controller: Controller, offset: u64) *volatile u32 {
        return @ptrFromInt(controller.base + offset);
    }
};

var controllers: [controller_count_max]Controller = undefined;
var controller_count: usize = 0;

/// Finds the controllers and masks all their lines.
pub fn open() void {
    const madt = acpi.find("APIC") orelse return add(.{ .address = usual_address, .first_line = 0 });
    var places: [controller_count_max]Place = undefined;
    for (places[0..list(madt, &places)]) |place| add(place);
}

/// Where a controller is, and the GSI of its first line.
pub const Place = struct { address: u32, first_line: u32 };

/// Puts the I/O APICs of a MADT into `found`, as many as it holds. Returns how many.
pub fn list(madt: []const u8, found: []Place) usize {
    const entries_offset = 44; // §5.2.12: header, address of the local APICs, flags.
    const type_io_apic = 1;
    var entries = madt[@min(madt.len, entries_offset)..];
    var count: usize = 0;
    while (entries.len >= 2 and count < found.len) {
        const length = entries[1];
        if (length < 2 or length > entries.len) break;
        const entry = entries[0..length];
        entries = entries[length..];
        if (entry[0] != type_io_apic or length < 12) continue;
        const address = std.mem.readInt(u32, entry[4..8], .little);
        found[count] = .{ .address = address, .first_line = std.mem.readInt(u32, entry[8..12], .little) };
        count += 1;
    }
    return count;
}

/// Nothing is believed of an address where no I/O APIC answers.
fn add(place: Place) void {
    if (!mmio.isForDevices(place.address, window_offset + 4)) return;
    const window = layout.controller_window + (1 + controller_count) * layout.page_size;
    const page = layout.alignDown(place.address, layout.page_size);
    paging.map(window, page, layout.page_size, paging.device);
    var controller: Controller = .{ .base = window + (place.address - page), .first_line = place.first_line };
    controller.line_count = (controller.read(register_version) >> 16 & 0xff) + 1;
    if (controller.line_count > line_count_max) return;
    for (0..controller.line_count) |line| controller.write(entryOf(@intCast(line)), entry_masked);
    controllers[controller_count] = controller;
    controller_count += 1;
}

fn entryOf(line: u32) u32 {
    return register_redirection + 2 * line;
}

/// A line that some controller has.
pub const Line = struct {
    controller: u8,
    index: u8,

    /// Sends it to `vector` of the processor `destination` from now on, open.
    pub fn route(line: Line, vector: u8, destination: u8, is_level: bool, is_active_low: bool) void {
        var entry: u32 = vector;
        if (is_level) entry |= entry_level;
        if (is_active_low) entry |= entry_active_low;
        line.write(0, entry | entry_masked);
        line.write(1, @as(u32, destination) << entry_destination_shift);
        line.write(0, entry);
    }

    pub fn setMasked(line: Line, masked: bool) void {
        const others = line.read(0) & ~@as(u32, entry_masked);
        line.write(0, if (masked) others | entry_masked else others);
    }

    fn read(line: Line, half: u32) u32 {
        return controllers[line.controller].read(entryOf(line.index) + half);
    }

    fn write(line: Line, half: u32, value: u32) void {
        controllers[line.controller].write(entryOf(line.index) + half, value);
    }
};

/// Returns the line of a GSI, null when no controller has it.
pub fn lineOf(gsi: u32) ?Line {
    for (controllers[0..controller_count], 0..) |controller, index| {
        const line = gsi -% controller.first_line;
        if (line < controller.line_count) return .{ .controller = @intCast(index), .index = @intCast(line) };
    }
    return null;
}
