// One interrupt at a time of the clock: by the time stamp counter's deadline where the processor has that, else by the
// local APIC's counter. Intel SDM vol. 3, §10.5.4.
//
// The frequency of the APIC's counter is measured against the clock: it runs from `open` until somebody first waits, and
// a millisecond at least. What is in doubt makes the timer fast, and a long wait is aimed short of its end: who waits
// looks at the clock again, and nothing is waited for too long.

const std = @import("std");
const clock = @import("clock.zig");
const local_apic = @import("local-apic.zig");
const processor = @import("processor.zig");

const mode_deadline = 2 << 17; // Of vector_timer; one shot is 0.
const divide_by_1 = 0xb;
const msr_deadline = 0x6e0;

/// A wait is cut here: 32 bits of a counter of 1 GHz.
const step_ns_max = 1 << 32;
/// From here on a wait is aimed short, by a 128th.
const long_wait_ns = std.time.ns_per_ms;
/// A measurement takes so long, and goes on up to here while its readings took more than a 256th of it: the host may
/// take the processor away in the middle of one.
const measured_ns_min = std.time.ns_per_ms;
const measured_ns_max = 100 * std.time.ns_per_ms;
/// A counter that has gone round more often than this before it was read does not count.
const round_count_max = 4;

var has_deadline = false;
/// What vector_timer is to hold.
var entry: u32 = 0;
/// Ticks a nanosecond with 20 binary places; 0 before it is known, and where the timer does not count.
var scale: u64 = 0;
var is_known = false;
/// The time stamp counter before the APIC's began to count, and how long it took to start that.
var start_stamp: u64 = 0;
var start_ticks: u64 = 0;
/// When it will interrupt, as far as is known; 0 for not at all.
var armed_for: u64 = 0;

/// Starts the timer, for interrupts of `vector`. The local APIC is open.
pub fn open(vector: u8) void {
    has_deadline = processor.cpuid(1, 0).ecx & 1 << 24 != 0;
    entry = if (has_deadline) mode_deadline | @as(u32, vector) else vector;
    if (!has_deadline) startCounter();
}

fn startCounter() void {
    local_apic.write(.timer_divide, divide_by_1);
    start_stamp = processor.timeStamp();
    local_apic.write(.timer_initial_count, ~@as(u32, 0));
    start_ticks = processor.timeStamp() -% start_stamp;
}

/// Makes the timer ready; the first time that may take a millisecond. Returns false where it does not count.
pub fn prepare() bool {
    if (!is_known) {
        is_known = true;
        scale = if (has_deadline) (clock.frequency() << 20) / std.time.ns_per_s else measure();
        local_apic.write(.vector_timer, entry);
        asm volatile ("mfence" ::: .{ .memory = true }); // The deadline must not be written before the mode is. §10.5.4.1
    }
    return scale != 0;
}

/// Returns the ticks a nanosecond of the APIC's counter, which runs since `startCounter`; 0 when it does not.
fn measure() u64 {
    for (0..round_count_max) |_| {
        while (readCounter()) |reading| {
            if (reading.passed < measured_ns_min) continue;
            if (reading.doubt > reading.passed / 256 and reading.passed < measured_ns_max) continue;
            return (reading.count << 20) / reading.passed;
        }
        startCounter();
    }
    return 0;
}

/// Ticks that were counted, nanoseconds that passed meanwhile at the most, and by how many it may have been fewer.
const Reading = struct { count: u64, passed: u64, doubt: u64 };

/// Null when the counter has gone round.
fn readCounter() ?Reading {
    const before = processor.timeStamp();
    const left = local_apic.read(.timer_current_count);
    const after = processor.timeStamp();
    if (left == 0) return null;
    const passed = clock.durationOf(after -% start_stamp);
    return .{ .count = ~left, .passed = passed, .doubt = clock.durationOf(after -% before + start_ticks) };
}

/// Lets the timer interrupt `left` nanoseconds after `now`, or before. Interrupts are off.
pub fn arm(now: u64, left: u64) void {
    if (armed_for != 0 and armed_for <= now + left) return;
    const step = @min(left, step_ns_max);
    const aimed = if (step < long_wait_ns) step else step - step / 128;
    const ticks = (aimed * scale >> 20) + 1;
    armed_for = now + aimed;
    if (has_deadline) {
        processor.writeMsr(msr_deadline, processor.timeStamp() + ticks);
    } else {
        local_apic.write(.timer_initial_count, std.math.lossyCast(u32, ticks));
    }
}

/// Takes note that it has interrupted.
pub fn expire() void {
    armed_for = 0;
}
