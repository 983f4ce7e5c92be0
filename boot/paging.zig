// Page tables: four levels, 4 KiB and 2 MiB pages. Intel SDM vol. 3, §4.5.
//
// `open` replaces the tables of entry.zig: the direct map of all RAM, and the image with the rights of its sections.
// Windows are added by `map`; what mmap promises is regions.zig, which uses the same tables.
//
// Always true: no page is both writable and executable, and only the image's code is executable.

const entry = @import("entry.zig");
const layout = @import("layout.zig");
const pages = @import("pages.zig");
const processor = @import("processor.zig");
const segments = @import("segments.zig");
const start_info = @import("start-info.zig");

// Bits of an entry. §4.5, table 4-20
pub const present: u64 = 1 << 0;
pub const writable: u64 = 1 << 1;
pub const write_through: u64 = 1 << 3;
pub const cache_disable: u64 = 1 << 4;
pub const large: u64 = 1 << 7;
pub const no_execute: u64 = 1 << 63;
pub const address_mask: u64 = 0x000f_ffff_ffff_f000;

/// Ordinary memory.
pub const read_write = writable | no_execute;
pub const read_only = no_execute;
/// Registers of devices: each access happens, once, in order. PCD and PWT select strong uncacheable, §11.12.4.
pub const device = writable | no_execute | cache_disable | write_through;

/// Shift of the level whose entries are single pages, and of the root's.
pub const page_shift = 12;
pub const root_shift = 39;
const large_shift = 21;

/// Physical address of the PML4.
var root: u64 = 0;

/// Entries of one table, through the direct map.
pub fn entries(table: u64) *[512]u64 {
    return layout.direct(*[512]u64, table);
}

/// The entry of `address` in a table of the level `shift`.
pub fn entryOf(table: u64, address: u64, shift: u6) *u64 {
    return &entries(table)[@intCast((address >> shift) & 511)];
}

pub fn rootTable() u64 {
    return root;
}

/// Builds the real map and enters it. The boot tables go to the page allocator.
pub inline fn open() void {
    root = pages.take();
    for (start_info.memoryMap()) |region| {
        if (region.type == start_info.memory_ram) mapDirect(region);
    }
    mapImage();
    processor.setPageTables(root);
    for (&entry.boot_tables) |*table| {
        const page = @intFromPtr(table);
        unmapPage(page);
        pages.free(page);
    }
}

/// Whole 2 MiB pages, even where only part is RAM: nothing uses the rest.
fn mapDirect(region: start_info.MemoryRegion) void {
    const start = layout.alignDown(region.start, layout.large_page_size);
    const end = layout.alignUp(region.end(), layout.large_page_size);
    map(layout.direct_map + start, start, end - start, read_write);
}

/// Makes `length` bytes at a physical address readable in the direct map: for tables of the firmware, which need not lie
/// in RAM that the memory map shows.
pub fn showDirect(physical: u64, length: u64) void {
    var page = layout.direct_map + layout.alignDown(physical, layout.page_size);
    const end = layout.direct_map + physical + length;
    while (page < end) : (page += layout.page_size) {
        if (!isMapped(page)) map(page, page - layout.direct_map, layout.page_size, read_only);
    }
}

fn mapImage() void {
    mapSame(layout.imageStart(), layout.textEnd(), 0);
    mapSame(layout.rodataStart(), layout.dataStart(), read_only);
    mapSame(layout.dataStart(), layout.symbolsStart(), read_write);
    mapSame(layout.symbolsStart(), layout.imageEnd(), read_only);
    for (&segments.stacks) |*stack| unmapPage(@intFromPtr(&stack.guard));
}

/// Single pages, so that any of them can be unmapped again.
fn mapSame(start: u64, end: u64, flags: u64) void {
    fill(start, start, layout.alignUp(end - start, layout.page_size), flags, page_shift);
}

/// Maps whole pages at `virtual` to `physical`, with 2 MiB pages where both are aligned. What was there before is
/// replaced, so the caller owns the range; tables come from the page allocator.
pub fn map(virtual: u64, physical: u64, length: u64, flags: u64) void {
    fill(virtual, physical, length, flags, large_shift);
}

/// Table by table: RAM of many GiB has thousands of entries.
fn fill(virtual: u64, physical: u64, length: u64, flags: u64, largest_shift: u6) void {
    var done: u64 = 0;
    while (done < length) {
        const both = (virtual + done) | (physical + done);
        const fits_large = both % layout.large_page_size == 0 and length - done >= layout.large_page_size;
        const is_large = fits_large and largest_shift == large_shift;
        const shift: u6 = if (is_large) large_shift else page_shift;
        const bits = flags | present | if (is_large) large else 0;
        const first: [*]u64 = @ptrCast(leafOf(virtual + done, shift));
        const left_in_table = 512 - (virtual + done >> shift & 511);
        for (first[0..@min((length - done) >> shift, left_in_table)]) |*slot| {
            slot.* = (physical + done) | bits;
            done += @as(u64, 1) << shift;
        }
    }
}

/// The entry of `address` at the level `last_shift`; missing tables above it are made.
fn leafOf(address: u64, last_shift: u6) *u64 {
    var table = root;
    var shift: u6 = root_shift;
    while (shift > last_shift) : (shift -= 9) {
        const slot = entryOf(table, address, shift);
        if (slot.* & present == 0) slot.* = pages.take() | writable | present;
        table = slot.* & address_mask;
    }
    return entryOf(table, address, last_shift);
}

/// Takes whole pages out of the map that `map` has put there, in the same pieces. The tables stay.
pub fn unmap(virtual: u64, length: u64) void {
    var address = virtual;
    while (address < virtual + length) {
        var table = root;
        var shift: u6 = root_shift;
        while (shift > page_shift) : (shift -= 9) {
            const slot = entryOf(table, address, shift).*;
            if (slot & present == 0 or slot & large != 0) break;
            table = slot & address_mask;
        }
        entryOf(table, address, shift).* = 0;
        processor.forgetPage(address);
        address += @as(u64, 1) << shift;
    }
}

fn unmapPage(address: u64) void {
    leafOf(address, page_shift).* = 0;
    processor.forgetPage(address);
}

/// Says whether all `length` bytes at `address` can be read without a fault. Changes nothing: panics use it.
pub fn isReadable(address: u64, length: u64) bool {
    const canonical_distance = 0xffff_8000_0000_0000;
    if (length == 0 or address > ~@as(u64, 0) - length) return false;
    var page = layout.alignDown(address, layout.page_size);
    while (page < address + length) : (page += layout.page_size) {
        if (page >= 0x8000_0000_0000 and page < canonical_distance) return false;
        if (!isMapped(page)) return false;
    }
    return true;
}

fn isMapped(address: u64) bool {
    if (root == 0) return address < layout.boot_reach or address -% layout.direct_map < layout.boot_reach; // entry.zig's.
    var table = root;
    var shift: u6 = root_shift;
    while (true) : (shift -= 9) {
        const value = entryOf(table, address, shift).*;
        if (value & present == 0) return false;
        if (shift == page_shift or value & large != 0) return true;
        table = value & address_mask;
    }
}
