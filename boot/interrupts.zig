// Interrupts as kernel/hal/interrupts.ts declares them. The controllers are not driven yet: no vector can be had, so a
// program polls, and waits awake.

const std = @import("std");
const clock = @import("clock.zig");
const ports = @import("ports.zig");

/// The numbers are those of kernel/hal/interrupts.ts.
const vector_none = 0;
const no_interrupt = 0xffff_ffff;

pub fn allocate() callconv(.c) u8 {
    return vector_none;
}

pub fn messageAddress() callconv(.c) u32 {
    return 0;
}

pub fn route(gsi: u32, vector: u8, is_level: bool, is_active_low: bool) callconv(.c) bool {
    _ = .{ gsi, vector, is_level, is_active_low };
    return false;
}

pub fn rearm(vector: u8) callconv(.c) void {
    _ = vector;
}

pub fn next() callconv(.c) u8 {
    return vector_none;
}

pub fn isNoted() callconv(.c) bool {
    return false;
}

pub fn count(vector: u8) callconv(.c) u64 {
    _ = vector;
    return 0;
}

pub fn unexpectedCount() callconv(.c) u64 {
    return 0;
}

pub fn spuriousCount() callconv(.c) u64 {
    return 0;
}

pub fn idleUntil(deadline: u64) callconv(.c) void {
    while (clock.now() < deadline) std.atomic.spinLoopHint();
}

/// The port of the POST code: QEMU takes its lock for every access to a device.
const unused_port = 0x80;

pub fn fenceDevices() callconv(.c) void {
    asm volatile ("mfence" ::: .{ .memory = true });
    _ = ports.read8(unused_port);
}

pub fn ofPin(device: u8, pin: u8) callconv(.c) u32 {
    _ = .{ device, pin };
    return no_interrupt;
}

pub fn pinIsActiveLow(device: u8, pin: u8) callconv(.c) bool {
    _ = .{ device, pin };
    return true;
}
