// Samples of a profile: where the program was, again and again, in a ring that the host reads out of the guest's memory while it runs.
//
//   a sample   time-stamp counter │ count of addresses │ the instruction │ return addresses, innermost first
//
// Only an image whose root is sampled.zig takes any. The timer of timer.zig is shared: a sample is taken whenever it interrupts, and it is set for the next one at once. A wait of
// the program may set it for an earlier time, so that the time between two samples differs; they say when they were taken.

const std = @import("std");
const backtrace = @import("backtrace.zig");
const processor = @import("processor.zig");
const root = @import("root");

pub const enabled = @hasDecl(root, "sampled");
/// No divisor of a second: what a program does every millisecond is not always met at the same place.
pub const period_ns = 997_001;

const address_count_max = 30;
const Sample = extern struct { stamp: u64, count: u64, addresses: [address_count_max]u64 };
const sample_count = 4096;

var ring: [sample_count]Sample align(4096) = std.mem.zeroes([sample_count]Sample);
/// Bytes written since the start.
var written: u64 = 0;

comptime {
    if (enabled) {
        @export(&ring, .{ .name = "hal_sampleRing" });
        @export(&written, .{ .name = "hal_samplesWritten" });
    }
}

/// Takes a sample. `frame_address` is the rbp of the function that interrupt-entry.zig calls: above it are the registers that it has saved.
pub fn take(frame_address: u64) void {
    const sample = &ring[written / @sizeOf(Sample) % sample_count];
    const saved: *const [14]u64 = @ptrFromInt(frame_address);
    sample.stamp = processor.timeStamp();
    sample.addresses[0] = saved[13]; // rip. Below it are the vector and ten registers.
    sample.count = 1 + backtrace.collect(saved[0], sample.addresses[1..]);
    written += @sizeOf(Sample);
}
