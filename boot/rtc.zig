// The date: the CMOS clock of a PC, read once, when somebody first asks. Motorola MC146818A data sheet; ACPI 6.5 §5.2.9
// (CENTURY). From there on the monotonic clock carries it.
//
//   port 0x70 index    0 seconds  2 minutes  4 hours  7 day  8 month  9 year  0x0a A  0x0b B  0x0d D
//   port 0x71 data
//
// The clock counts whole seconds, so the date may be up to one second behind. It is read as UTC.
//
// Always true: every wait ends, and what is no date counts as none. Then time begins in 1970, and a line says so.

const std = @import("std");
const acpi = @import("acpi.zig");
const calendar = @import("calendar.zig");
const clock = @import("clock.zig");
const console = @import("console.zig");
const ports = @import("ports.zig");

const index_port = 0x70;
const data_port = 0x71;

const status_a = 0x0a;
const status_b = 0x0b;
const status_d = 0x0d;

const update_in_progress = 0x80;
/// Status D: the battery is good. The other bits read as 0.
const valid_time = 0x80;

/// An update takes 2 ms and is announced 244 µs ahead.
const update_patience_ns = 10 * std.time.ns_per_ms;
/// Readings until two are alike. Even a slow one is done well within the second between two updates.
const attempts = 8;

/// The date at kernel entry in nanoseconds since 1970; null until somebody asks.
var entry_ns: ?u64 = null;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub fn wallMilliseconds() callconv(.c) u64 {
    return wallNanoseconds() / std.time.ns_per_ms;
}

/// Nanoseconds since 1970-01-01T00:00:00Z.
pub fn wallNanoseconds() u64 {
    const start = entry_ns orelse begin();
    return start + clock.now();
}

/// Says what the date was, `microseconds` since 1970, at a time of the monotonic clock. What was before kernel entry in 1970 counts as then.
pub fn setWall(microseconds: u64, at: u64) callconv(.c) void {
    entry_ns = microseconds *| std.time.ns_per_us -| at;
}

fn begin() u64 {
    @branchHint(.cold);
    const seconds = readSeconds() orelse none: {
        console.print(.{"boot: this machine has no clock that knows the date; it begins with 1970-01-01\n"});
        break :none 0;
    };
    // Kernel entry was before the reading.
    const start = if (seconds == 0) 0 else seconds * std.time.ns_per_s -| clock.now();
    entry_ns = start;
    return start;
}

fn readSeconds() ?u64 {
    if (register(status_d) != valid_time) return null;
    const century_index = centuryIndex();
    var last = read(century_index) orelse return null;
    for (0..attempts) |_| {
        const next = read(century_index) orelse return null;
        if (std.meta.eql(last, next)) return calendar.secondsOf(next, register(status_b));
        last = next;
    }
    return null;
}

fn register(index: u8) u8 {
    ports.write8(index_port, index); // Bit 7 stays 0: NMI is not masked.
    return ports.read8(data_port);
}

/// Reads all registers outside an update; null when that does not end.
fn read(century_index: ?u8) ?calendar.Reading {
    const start = clock.now();
    while (register(status_a) & update_in_progress != 0) {
        if (clock.now() - start > update_patience_ns) return null;
    }
    return .{
        .second = register(0),
        .minute = register(2),
        .hour = register(4),
        .day = register(7),
        .month = register(8),
        .year = register(9),
        .century = if (century_index) |index| register(index) else 0,
    };
}

/// Where the FADT says that the century is, null when it says nothing.
fn centuryIndex() ?u8 {
    const offset = 108;
    const fadt = acpi.fadt() orelse return null;
    if (fadt.len <= offset or fadt[offset] == 0 or fadt[offset] >= 0x80) return null;
    return fadt[offset];
}
