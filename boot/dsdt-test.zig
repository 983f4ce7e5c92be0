// What boot/ reads out of a DSDT, compiled for this machine with Zig's own safety checks: an access outside the bytes
// ends the test. test/unit/boot/dsdt.test.ts runs it.

const std = @import("std");
const aml = @import("aml.zig");
const host_bridge = @import("host-bridge.zig");
const virtio_mmio = @import("virtio-mmio.zig");
const expectEqual = std.testing.expectEqual;

/// A length of one byte before its content. ACPI 6.5 §20.2.4
fn sized(comptime content: []const u8) []const u8 {
    return &[_]u8{content.len + 1} ++ content;
}

/// The same length in two bytes.
fn sizedInTwo(comptime content: []const u8) []const u8 {
    const length = content.len + 2;
    return &[_]u8{ 0x40 | (length & 0x0f), length >> 4 } ++ content;
}

fn resources(comptime items: []const u8) []const u8 {
    const all = items ++ "\x79\x00";
    return "\x08_CRS\x11" ++ sized(&[_]u8{ 0x0a, all.len } ++ all);
}

fn device(comptime hid: []const u8, comptime content: []const u8) []const u8 {
    return "\x5b\x82" ++ sizedInTwo("VR07\x08_HID\x0d" ++ hid ++ "\x00" ++ content);
}

const memory_fixed = "\x86\x09\x00\x01\x00\x0e\xb0\xfe\x00\x02\x00\x00"; // 0xfeb00e00, 512 bytes
const interrupt_12 = "\x89\x06\x00\x01\x01\x0c\x00\x00\x00";
const slot_device = device("LNRO0005", "\x08_UID\x0a\x07" ++ resources(memory_fixed ++ interrupt_12));

const bus_numbers = "\x88\x0d\x00\x02\x0c\x00\x00\x00\x00\x00\xff\x00\x00\x00\x00\x01";
const window = "\x87\x17\x00\x00\x0c\x01\x00\x00\x00\x00\x00\x00\x00\xc0\xff\xff\xff\xdf\x00\x00\x00\x00\x00\x00\x00\x20";
const bridge = "\x14" ++ sized("_CBA\x00\xa4\x0c\x00\x00\x00\xe0") ++ resources(bus_numbers ++ window);

const other_device = device("QEMU0002", resources(memory_fixed));
const dsdt = other_device ++ slot_device ++ bridge ++ slot_device;

fn listed(code: []const u8) ![]const virtio_mmio.Slot {
    const slots = struct {
        var found: [4]virtio_mmio.Slot = undefined;
    };
    return slots.found[0..virtio_mmio.list(code, &slots.found)];
}

test "virtio-mmio devices are found, and other devices are not" {
    const slots = try listed(dsdt);
    try expectEqual(2, slots.len);
    for (slots) |slot| try expectEqual(virtio_mmio.Slot{ .base = 0xfeb00e00, .length = 512, .interrupt = 12 }, slot);
}

test "more devices than there is room for are left out" {
    try expectEqual(4, (try listed(slot_device ** 6)).len);
}

test "the resources must be the device's own" {
    const without = comptime device("LNRO0005", "\x08_UID\x0a\x07");
    try expectEqual(0, (try listed(without ++ other_device)).len);
}

test "configuration space is found, with its buses" {
    const space = host_bridge.findConfigSpace(dsdt).?;
    try expectEqual(0xe0000000, space.base);
    try expectEqual(0, space.first_bus);
    try expectEqual(255, space.last_bus);
}

test "a template must end where its buffer ends" {
    const early = "\x08_CRS\x11" ++ comptime sized("\x0a\x0f" ++ memory_fixed ++ "\x79\x00\x00");
    const late = "\x08_CRS\x11" ++ comptime sized("\x0a\x0c" ++ memory_fixed);
    for ([_][]const u8{ early, late }) |code| {
        var templates: aml.Templates = .{ .code = code };
        try expectEqual(null, templates.next());
    }
}

test "an address space that is translated, consumed or upside down is none" {
    const good = aml.Item{ .tag = 0x87, .data = window[3..] };
    try expectEqual(aml.Space{ .kind = .memory, .start = 0xc0000000, .last = 0xdfffffff }, aml.space(good).?);
    var data: [window.len - 3]u8 = window[3..].*;
    for ([_]usize{ 1, 10, 15 }) |index| { // Consumer; top byte of the minimum; translation.
        data = window[3..].*;
        data[index] |= 0x21;
        try expectEqual(null, aml.space(.{ .tag = 0x87, .data = &data }));
    }
    try expectEqual(null, aml.space(.{ .tag = 0x87, .data = window[3 .. window.len - 1] }));
}

fn readAll(code: []const u8) !void {
    const slots = try listed(code);
    if (slots.len > 2) return error.MoreDevicesThanNames;
    _ = host_bridge.findConfigSpace(code);
    var templates: aml.Templates = .{ .code = code };
    while (templates.next()) |items| {
        var rest = items;
        while (rest.next()) |item| _ = aml.space(item);
    }
}

test "no code that is cut short leads outside it" {
    for (0..dsdt.len) |length| {
        const cut = try std.testing.allocator.dupe(u8, dsdt[0..length]);
        defer std.testing.allocator.free(cut);
        try readAll(cut);
    }
}

test "no byte that is wrong leads outside the code" {
    const changed = try std.testing.allocator.dupe(u8, dsdt);
    defer std.testing.allocator.free(changed);
    for (changed, dsdt) |*byte, right| {
        for (0..256) |value| {
            byte.* = @intCast(value);
            try readAll(changed);
        }
        byte.* = right;
    }
}
