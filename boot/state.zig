// What the machine was doing when it stopped: behind the backtrace of a panic.
//
//   state:
//     processor 0: 91234 us since the start, the last interrupt 340 us before
//     loop: 3 sources of events, 1 awake; the next timer in 12000 us
//     0000:00:02.0 virtio-blk queue 0: 3 of 128 in flight, …
//     awaits: readAll (main.ts:12), main (main.ts:30)
//
// Compiled code tells the rest of it itself, where a program has any: machine modules by their functions `atPanic`
// (scripts/machine/at-panic.ts), coroutines one after the other (scripts/patch/coroutines.ts).
//
// Always true: all of the panic is printed before. What fails here is a panic inside a panic, and ends.

const backtrace = @import("backtrace.zig");
const clock = @import("clock.zig");
const console = @import("console.zig");
const interrupts = @import("interrupts.zig");

extern fn hed_atPanic() callconv(.c) void;
extern fn hedyn_atPanic() callconv(.c) void;

comptime {
    // For a program that has nothing to say.
    asm (
        \\.pushsection .text.state, "ax", @progbits
        \\.weak hed_atPanic, hedyn_atPanic
        \\hed_atPanic:
        \\hedyn_atPanic:
        \\  ret
        \\.popsection
    );
}

const ns_per_us = 1000;

/// Coroutines that are shown; the rest is counted.
const awaiting_max = 16;

var is_line_open = false;
var awaiting_count: u32 = 0;

/// Prints it.
pub fn print() void {
    console.print(.{"state:\n"});
    printProcessor();
    hed_atPanic();
    hedyn_atPanic();
    if (awaiting_count > awaiting_max) {
        console.print(.{ "  awaits: ", awaiting_count - awaiting_max, " more\n" });
    }
}

fn printProcessor() void {
    const now = clock.now();
    console.print(.{ "  processor 0: ", now / ns_per_us, " us since the start" });
    if (interrupts.lastArrival()) |last| {
        console.print(.{ ", the last interrupt ", (now -| last) / ns_per_us, " us before" });
    }
    console.print(.{"\n"});
}

/// Prints a part of a line.
pub fn writeText(utf8: [*]const u8, length: usize) callconv(.c) void {
    openLine();
    console.print(.{utf8[0..length]});
}

/// The same of a number.
pub fn writeNumber(value: u64) callconv(.c) void {
    openLine();
    console.print(.{value});
}

/// The same in hexadecimal, without 0x.
pub fn writeHex(value: u64, digits: u8) callconv(.c) void {
    openLine();
    var shift: u6 = 60;
    while (true) : (shift -= 4) {
        const digit = "0123456789abcdef"[@intCast(value >> shift & 15)];
        const is_wanted = value >> shift != 0 or shift / 4 < digits or shift == 0;
        if (is_wanted) console.print(.{&[_]u8{digit}});
        if (shift == 0) break;
    }
}

/// Ends the line that was begun.
pub fn endLine() callconv(.c) void {
    if (is_line_open) console.print(.{"\n"});
    is_line_open = false;
}

fn openLine() void {
    if (!is_line_open) console.print(.{"  "});
    is_line_open = true;
}

/// Prints the functions of a coroutine that waits; the frame is the innermost one's.
pub fn printAwaiting(frame_address: u64) callconv(.c) void {
    awaiting_count += 1;
    if (awaiting_count > awaiting_max) return;
    console.print(.{"  awaits: "});
    backtrace.printInLine(frame_address);
    console.print(.{"\n"});
}
