// malloc and its kin: what Porffor's runtime allocates beside its own heap, and the records of machine modules.
//
//   [ Header ][ content, 16-byte aligned … ]    a block: a power of two, or whole pages
//
// A block of up to 1 MiB comes from a piece of address space that fills on demand; freed, it waits in the list of its
// length. A longer one has addresses of its own, and gives them back.
//
// Always true: a block that was never used is zero; what is freed twice is not noticed.

const std = @import("std");
const layout = @import("layout.zig");
const memory = @import("memory.zig");
const regions = @import("regions.zig");

const Header = extern struct { length: u64, next: ?*Header };

const shift_min = 5;
const shift_max = 20;
const block_length_max = 1 << shift_max;
const piece_length = 8 * block_length_max;

/// Freed blocks, by the logarithm of their length.
var returned: [shift_max + 1]?*Header = @splat(null);
/// The piece that blocks are cut from.
var piece_next: u64 = 0;
var piece_end: u64 = 0;

comptime {
    @export(&malloc, .{ .name = "malloc" });
    @export(&calloc, .{ .name = "calloc" });
    @export(&realloc, .{ .name = "realloc" });
    @export(&free, .{ .name = "free" });
}

fn malloc(length: usize) callconv(.c) ?[*]u8 {
    return contentOf(take(length, false) orelse return null);
}

fn calloc(count: usize, size: usize) callconv(.c) ?[*]u8 {
    // No @mulWithOverflow: it became `mul` and `seto` to the stack, and where that is the first touch of a page, QEMU's
    // emulator has other flags after the fault (7.2: set<cc> of memory computes them before it stores).
    if (size != 0 and count > std.math.maxInt(usize) / size) return null;
    return contentOf(take(count * size, true) orelse return null);
}

fn realloc(old: ?[*]u8, length: usize) callconv(.c) ?[*]u8 {
    const content = old orelse return malloc(length);
    const room = headerOf(content).length - @sizeOf(Header);
    if (length <= room) return content;
    const grown = malloc(length) orelse return null;
    memory.copy(@intFromPtr(grown), @intFromPtr(content), room);
    free(content);
    return grown;
}

fn free(content: ?[*]u8) callconv(.c) void {
    const block = headerOf(content orelse return);
    if (block.length > block_length_max) {
        _ = regions.release(@intFromPtr(block), block.length);
        return;
    }
    const list = &returned[std.math.log2_int(u64, block.length)];
    block.next = list.*;
    list.* = block;
}

fn contentOf(block: *Header) [*]u8 {
    return @ptrFromInt(@intFromPtr(block) + @sizeOf(Header));
}

fn headerOf(content: [*]u8) *Header {
    return @ptrFromInt(@intFromPtr(content) - @sizeOf(Header));
}

/// Returns a block with room for `length` bytes, zero where that is asked for; null when there is no address space.
fn take(length: usize, zeroed: bool) ?*Header {
    if (length > block_length_max - @sizeOf(Header)) return takeLong(length);
    const whole = length + @sizeOf(Header);
    const shift = @max(shift_min, 64 - @clz(whole - 1));
    const list = &returned[shift];
    const block = list.* orelse return cut(@as(u64, 1) << @intCast(shift));
    list.* = block.next;
    if (zeroed) memory.fill(@intFromPtr(contentOf(block)), 0, length);
    return block;
}

fn cut(length: u64) ?*Header {
    if (piece_end - piece_next < length) {
        piece_next = regions.reserve(0, piece_length, .read_write) orelse return null;
        piece_end = piece_next + piece_length;
    }
    const block: *Header = @ptrFromInt(piece_next);
    piece_next += length;
    block.length = length;
    return block;
}

fn takeLong(length: usize) ?*Header {
    if (length > layout.dynamic_high_end) return null;
    const whole = layout.alignUp(length + @sizeOf(Header), layout.page_size);
    const block: *Header = @ptrFromInt(regions.reserve(0, whole, .read_write) orelse return null);
    block.length = whole;
    return block;
}
