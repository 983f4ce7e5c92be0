// What the DSDT says about the PCI host bridge: where ECAM is, where there is no MCFG (QEMU's microvm,pcie=on), and the
// windows in which the bridge passes addresses on to PCI. PCI Firmware 3.2 §4.1.3; ACPI 6.5 §6.4.3.5.
//
//   Method(_CBA) { Return(integer) } or Name(_CBA, integer)     14 length "_CBA" 00 a4 integer | 08 "_CBA" integer
//   Name(_CRS, { bus numbers, I/O ports, memory, memory … })    the only template with bus numbers in it
//
// Where the DSDT says nothing, the windows are what PC chipsets pass on: what is neither RAM nor taken by anything else.
// That choice is made when it is first asked for, because where firmware has placed everything nobody asks.

const std = @import("std");
const acpi = @import("acpi.zig");
const aml = @import("aml.zig");
const layout = @import("layout.zig");
const processor = @import("processor.zig");
const start_info = @import("start-info.zig");

/// Returns the configuration space that a DSDT tells of, or null. The caller checks whether it makes sense.
pub fn findConfigSpace(dsdt: []const u8) ?acpi.ConfigSpace {
    const name = aml.find(dsdt, 0, "_CBA") orelse return null;
    const rest = dsdt[name + 4 ..];
    const method_body = [_]u8{ 0, 0xa4 }; // No arguments, not serialized; Return.
    const value = if (std.mem.startsWith(u8, rest, &method_body)) rest[method_body.len..] else rest;
    const base = aml.integer(value) orelse return null;
    const buses = busesOf(findTemplate(base.rest) orelse return null) orelse return null;
    if (buses.last > 255) return null;
    return .{ .base = base.value, .first_bus = @intCast(buses.start), .last_bus = @intCast(buses.last) };
}

/// Returns the host bridge's template.
fn findTemplate(code: []const u8) ?aml.Items {
    var templates: aml.Templates = .{ .code = code };
    while (templates.next()) |items| {
        if (busesOf(items) != null) return items;
    }
    return null;
}

fn busesOf(items: aml.Items) ?aml.Space {
    var rest = items;
    while (rest.next()) |item| {
        const space = aml.space(item) orelse continue;
        if (space.kind == .buses) return space;
    }
    return null;
}

/// The windows. The numbers are those of kernel/hal/host-bridge.ts.
const Window = enum(u8) { io = 0, memory32 = 1, memory64 = 2 };
const window_count = 3;

/// Addresses from `start` up to and without `end`.
const Range = struct { start: u64, end: u64 };
const empty: Range = .{ .start = 0, .end = 0 };

var windows: [window_count]Range = @splat(empty);
var are_chosen = false;
var are_from_acpi = false;

/// First address of a window, 0 for none.
pub fn windowStart(window: u8) callconv(.c) u64 {
    return chosen(window).start;
}

/// One past the last address of a window, 0 for none.
pub fn windowEnd(window: u8) callconv(.c) u64 {
    return chosen(window).end;
}

/// 1 where the DSDT states the windows, 0 where they are the chipset's rule.
pub fn windowsAreFromAcpi() callconv(.c) bool {
    _ = chosen(0);
    return are_from_acpi;
}

fn chosen(window: u8) Range {
    if (!are_chosen) choose();
    are_chosen = true;
    return if (window < window_count) windows[window] else empty;
}

fn choose() void {
    if (acpi.dsdt()) |dsdt| {
        if (findTemplate(dsdt)) |items| {
            are_from_acpi = true;
            return chooseAmong(items);
        }
    }
    takeIfLarger(.io, .{ .start = 0, .end = port_end });
    takeIfLarger(.memory32, .{ .start = rule_start, .end = rule_end });
    takeIfLarger(.memory64, .{ .start = four_gib, .end = rule_end_high });
}

const four_gib: u64 = 1 << 32;
const port_end: u64 = 1 << 16;
/// Below are the chipset's own ports, on the pc machine up to 0xafff; SeaBIOS places from here on too.
const port_start_min: u64 = 0xc000;
/// From 3 GiB on, what is free reaches the host bridge on every PC; from here on are I/O APIC, HPET, local APIC and flash.
const rule_start: u64 = 0xc000_0000;
const rule_end: u64 = 0xfec0_0000;
/// Below 1 TiB, AMD's processors keep the last 12 GiB for themselves.
const rule_end_high: u64 = 0xfd_0000_0000;
/// The first MiB has the VGA's memory, which the bridge passes on as well.
const memory_start_min: u64 = 1 << 20;

fn chooseAmong(stated: aml.Items) void {
    var items = stated;
    while (items.next()) |item| {
        const space = aml.space(item) orelse continue;
        const range: Range = .{ .start = space.start, .end = space.last +| 1 };
        switch (space.kind) {
            .io => takeIfLarger(.io, range),
            .memory => takeIfLarger(if (range.end <= four_gib) .memory32 else .memory64, range),
            else => {},
        }
    }
}

/// Keeps the largest free part of `range` when it is larger than what the window has.
fn takeIfLarger(window: Window, range: Range) void {
    const before = &windows[@intFromEnum(window)];
    const found = switch (window) {
        .io => inwards(range, port_start_min, port_end, 1 << 12),
        .memory32 => largestGap(inwards(range, memory_start_min, four_gib, 1 << 20)),
        .memory64 => largestGap(inwards(range, four_gib, processor.physicalEnd(), 1 << 20)),
    };
    if (found.end - found.start > before.end - before.start) before.* = found;
}

/// Returns what `range` has between two limits, in whole units: a bridge behind the host's passes on whole units.
fn inwards(range: Range, start_min: u64, end_max: u64, unit: u64) Range {
    const end = layout.alignDown(@min(range.end, end_max), unit);
    const start = @max(range.start, start_min);
    if (start >= end) return empty;
    const first = layout.alignUp(start, unit);
    return if (first < end) .{ .start = first, .end = end } else empty;
}

/// Returns the largest part that is neither in the memory map nor configuration space.
fn largestGap(range: Range) Range {
    var best = empty;
    var start = range.start;
    while (start < range.end) {
        const taken = firstTaken(start, range.end);
        const gap = inwards(.{ .start = start, .end = taken.start }, 0, range.end, 1 << 20);
        if (gap.end - gap.start > best.end - best.start) best = gap;
        start = taken.end;
    }
    return best;
}

/// Returns what is taken first from `start` on, cut at `start`; beyond `end` is taken.
fn firstTaken(start: u64, end: u64) Range {
    var first: Range = .{ .start = end, .end = end };
    for (start_info.memoryMap()) |region| keepFirst(&first, start, .{ .start = region.start, .end = region.end() });
    if (acpi.configSpace()) |space| keepFirst(&first, start, space.range());
    return first;
}

fn keepFirst(first: *Range, start: u64, taken: anytype) void {
    if (taken.end <= start or taken.start >= first.start) return;
    first.* = .{ .start = @max(taken.start, start), .end = taken.end };
}
