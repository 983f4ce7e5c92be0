// Events of a trace: what happened when, in a ring that the host reads out of the guest's memory while it runs. The events and their numbers are
// those of kernel/hal/trace.ts.
//
// Only an image whose root is traced.zig has any of it: in every other, `note` is nothing.

const std = @import("std");
const processor = @import("processor.zig");
const root = @import("root");

pub const enabled = @hasDecl(root, "traced");

/// What boot/ notes.
pub const Kind = enum(u32) { stage = 1, interrupt = 2, halt = 3, wake = 4 };

const Event = extern struct { stamp: u64, kind: u32, a: u32, b: u64, c: u64 };
const event_count = 1 << 16;

var ring: [event_count]Event align(4096) = std.mem.zeroes([event_count]Event);
/// Bytes written since the start.
var written: u64 = 0;

comptime {
    if (enabled) {
        @export(&ring, .{ .name = "hal_traceRing" });
        @export(&written, .{ .name = "hal_traceWritten" });
    }
}

/// Notes an event. An interrupt in the middle takes the place behind it.
pub inline fn note(kind: Kind, a: u32, b: u64) void {
    if (!enabled) return;
    const at = @atomicRmw(u64, &written, .Add, @sizeOf(Event), .monotonic);
    ring[at / @sizeOf(Event) % event_count] = .{ .stamp = processor.timeStamp(), .kind = @intFromEnum(kind), .a = a, .b = b, .c = 0 };
}

/// Notes that a step of the boot has ended.
pub inline fn stage(comptime name: []const u8) void {
    note(.stage, name.len, @intFromPtr(name.ptr));
}
