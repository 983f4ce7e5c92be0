// The DMA window: one physically contiguous piece of RAM that devices may read and write, at a fixed virtual address.
//
// TypeScript reaches it by u32 offsets and never sees an address but the bus address that it programs into a device;
// what is allocated inside is its own business (kernel/hal/dma-pool.ts). The back end inlines the single accesses; here
// are the ones over many bytes.
//
// Always true: [0, hal_dmaLength) is mapped, and bus address = physical address of the window's start + offset. Its
// first content is undefined.

const layout = @import("layout.zig");
const memory = @import("memory.zig");
const pages = @import("pages.zig");
const paging = @import("paging.zig");
const panic = @import("panic.zig");

const length_max = 64 << 20;
const length_min = 64 << 10;
/// From this much RAM on, the window is made of 2 MiB pages. A machine of 64 MiB shows a little less.
const large_from = 60 << 20;

/// Bytes of the window that are there. The inlined accesses compare with it.
pub var length: u32 = 0;
/// Where devices find the window: the bus address of offset 0.
pub var physical_start: u64 = 0;

/// Reserves a quarter of RAM, 64 MiB at most; less where RAM is in pieces.
pub inline fn open() void {
    const alignment: u64 = if (pages.totalBytes() >= large_from) layout.large_page_size else layout.page_size;
    var wanted = layout.alignDown(@min(pages.totalBytes() / 4, length_max), alignment);
    while (wanted >= length_min) : (wanted = layout.alignDown(wanted / 2, layout.page_size)) {
        physical_start = pages.reserve(wanted, alignment, layout.dma_window % alignment) orelse continue;
        paging.map(layout.dma_window, physical_start, wanted, paging.read_write);
        length = @intCast(wanted);
        return;
    }
    panic.stop(.machine_not_usable, .{"no contiguous RAM for the DMA window"});
}

/// Sets `count` bytes from `offset` on to `value`.
pub fn fill(offset: u32, count: u32, value: u8) callconv(.c) void {
    check(offset, count);
    memory.fill(layout.dma_window + offset, value, count);
}

/// Copies from the window into `target`, all of it.
pub fn readBytes(offset: u32, target: [*]u8, count: u32) callconv(.c) void {
    check(offset, count);
    memory.copy(@intFromPtr(target), layout.dma_window + offset, count);
}

/// Copies all of `source` into the window.
pub fn writeBytes(offset: u32, source: [*]const u8, count: u32) callconv(.c) void {
    check(offset, count);
    memory.copy(layout.dma_window + offset, @intFromPtr(source), count);
}

fn check(offset: u32, count: u32) void {
    if (count > length or offset > length - count) panic.windowFault("dma", offset, count);
}
