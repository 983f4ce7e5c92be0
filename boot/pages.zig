// Physical pages: who owns which 4 KiB of RAM.
//
// Free memory is a few ranges that have never been given out, and a list of pages that came back, linked through their
// first word in the direct map. Nothing is touched before it is given out: boot takes the same time with 16 MiB and
// with 64 GiB.
//
// Always true: page 0 and the image are never free; a page is in one range, or in the list, or somebody's.

const layout = @import("layout.zig");
const memory = @import("memory.zig");
const panic = @import("panic.zig");
const start_info = @import("start-info.zig");

/// RAM not given out yet, whole pages.
const Range = struct { next: u64, end: u64 };

const range_count_max = 72; // The memory map's 64, split by the image and by reservations.
var ranges: [range_count_max]Range = undefined;
var range_count: usize = 0;
/// Ranges before this one are empty.
var first_range: usize = 0;

/// Physical address of the first page that came back, 0 for none.
var returned: u64 = 0;

var total_bytes: u64 = 0;
var free_count: u64 = 0;

/// Takes all usable RAM of the memory map, except page 0 and the image. Firmware may have listed a range twice, or RAM
/// around something else: RAM is what no earlier region has and what no other kind of region lies in.
pub inline fn open() void {
    const map = start_info.memoryMap();
    var known_end: u64 = 0; // Of all earlier regions.
    for (map, 1..) |region, following| {
        var start = @max(region.start, known_end);
        known_end = @max(known_end, region.end());
        if (region.type != start_info.memory_ram) continue;
        for (map[following..]) |other| {
            if (other.start >= region.end()) break;
            if (other.type == start_info.memory_ram) continue;
            addRam(start, other.start);
            start = @max(start, other.end());
        }
        addRam(start, region.end());
    }
    if (free_count == 0) panic.stop(.machine_not_usable, .{"no RAM behind the image"});
}

fn addRam(ram_start: u64, ram_end: u64) void {
    if (ram_start >= ram_end) return;
    total_bytes += ram_end - ram_start;
    const start = @max(layout.alignUp(ram_start, layout.page_size), layout.page_size);
    const end = layout.alignDown(ram_end, layout.page_size);
    addRange(start, @min(end, layout.imageStart()));
    addRange(@max(start, layout.imageEnd()), end);
}

fn addRange(start: u64, end: u64) void {
    if (start >= end) return;
    // Cannot happen with the map's limit; if it does, memory is lost and nothing else.
    if (range_count == range_count_max) return;
    ranges[range_count] = .{ .next = start, .end = end };
    range_count += 1;
    free_count += (end - start) / layout.page_size;
}

/// Returns a zeroed page, or null when there is none left.
pub fn allocate() ?u64 {
    const page = takeReturned() orelse takeFresh() orelse return null;
    free_count -= 1;
    memory.fillWords(layout.direct_map + page, 0, layout.page_size / 8);
    return page;
}

/// Returns a zeroed page. When there is none left the machine stops: out of memory.
pub fn take() u64 {
    return allocate() orelse exhausted();
}

/// Stops the machine: out of memory.
pub fn exhausted() noreturn {
    panic.stop(.out_of_memory, .{ "all ", total_bytes >> 10, " KiB of RAM are in use" });
}

/// Takes a page back.
pub fn free(page: u64) void {
    layout.direct(*u64, page).* = returned;
    returned = page;
    free_count += 1;
}

/// Takes `length` contiguous bytes that nobody gives back, as low as possible: what firmware and loader have touched
/// costs an emulator's host no new memory. Their address is `remainder` modulo `alignment`. Returns null when no range
/// has them. All three are whole pages, `alignment` a power of two.
pub fn reserve(length: u64, alignment: u64, remainder: u64) ?u64 {
    for (ranges[0..range_count]) |*range| {
        const start = layout.alignUp(range.next -| remainder, alignment) + remainder;
        const end = start + length;
        if (end > range.end) continue;
        free_count -= (range.end - start) / layout.page_size;
        addRange(end, range.end);
        range.end = start;
        return start;
    }
    return null;
}

fn takeReturned() ?u64 {
    if (returned == 0) return null;
    const page = returned;
    returned = layout.direct(*const u64, page).*;
    return page;
}

/// Lowest addresses first: the page tables of boot are needed before the direct map reaches beyond 4 GiB.
fn takeFresh() ?u64 {
    while (first_range < range_count) : (first_range += 1) {
        const range = &ranges[first_range];
        if (range.next == range.end) continue;
        range.next += layout.page_size;
        return range.next - layout.page_size;
    }
    return null;
}

/// Bytes of RAM that the memory map shows, in use or not.
pub fn totalBytes() callconv(.c) u64 {
    return total_bytes;
}

/// Bytes of RAM that nobody owns.
pub fn freeBytes() callconv(.c) u64 {
    return free_count * layout.page_size;
}
