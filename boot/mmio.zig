// The MMIO window: registers of devices, mapped uncached one after the other at a fixed virtual address.
//
//   [mapping][guard page][mapping][guard page] …    an offset keeps the place in its page: the same modulo 4096
//
// Always true: RAM is never mapped here, and nothing is unmapped: a driver keeps its registers. The same pages are mapped once, so that devices
// which come and go do not use the window up.

const layout = @import("layout.zig");
const paging = @import("paging.zig");
const processor = @import("processor.zig");
const start_info = @import("start-info.zig");

/// What `map` returns when it cannot. The number is kernel/hal/mmio.ts's.
pub const map_failed: u32 = 0xffff_ffff;
/// Offsets are u32, and the last one means failure.
const window_length: u64 = 0xffff_f000;

const Mapping = struct { first_page: u64, length: u32, start: u32 };

/// What is mapped. Beyond them, pages may be mapped twice.
var mappings: [256]Mapping = undefined;
var mapping_count: usize = 0;

/// One past the last byte mapped. The inlined accesses compare with it.
pub var length: u32 = 0;

/// Maps `count` bytes of registers at a physical address. Returns their offset in the window, or 0xffffffff: nothing
/// asked for, RAM among it, beyond what the processor can address, or no room left.
pub fn map(address: u64, count: u32) callconv(.c) u32 {
    if (count == 0 or !isForDevices(address, count)) return map_failed;
    const first_page = layout.alignDown(address, layout.page_size);
    const mapped = layout.alignUp(address + count, layout.page_size) - first_page;
    const start = startOf(first_page, mapped) orelse begin: {
        const start = placeFor(first_page, mapped);
        if (start + mapped > window_length) return map_failed;
        paging.map(layout.mmio_window + start, first_page, mapped, paging.device);
        length = @intCast(start + mapped);
        note(first_page, start);
        break :begin start;
    };
    return @intCast(start + address % layout.page_size);
}

/// Where these pages, or more from the same one on, are mapped already.
fn startOf(first_page: u64, mapped: u64) ?u64 {
    for (mappings[0..mapping_count]) |each| {
        if (each.first_page == first_page and each.length >= mapped) return each.start;
    }
    return null;
}

/// Notes the mapping that was just made at `start`.
fn note(first_page: u64, start: u64) void {
    if (mapping_count == mappings.len) return;
    mappings[mapping_count] = .{ .first_page = first_page, .length = @intCast(length - start), .start = @intCast(start) };
    mapping_count += 1;
}

/// One free page after the last mapping; long ranges so that 2 MiB pages fit.
fn placeFor(first_page: u64, mapped: u64) u64 {
    const free = if (length == 0) 0 else @as(u64, length) + layout.page_size;
    if (mapped < layout.large_page_size) return free;
    const start = layout.alignDown(free, layout.large_page_size) + first_page % layout.large_page_size;
    return if (start >= free) start else start + layout.large_page_size;
}

/// Says whether the memory map leaves `count` bytes at a physical address to devices, and the processor can address them.
pub inline fn isForDevices(address: u64, count: u64) bool {
    const end = @addWithOverflow(address, count);
    if (end[1] != 0 or end[0] > processor.physicalEnd()) return false;
    for (start_info.memoryMap()) |region| {
        const is_memory = switch (region.type) {
            start_info.memory_ram, start_info.memory_acpi, start_info.memory_acpi_storage => true,
            else => false,
        };
        if (is_memory and address < region.end() and region.start < end[0]) return false;
    }
    return true;
}
