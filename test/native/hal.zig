//! The machine layer on Linux, for tests that run generated C natively: both windows are plain memory at their virtual addresses. What would
//! stop the machine is handed to `native_stopped` with its exit status, which the program under test defines.

const std = @import("std");
const linux = std.os.linux;

const dma_base = 0x6000001a0000;
const mmio_base = 0x610000000000;
const window_length = 64 * 1024;

extern fn native_stopped(status: u8, what: [*:0]const u8, where: [*:0]const u8) noreturn;

export const hal_dmaLength: u32 = window_length;
export const hal_dmaStart: u64 = 0x4000000; // As in the simulated machine.
export const hal_mmioLength: u32 = window_length;

/// Maps both windows. Called once, before anything else.
export fn native_start() void {
    for ([_]usize{ dma_base, mmio_base }) |base| {
        const protection: linux.PROT = .{ .READ = true, .WRITE = true };
        const got = linux.mmap(@ptrFromInt(base), window_length, protection, .{ .TYPE = .PRIVATE, .ANONYMOUS = true, .FIXED = true }, -1, 0);
        if (got != base) native_stopped(40, "cannot map a window", "");
    }
    const action: linux.Sigaction = .{ .handler = .{ .sigaction = pageFault }, .mask = linux.sigemptyset(), .flags = linux.SA.SIGINFO };
    _ = linux.sigaction(.SEGV, &action, null);
}

/// A release build leaves the end of a window to the page tables, here as on metal.
fn pageFault(_: linux.SIG, info: *const linux.siginfo_t, _: ?*anyopaque) callconv(.c) void {
    const address = @intFromPtr(info.fields.sigfault.addr);
    for ([_]usize{ dma_base, mmio_base }, [_][*:0]const u8{ "dma", "mmio" }) |base, window| {
        if (address >= base and address - base < 1 << 32) native_stopped(38, window, "");
    }
    native_stopped(37, "page fault", "");
}

export fn hal_trap(what: [*:0]const u8, where: [*:0]const u8) noreturn {
    native_stopped(34, what, where);
}

export fn hal_assertionFailed(fact: [*:0]const u8, where: [*:0]const u8) noreturn {
    native_stopped(33, fact, where);
}

export fn hal_comparisonFailed(fact: [*:0]const u8, where: [*:0]const u8, compared: [*:0]const u8) noreturn {
    _ = compared;
    native_stopped(33, fact, where);
}

// A native program has no state to tell of.
export fn hal_panicWrite(utf8: [*]const u8, length: usize) void {
    _ = utf8;
    _ = length;
}
export fn hal_panicWriteNumber(value: u64) void {
    _ = value;
}
export fn hal_panicWriteHex(value: u64, digits: u8) void {
    _ = value;
    _ = digits;
}
export fn hal_panicLine() void {}

export fn hal_windowFault(window: [*:0]const u8, offset: u64, width: u32) noreturn {
    _ = offset;
    _ = width;
    native_stopped(38, window, "");
}

export fn hal_exit(status: u8) noreturn {
    linux.exit_group(status);
}

export fn hal_consoleWrite(text: [*]const u8, length: usize) void {
    _ = linux.write(1, text, length);
}

fn dma(offset: u32, length: u32) []u8 {
    if (@as(u64, offset) + length > window_length) hal_windowFault("dma", offset, length);
    const base: [*]u8 = @ptrFromInt(dma_base);
    return base[offset..][0..length];
}

export fn hal_dmaFill(offset: u32, length: u32, value: u8) void {
    @memset(dma(offset, length), value);
}

export fn hal_dmaReadBytes(offset: u32, target: [*]u8, length: u32) void {
    @memcpy(target[0..length], dma(offset, length));
}

export fn hal_dmaWriteBytes(offset: u32, source: [*]const u8, length: u32) void {
    @memcpy(dma(offset, length), source[0..length]);
}

/// There is no device whose looks at memory it would order.
export fn hal_fenceDevices() void {}

// Nothing answers at any port.
export fn hal_portWrite16(port: u16, value: u16) void {
    _ = port;
    _ = value;
}

export fn hal_portWrite32(port: u16, value: u32) void {
    _ = port;
    _ = value;
}

// There is no PCI: every register of configuration space reads as all ones.
export fn hal_configRead8(_: u32, _: u32) u8 {
    return 0xff;
}

export fn hal_configRead16(_: u32, _: u32) u16 {
    return 0xffff;
}

export fn hal_configRead32(_: u32, _: u32) u32 {
    return 0xffffffff;
}

export fn hal_configWrite8(_: u32, _: u32, _: u8) void {}

export fn hal_configWrite16(_: u32, _: u32, _: u16) void {}

export fn hal_configWrite32(_: u32, _: u32, _: u32) void {}
