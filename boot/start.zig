// The boot, step by step. entry.zig comes before: it brings the processor from the loader's 32-bit entry to 64 bits and
// calls kernel_main. After it comes the program: the C runtime's _start, then TypeScript.
//
// This layer is the only code with a raw pointer, a port or a privileged instruction. machine.zig lists what TypeScript
// may call.
//
// The steps are inline functions: each is called here and nowhere else, and what saves and restores registers around a
// call is as much as many a step itself. Under emulation every instruction is translated before it runs.

const std = @import("std");
const acpi = @import("acpi.zig");
const clock = @import("clock.zig");
const config_space = @import("config-space.zig");
const dma = @import("dma.zig");
const interrupts = @import("interrupts.zig");
const output = @import("output.zig");
const pages = @import("pages.zig");
const paging = @import("paging.zig");
const panics = @import("panic.zig");
const program = @import("program.zig");
const segments = @import("segments.zig");
const start_info = @import("start-info.zig");
const sampling = @import("sampling.zig");
const syscalls = @import("syscalls.zig");
const trace = @import("trace.zig");
const vectors = @import("vectors.zig");

comptime {
    _ = @import("entry.zig");
    _ = @import("heap.zig");
    _ = @import("machine.zig");
    _ = @import("memory.zig");
}

/// Zig's safety checks end as every other panic does.
pub const panic = std.debug.FullPanic(panics.zigPanic);

/// Boots the machine and runs the program. `start_info_address` is physical, from the loader.
export fn kernel_main(start_info_address: u64) callconv(.c) noreturn {
    output.open(); //                          First: from here on, what goes wrong can be said.
    trace.stage("console");
    segments.load(); //                        A stack for each kind of trap …
    vectors.load(); //                         … and a handler, so that a fault is a message and not a reset.
    trace.stage("segments and interrupt table");
    clock.start(); //                          It is measured against a timer from here to the first look at it.
    start_info.read(start_info_address); //    Memory map, command line and ACPI pointer, before their memory is used.
    trace.stage("what the loader says");
    acpi.read(); //                            For the same reason here: where configuration space is, and the PM timer.
    trace.stage("ACPI tables");
    pages.open(); //                           All usable RAM but the image.
    trace.stage("memory map");
    paging.open(); //                          Real page tables: rights for the image, all RAM in reach, page 0 unmapped.
    trace.stage("page tables");
    dma.open(); //                             Before anything else takes pages: it must be in one piece.
    trace.stage("DMA memory");
    config_space.open(); //                    ECAM, ports, or none.
    trace.stage("configuration space");
    if (sampling.enabled) interrupts.startSampling();
    syscalls.open(); //                        The C runtime's way in.
    program.start(); //                        A stack with a guard page, then _start. Does not return.
}
