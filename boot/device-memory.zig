// The window of device memory: memory that belongs to devices, mapped cached one range after the other at a fixed virtual
// address. A persistent memory is one.
//
//   [mapping]   [mapping]   …    an offset keeps the place in 2 MiB, so that pages of 2 MiB fit
//
// Always true: RAM, registers of the chipset and configuration space are never mapped here; nothing is unmapped; what it
// takes of RAM for page tables is a small part of what is free.

const acpi = @import("acpi.zig");
const layout = @import("layout.zig");
const memory = @import("memory.zig");
const mmio = @import("mmio.zig");
const pages = @import("pages.zig");
const paging = @import("paging.zig");
const panic = @import("panic.zig");

/// What `map` returns when it cannot. The number is kernel/hal/device-memory.ts's.
pub const map_failed: u64 = (1 << 53) - 1;

/// From here to 4 GiB are I/O APICs, local APICs and flash on every PC.
const chipset_start: u64 = 0xfec0_0000;
const chipset_end: u64 = 1 << 32;

/// A page table of 4 KiB spans 1 GiB, in pages of 2 MiB; both ends and the levels above take a few more.
const table_reach = 1 << 30;
const more_tables = 6;
/// The part of free memory that page tables may take.
const free_divisor = 8;

/// One past the last byte mapped.
var length: u64 = 0;

/// Maps `count` bytes of device memory at a physical address. Returns their offset in the window, or 2^53 - 1: nothing asked
/// for, not a device's, too much for the page tables, or no room left.
pub fn map(address: u64, count: u64) callconv(.c) u64 {
    if (count == 0 or count > layout.device_memory_length_max or address > map_failed) return map_failed;
    const first_page = layout.alignDown(address, layout.page_size);
    const mapped = layout.alignUp(address + count, layout.page_size) - first_page;
    if (!isForDevices(first_page, mapped)) return map_failed;
    if ((mapped / table_reach + more_tables) * layout.page_size > pages.freeBytes() / free_divisor) return map_failed;
    const start = layout.alignUp(length, layout.large_page_size) + first_page % layout.large_page_size;
    if (start + mapped > layout.device_memory_length_max) return map_failed;
    paging.map(layout.device_memory_window + start, first_page, mapped, paging.read_write);
    length = start + mapped;
    return start + address % layout.page_size;
}

fn isForDevices(start: u64, mapped: u64) bool {
    if (!mmio.isForDevices(start, mapped)) return false;
    if (start < chipset_end and chipset_start < start + mapped) return false;
    const space = (acpi.configSpace() orelse return true).range();
    return start >= space.end or space.start >= start + mapped;
}

pub fn read8(offset: u64) callconv(.c) u8 {
    return at(u8, offset).*;
}
pub fn read16(offset: u64) callconv(.c) u16 {
    return at(u16, offset).*;
}
pub fn read32(offset: u64) callconv(.c) u32 {
    return at(u32, offset).*;
}

pub fn write8(offset: u64, value: u8) callconv(.c) void {
    at(u8, offset).* = value;
}
pub fn write16(offset: u64, value: u16) callconv(.c) void {
    at(u16, offset).* = value;
}
pub fn write32(offset: u64, value: u32) callconv(.c) void {
    at(u32, offset).* = value;
}

/// Copies from the window into `target`, all of it.
pub fn readBytes(offset: u64, target: [*]u8, count: u32) callconv(.c) void {
    check(offset, count);
    memory.copy(@intFromPtr(target), layout.device_memory_window + offset, count);
}

/// Copies all of `source` into the window.
pub fn writeBytes(offset: u64, source: [*]const u8, count: u32) callconv(.c) void {
    check(offset, count);
    memory.copy(layout.device_memory_window + offset, @intFromPtr(source), count);
}

/// The cell at an offset, at any alignment: it is memory.
fn at(comptime Cell: type, offset: u64) *align(1) volatile Cell {
    check(offset, @sizeOf(Cell));
    return @ptrFromInt(layout.device_memory_window + offset);
}

fn check(offset: u64, count: u32) void {
    if (count > length or offset > length - count) panic.windowFault("device memory", offset, count);
}
