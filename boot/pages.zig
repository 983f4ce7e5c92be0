// Physical pages: who owns which 4 KiB of RAM.
//
// Free memory is a few ranges that have never been given out, and a list of pages that came back, linked through their
// first word in the direct map. Nothing is touched before it is given out: boot takes the same time with 16 MiB and
// with 64 GiB. Beside them, where somebody asked for it: runs that the host keeps no memory for (giveRun), and memory that
// was plugged in (plugged.zig). They are given out last.
//
// Always true: page 0 and the image are never free; a page is in one range, or in the list, or in a run, or somebody's.

const std = @import("std");
const balloon = @import("balloon.zig");
const layout = @import("layout.zig");
const memory = @import("memory.zig");
const panic = @import("panic.zig");
const plugged = @import("plugged.zig");
const runs = @import("runs.zig");
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

/// Free pages that the host keeps no memory for, and what is left of the run that is being given out.
var untouched: runs.Stack = .{};
var untouched_rest: Range = .{ .next = 0, .end = 0 };

/// What there is beside ranges and returned pages, and who takes pages back that were plugged in. Set when there is any: an image that uses
/// neither carries none of it.
var take_more: ?*const fn () ?u64 = null;
var give_plugged: ?*const fn (page: u64) bool = null;

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
    const page = takeReturned() orelse takeFresh() orelse (if (take_more) |more| more() else null) orelse return null;
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
    free_count += 1;
    if (give_plugged) |give| if (give(page)) return;
    layout.direct(*u64, page).* = returned;
    returned = page;
}

/// Takes up to `most` free pages that lie one behind the other, without touching them: a run of runs.zig, or 0 when there are
/// none. First those that were used and hold memory of the host, then those that never were; those that it keeps no memory
/// for only if they are `untouched` ones that are asked for, too. Never memory that was plugged in.
pub fn takeRun(most: u32, with_untouched: bool) callconv(.c) u64 {
    knowRest(); // What is taken may come back as untouched, or be lent.
    const count = std.math.clamp(most, 1, runs.count_max);
    const run = takeReturnedRun(count) orelse takeFreshRun(count) orelse
        (if (with_untouched) takeUntouchedRun(count) else null) orelse return 0;
    free_count -= runs.countOf(run);
    return run;
}

/// Takes a run back, whose content is lost: the host has taken its memory, or may.
pub fn giveRun(run: u64) callconv(.c) void {
    knowRest();
    free_count += runs.countOf(run);
    if (untouched.push(run)) return;
    free_count -= 1;
    untouched.addLeaf(runs.startOf(run)); // The list needs a page, and here is one.
    const count = runs.countOf(run) - 1;
    if (count != 0) _ = untouched.push(runs.runOf(runs.startOf(run) + layout.page_size, count));
}

/// Bytes of the free RAM of boot that the host may keep memory for: what `takeRun` returns without `untouched` ones.
pub fn touchedBytes() callconv(.c) u64 {
    const rest = (untouched_rest.end - untouched_rest.next) / layout.page_size;
    return (free_count - untouched.page_count - rest - plugged.freeCount()) * layout.page_size;
}

/// From now on there is more than ranges and returned pages. The store is volatile, as the optimizer would see through a pointer
/// that is only ever set to one function, and link that to everything.
fn knowRest() void {
    @as(*volatile ?*const fn () ?u64, &take_more).* = &takeRest;
}

/// Notes that `length` bytes of RAM have come, free, or gone, free until then.
pub fn plug(length: u64) void {
    knowRest();
    @as(*volatile ?*const fn (page: u64) bool, &give_plugged).* = &plugged.give;
    total_bytes += length;
    free_count += length / layout.page_size;
}
pub fn unplug(length: u64) void {
    total_bytes -= length;
    free_count -= length / layout.page_size;
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

/// What there is when nothing better is free: pages for which the host must find memory again, those that were plugged in,
/// and those of the balloon.
fn takeRest() ?u64 {
    if (takeUntouched()) |page| return page;
    if (plugged.take()) |page| return page;
    while (balloon.lend()) {
        if (takeReturned() orelse takeUntouched()) |page| return page;
    }
    return null;
}

fn takeUntouched() ?u64 {
    if (untouched_rest.next == untouched_rest.end) {
        const run = untouched.pop(runs.count_max) orelse return null;
        untouched_rest.next = runs.startOf(run);
        untouched_rest.end = runs.startOf(run) + runs.countOf(run) * layout.page_size;
    }
    untouched_rest.next += layout.page_size;
    return untouched_rest.next - layout.page_size;
}

fn takeUntouchedRun(most: u64) ?u64 {
    return takeOfRange(&untouched_rest, most) orelse untouched.pop(most);
}

/// Pages that were freed together lie in the list one behind the other, mostly downwards.
fn takeReturnedRun(most: u64) ?u64 {
    var start = takeReturned() orelse return null;
    var end = start + layout.page_size;
    while (returned != 0 and end - start < most * layout.page_size) {
        if (returned == start - layout.page_size) start = returned else if (returned == end) end += layout.page_size else break;
        _ = takeReturned();
    }
    return runs.runOf(start, (end - start) / layout.page_size);
}

/// Highest addresses first: what is allocated one by one begins with the lowest.
fn takeFreshRun(most: u64) ?u64 {
    var index = range_count;
    while (index > first_range) {
        index -= 1;
        if (takeOfRange(&ranges[index], most)) |run| return run;
    }
    return null;
}

fn takeOfRange(range: *Range, most: u64) ?u64 {
    const count = @min(most, (range.end - range.next) / layout.page_size);
    if (count == 0) return null;
    range.end -= count * layout.page_size;
    return runs.runOf(range.end, count);
}

/// Bytes of RAM that the memory map shows, in use or not, and of what was plugged in.
pub fn totalBytes() callconv(.c) u64 {
    return total_bytes;
}

/// Bytes of RAM that nobody owns.
pub fn freeBytes() callconv(.c) u64 {
    return free_count * layout.page_size;
}
