// The end of a machine that cannot go on: what happened, in words, then the way there, then an exit status.
//
//   PANIC uncaught exception (status 32)
//     Error: disk on fire
//     at readSector (drivers/blk/driver.ts:88)
//     at main (apps/x/main.ts:12)
//
// Always true: a panic ends. A panic inside a panic prints one line and leaves.

const std = @import("std");
const backtrace = @import("backtrace.zig");
const console = @import("console.zig");
const exit = @import("exit.zig");
const processor = @import("processor.zig");
const state = @import("state.zig");

/// Kinds of panic. The number is the exit status.
pub const Kind = enum(u8) {
    uncaught_exception = 32,
    assertion_failed = 33,
    checked_arithmetic = 34,
    out_of_memory = 35,
    stack_overflow = 36,
    cpu_exception = 37,
    window_bounds = 38,
    panic = 39,
    machine_not_usable = 40,
    unsettled_await = 41,
};

fn nameOf(kind: Kind) []const u8 {
    return switch (kind) {
        .uncaught_exception => "uncaught exception",
        .assertion_failed => "assertion failed",
        .checked_arithmetic => "checked arithmetic",
        .out_of_memory => "out of memory",
        .stack_overflow => "stack overflow",
        .cpu_exception => "CPU exception",
        .window_bounds => "window bounds",
        .panic => "panic",
        .machine_not_usable => "machine not usable",
        .unsettled_await => "unsettled await",
    };
}

/// The panic under way.
var current: ?Kind = null;

/// Lets no interrupt come any more and prints the first line. A second panic ends here, with the status of the first.
/// A debugger stops here to see a program fail.
pub noinline fn begin(kind: Kind) void {
    processor.disableInterrupts();
    if (current) |first| {
        console.startLine();
        console.print(.{ "PANIC inside a panic: ", nameOf(kind), " (status ", @intFromEnum(first), ")\n" });
        exit.leave(@intFromEnum(first));
    }
    current = kind;
    console.startLine();
    console.print(.{ "PANIC ", nameOf(kind), " (status ", @intFromEnum(kind), ")\n" });
}

/// Prints the backtrace from a function's frame and leaves. `frame_address` is that function's rbp.
pub fn end(frame_address: u64) noreturn {
    backtrace.printFrames(frame_address);
    leave();
}

/// Prints the backtrace of a trap and leaves. Where an instruction fetch failed, `call_stack` is rsp: the caller is
/// what it points at.
pub fn endAtTrap(rip: u64, rbp: u64, call_stack: ?u64) noreturn {
    backtrace.printInstruction(rip);
    if (call_stack) |rsp| backtrace.printReturnAddressAt(rsp);
    backtrace.printFrames(rbp);
    leave();
}

fn leave() noreturn {
    state.print();
    exit.leave(@intFromEnum(current.?));
}

/// Ends the machine: `kind`, one line of `parts` as in console.print, the backtrace from the caller of the function
/// that this stands in.
pub inline fn stop(kind: Kind, parts: anytype) noreturn {
    stopFrom(@frameAddress(), kind, parts);
}

fn stopFrom(frame_address: u64, kind: Kind, parts: anytype) noreturn {
    @branchHint(.cold);
    begin(kind);
    console.print(.{"  "} ++ parts ++ .{"\n"});
    end(frame_address);
}

/// Prints text from outside, each of its lines indented, what would garble a terminal as `?`.
pub fn printText(text: []const u8) void {
    var lines = std.mem.splitScalar(u8, std.mem.trimEnd(u8, text, "\n"), '\n');
    while (lines.next()) |line| {
        console.print(.{"  "});
        var rest = line;
        while (rest.len != 0) {
            const printable = for (rest, 0..) |byte, index| {
                if (byte < ' ' and byte != '\t') break index;
            } else rest.len;
            console.print(.{rest[0..printable]});
            if (printable == rest.len) break;
            console.print(.{"?"});
            rest = rest[printable + 1 ..];
        }
        console.print(.{"\n"});
    }
}

/// checked arithmetic, a bad handle or an index outside its array, from the machine back end. Both texts end with NUL.
pub fn trap(what: [*:0]const u8, where: [*:0]const u8) callconv(.c) noreturn {
    stop(.checked_arithmetic, .{ what, " (", where, ")" });
}

/// An assertion that does not hold, from the machine back end. Both texts end with NUL.
pub fn assertionFailed(fact: [*:0]const u8, where: [*:0]const u8) callconv(.c) noreturn {
    stop(.assertion_failed, .{ fact, " (", where, ")" });
}

/// The same of a comparison, with its numbers.
pub fn comparisonFailed(fact: [*:0]const u8, where: [*:0]const u8, compared: [*:0]const u8) callconv(.c) noreturn {
    stop(.assertion_failed, .{ fact, " (", where, ")\n  ", compared });
}

/// The same from the control plane.
pub fn assertionFailedText(utf8: [*]const u8, length: usize) callconv(.c) noreturn {
    begin(.assertion_failed);
    printText(utf8[0..length]);
    end(@frameAddress());
}

/// An access of `width` bytes at `offset` that `window` ("dma", "mmio", ended by NUL) does not allow.
pub fn windowFault(window: [*:0]const u8, offset: u64, width: u32) callconv(.c) noreturn {
    const must_align = std.mem.orderZ(u8, window, "mmio") == .eq; // Registers are read whole; DMA memory may be read anywhere.
    const doubt = if (must_align and width != 0 and offset % width != 0) ", or not aligned in it" else "";
    const access = .{ width, " bytes at offset ", console.hex(offset) };
    stop(.window_bounds, access ++ .{ " are outside the ", window, " window", doubt });
}

/// An exception that nobody caught: `utf8` is what JavaScript prints of it.
pub fn uncaught(utf8: [*]const u8, length: usize) callconv(.c) noreturn {
    begin(.uncaught_exception);
    const prefix = "Uncaught "; // The first line has said that.
    const text = utf8[0..length];
    printText(if (std.mem.startsWith(u8, text, prefix)) text[prefix.len..] else text);
    end(@frameAddress());
}

/// The same, of one whose functions are gone: their return addresses were kept, 0 before those of each further async
/// function.
pub fn uncaughtTraced(utf8: [*]const u8, length: usize, addresses: [*]const u64, count: usize) callconv(.c) noreturn {
    begin(.uncaught_exception);
    printText(utf8[0..length]);
    backtrace.printTrace(addresses[0..count]);
    leave();
}

/// The return addresses of an exception that a test has caught, for its report.
pub fn printTrace(addresses: [*]const u64, count: usize) callconv(.c) void {
    backtrace.printTrace(addresses[0..count]);
}

/// The main module awaits, in the function whose frame this is, what nothing can settle any more.
pub fn unsettledAwait(frame_address: u64) callconv(.c) noreturn {
    begin(.unsettled_await);
    console.print(.{"  the main module awaits what nothing can settle: no job, timer or request is left\n"});
    end(frame_address);
}

/// panic(message) of TypeScript, and what the compiled code takes for impossible.
pub fn panicText(utf8: [*]const u8, length: usize) callconv(.c) noreturn {
    begin(.panic);
    printText(utf8[0..length]);
    end(@frameAddress());
}

/// The heap has no room left: its arena is full, or an allocation of the runtime failed.
pub fn outOfMemoryText(utf8: [*]const u8, length: usize) callconv(.c) noreturn {
    begin(.out_of_memory);
    printText(utf8[0..length]);
    end(@frameAddress());
}

/// Zig's own safety checks, in builds that have them.
pub fn zigPanic(message: []const u8, _: ?usize) noreturn {
    stop(.panic, .{message});
}
