// Memory that is plugged in while the machine runs: RAM that no memory map shows, in blocks that come and go. VIRTIO 1.2 §5.15.
//
//   region   ├ block ┤├ block ┤ … ├ block ┤     what is plugged of it is in the direct map: the page tables are the record
//   free       one bit a page, in address space that fills on demand
//
// The pages are given out when all others are in use (pages.zig), so that most blocks can go again: one that is wholly free.
//
// Always true: a page whose bit is set is plugged, and nobody's; a block that is not plugged is not mapped.

const layout = @import("layout.zig");
const pages = @import("pages.zig");
const paging = @import("paging.zig");
const regions = @import("regions.zig");
const start_info = @import("start-info.zig");

const Region = struct {
    start: u64,
    end: u64,
    free: [*]u64,
    free_count: u64 = 0,
    /// No word before this one has a bit.
    first_word: usize = 0,
};

const region_count_max = 8;
var all: [region_count_max]Region = undefined;
var count: usize = 0;

/// A word of bits is as much as can come or go.
pub const granule = 64 * layout.page_size;

/// Pages that a block needs for its tables, at most: three levels of them.
const table_pages_max = 3;

/// Notes a region in which blocks may come. Known already, it is the same one. False: it has no place: not aligned, too far, in
/// something that the memory map shows, or one too many.
pub fn open(start: u64, length: u64) callconv(.c) bool {
    if (start % granule != 0 or length % granule != 0 or length == 0) return false;
    if (start > layout.direct_reach or length > layout.direct_reach - start) return false;
    for (all[0..count]) |region| {
        if (region.start == start and region.end == start + length) return true;
        if (region.start < start + length and start < region.end) return false;
    }
    for (start_info.memoryMap()) |region| if (region.start < start + length and start < region.end()) return false;
    if (count == region_count_max) return false;
    const bytes = layout.alignUp(length / layout.page_size / 8, layout.page_size);
    const free = regions.reserve(0, bytes, .read_write) orelse return false;
    all[count] = .{ .start = start, .end = start + length, .free = @ptrFromInt(free) };
    count += 1;
    return true;
}

/// Takes a block into use: a part of an open region, whole granules. It is looked at whether there is memory. False: it is not, or
/// there is no page for its tables, and nothing is changed.
pub fn plug(address: u64, length: u64) callconv(.c) bool {
    const region = regionOf(address) orelse return false;
    if (pages.freeBytes() < (table_pages_max + length / granule) * layout.page_size) return false;
    paging.map(layout.direct_map + address, address, length, paging.read_write);
    if (!isMemory(address) or !isMemory(address + length - 8)) {
        paging.unmap(layout.direct_map + address, length);
        return false;
    }
    for (wordsOf(region, address, length)) |*word| word.* = ~@as(u64, 0);
    region.first_word = @min(region.first_word, (address - region.start) / granule);
    region.free_count += length / layout.page_size;
    pages.plug(length);
    return true;
}

/// Takes a block out of use that is plugged and wholly free. False: a page of it is not.
pub fn unplug(address: u64, length: u64) callconv(.c) bool {
    const region = regionOf(address) orelse return false;
    const words = wordsOf(region, address, length);
    for (words) |word| if (word != ~@as(u64, 0)) return false;
    for (words) |*word| word.* = 0;
    region.free_count -= length / layout.page_size;
    pages.unplug(length);
    paging.unmap(layout.direct_map + address, length);
    return true;
}

/// Says whether the block at `address` is in use.
pub fn isPlugged(address: u64) callconv(.c) bool {
    return regionOf(address) != null and paging.isReadable(layout.direct_map + address, 8);
}

/// Returns a page, or null when none is free.
pub fn take() ?u64 {
    for (all[0..count]) |*region| {
        if (region.free_count == 0) continue;
        while (region.free[region.first_word] == 0) region.first_word += 1; // Ends: there is a bit.
        const word = &region.free[region.first_word];
        const bit = @ctz(word.*);
        word.* &= word.* - 1;
        region.free_count -= 1;
        return region.start + (region.first_word * 64 + bit) * layout.page_size;
    }
    return null;
}

/// Takes a page back. False: it was not plugged in.
pub fn give(page: u64) bool {
    const region = regionOf(page) orelse return false;
    const index = (page - region.start) / layout.page_size;
    region.free[index / 64] |= @as(u64, 1) << @intCast(index % 64);
    region.first_word = @min(region.first_word, index / 64);
    region.free_count += 1;
    return true;
}

/// Pages that are free of what is plugged in.
pub fn freeCount() u64 {
    var sum: u64 = 0;
    for (all[0..count]) |region| sum += region.free_count;
    return sum;
}

fn regionOf(address: u64) ?*Region {
    for (all[0..count]) |*region| if (address >= region.start and address < region.end) return region;
    return null;
}

fn wordsOf(region: *Region, address: u64, length: u64) []u64 {
    const first = (address - region.start) / granule;
    return region.free[first .. first + length / granule];
}

/// Writes two patterns and reads them back. What is no memory reads as something else.
fn isMemory(address: u64) bool {
    const word = layout.direct(*volatile u64, address);
    for ([_]u64{ 0x5aa5_0ff0_c33c_9669, ~@as(u64, 0x5aa5_0ff0_c33c_9669) }) |pattern| {
        word.* = pattern;
        if (word.* != pattern) return false;
    }
    return true;
}
