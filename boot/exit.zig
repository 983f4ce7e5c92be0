// Leaving QEMU with a status. QEMU: -device isa-debug-exit,iobase=0xf4,iosize=0x4
//
// The device ends QEMU with (value << 1) | 1; the value is 0x40 | status, so that no status of ours looks like a
// failure of QEMU's own. The statuses: 0 success, 1 the program failed, 2–31 the program's own, 32–41 panics
// (panic.zig).

const std = @import("std");
const clock = @import("clock.zig");
const console = @import("console.zig");
const output = @import("output.zig");
const ports = @import("ports.zig");
const processor = @import("processor.zig");
const trace = @import("trace.zig");

const debug_exit_port = 0xf4;
const debug_exit_mark = 0x40;

/// Statuses have six bits beside the mark.
const status_max = 63;
const program_failed = 1;

/// Ticks of the time stamp counter to wait for the end: a quarter of a second or more.
const exit_patience = 1 << 30;

/// Ends the machine with `status`; above 63 it is 1. Without the exit device it says so and halts: the last resort.
pub fn leave(status: u32) noreturn {
    const shown: u8 = if (status > status_max) program_failed else @intCast(status);
    tryToLeave(shown);
    console.print(.{ "halted: status ", shown, ", and this machine has no isa-debug-exit device to leave by\n" });
    output.drain();
    processor.halt();
}

/// The same, but returns, after a while, without the exit device. `status` is 63 at most.
pub fn tryToLeave(status: u8) void {
    output.drain();
    if (trace.enabled) _ = clock.frequency(); // Who reads the trace wants to know how fast the counter is.
    ports.write8(debug_exit_port, debug_exit_mark | status);
    // QEMU 7.2 ends in the middle of that instruction; 10.0 only asks its main loop to, and lets us run on for a
    // moment.
    const written = processor.timeStamp();
    while (processor.timeStamp() -% written < exit_patience) std.atomic.spinLoopHint();
}
