// What boot/ reads out of ACPI's tables, compiled for this machine with Zig's own safety checks: an access outside the bytes
// ends the test. test/unit/boot/dsdt.test.ts runs it.

const std = @import("std");
const aml = @import("aml.zig");
const fadt = @import("fadt.zig");
const host_bridge = @import("host-bridge.zig");
const io_apic = @import("io-apic.zig");
const pin_routing = @import("pin-routing.zig");
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

/// Scope(\) { Name(_S5, Package(4) { 5, 2, Zero, Zero }) }
const soft_off = "\x10" ++ sized("\\\x00\x08_S5_\x12" ++ sized("\x04\x0a\x05\x0a\x02\x00\x00"));

fn package(comptime count: u8, comptime items: []const u8) []const u8 {
    return "\x12" ++ sizedInTwo(&[_]u8{count} ++ items);
}

/// An entry of _PRT: device and any function, pin, what it leads to.
fn wire(comptime to_device: u8, comptime pin: u8, comptime target: []const u8) []const u8 {
    return package(4, &[_]u8{ 0x0c, 0xff, 0xff, to_device, 0, 0x0a, pin } ++ target);
}

fn link(comptime name: []const u8, comptime gsi: u8, comptime flags: u8) []const u8 {
    const interrupt = [_]u8{ 0x89, 6, 0, flags, 1, gsi, 0, 0, 0 };
    return "\x5b\x82" ++ sizedInTwo(name ++ "\x08_UID\x01" ++ resources(&interrupt));
}

const level_active_high = 1;
const level_active_low = 1 | 1 << 2;
const links = link("LNKA", 16, level_active_high) ++ link("LNKB", 17, level_active_low);
const wires = wire(2, 0, "LNKA\x00") ++ wire(2, 1, "\\._SB_LNKB\x00") ++ wire(3, 0, "\x00\x0a\x13");
const wires_of_8259 = wire(2, 0, "LNKC\x00");
const tables = "\x08PRTP" ++ package(1, wires_of_8259) ++ "\x08PRTA" ++ package(3, wires);

/// Method(_PRT) with a body, behind its tables.
fn chosen(comptime body: []const u8) []const u8 {
    return tables ++ "\x14" ++ sized("_PRT\x00" ++ body) ++ links;
}

const by_equality = "\xa0" ++ sized("\x93PICF\x00\xa4PRTP") ++ "\xa1" ++ sized("\xa4PRTA"); // If (PICF == 0) … Else …
const routing = chosen(by_equality);
const other_device = device("QEMU0002", resources(memory_fixed));
const dsdt = other_device ++ slot_device ++ bridge ++ slot_device ++ soft_off;

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

test "the soft-off state is found" {
    try expectEqual(fadt.SleepTypes{ .a = 5, .b = 2 }, fadt.softOff(dsdt).?);
}

test "a soft-off state that is no package of two small numbers is none" {
    const wrong = [_][]const u8{
        comptime "\x08_S5_\x12" ++ sized("\x01\x00"), // One element.
        comptime "\x08_S5_\x12" ++ sized("\x02\x0a\x08\x00"), // The field has three bits.
        comptime "\x08_S5_\x12" ++ sized("\x02\x00_S5_"), // Not a constant.
        "\x08_S5_\x0a\x05", // Not a package.
    };
    for (wrong) |code| try expectEqual(null, fadt.softOff(code));
    try expectEqual(fadt.SleepTypes{ .a = 5, .b = 2 }, fadt.softOff(wrong[0] ++ soft_off).?);
}

/// A FADT as long as that of ACPI 6.5, with `bytes` at `offset`.
fn tableWith(comptime offset: usize, comptime bytes: []const u8) [276]u8 {
    var table: [276]u8 = @splat(0);
    table[offset..][0..bytes.len].* = bytes[0..bytes.len].*;
    return table;
}

test "registers are read where the FADT has them" {
    const old = tableWith(64, "\x04\x06\x00\x00\x04\x07\x00\x00");
    try expectEqual(fadt.Register{ .space = .io, .address = 0x604 }, fadt.pm1Control(old[0..116], .a).?);
    try expectEqual(fadt.Register{ .space = .io, .address = 0x704 }, fadt.pm1Control(old[0..116], .b).?);
    try expectEqual(null, fadt.pm1Control(old[0..66], .a));
    const extended = tableWith(172, "\x00\x10\x00\x02\x04\x00\xa0\xfe\x00\x00\x00\x00");
    try expectEqual(fadt.Register{ .space = .memory, .address = 0xfea00004 }, fadt.pm1Control(&extended, .a).?);
    try expectEqual(null, fadt.pm1Control(&extended, .b));
    const sleep = tableWith(244, "\x01\x08\x00\x01\x34\x12\x00\x00\x00\x00\x00\x00");
    try expectEqual(fadt.Register{ .space = .io, .address = 0x1234 }, fadt.sleepControl(&sleep).?);
    try expectEqual(null, fadt.sleepControl(sleep[0..255]));
    const elsewhere = tableWith(244, "\x02\x08\x00\x01\x34\x12\x00\x00\x00\x00\x00\x00");
    try expectEqual(null, fadt.sleepControl(&elsewhere));
}

test "a reset register counts where the flags say that there is one" {
    var table = tableWith(112, "\x00\x04\x00\x00\x01\x08\x00\x00\xf9\x0c\x00\x00\x00\x00\x00\x00\x0f");
    const stated: fadt.Reset = .{ .register = .{ .space = .io, .address = 0xcf9 }, .value = 15 };
    try expectEqual(stated, fadt.reset(&table).?);
    try expectEqual(null, fadt.reset(table[0..128]));
    table[113] = 0;
    try expectEqual(null, fadt.reset(&table));
}

fn lineOf(code: []const u8, device_number: u8, pin: u8) ?pin_routing.Line {
    const found = pin_routing.Routing.of(code) orelse return null;
    return found.lineOf(device_number, pin);
}

fn expectRouted(comptime code: []const u8) !void {
    try expectEqual(pin_routing.Line{ .gsi = 16 }, lineOf(code, 2, 0).?);
    try expectEqual(pin_routing.Line{ .gsi = 17, .is_active_low = true }, lineOf(code, 2, 1).?);
    try expectEqual(pin_routing.Line{ .gsi = 19, .is_active_low = true }, lineOf(code, 3, 0).?);
    try expectEqual(null, lineOf(code, 2, 2));
    try expectEqual(null, lineOf(code, 4, 0));
}

test "a pin is routed by a table, of either kind" {
    try expectRouted("\x08_PRT" ++ package(3, wires) ++ links);
    try expectRouted("\x08_PRT\x13" ++ comptime sizedInTwo("\x0a\x03" ++ wires) ++ links);
}

test "of two tables, the one for the I/O APIC is taken" {
    try expectRouted(comptime routing);
    const by_flag = "\xa0" ++ comptime sized("PICF\xa4PRTA") ++ "\xa4PRTP"; // If (PICF) { Return (PRTA) } Return (PRTP)
    try expectRouted(comptime chosen(by_flag));
    const by_one = "\xa0" ++ comptime sized("\x93PICF\x01\xa4PRTA"); // If (PICF == 1) { Return (PRTA) }
    try expectRouted(comptime chosen(by_one));
}

test "a table that a method computes is passed over" {
    const computed = "\x14" ++ comptime sized("_PRT\x00\x70\x12\x02\x80\x60\xa4\x60");
    try expectEqual(null, lineOf(computed ++ links, 2, 0));
    try expectRouted(computed ++ comptime routing);
}

test "a link whose resources are not constant leads nowhere" {
    const without = "\x08_PRT" ++ comptime package(3, wires) ++ link("LNKB", 17, level_active_low);
    try expectEqual(null, lineOf(without, 2, 0));
}

const processor_entry = "\x00\x08\x00\x00\x01\x00\x00\x00";
const first_io_apic = "\x01\x0c\x00\x00\x00\x00\xc0\xfe\x00\x00\x00\x00";
const second_io_apic = "\x01\x0c\x01\x00\x00\x00\xc1\xfe\x18\x00\x00\x00";
const madt = ("?" ** 44) ++ processor_entry ++ first_io_apic ++ processor_entry ++ second_io_apic;

fn listedIoApics(table: []const u8) []const io_apic.Place {
    const places = struct {
        var found: [2]io_apic.Place = undefined;
    };
    return places.found[0..io_apic.list(table, &places.found)];
}

test "the I/O APICs of a MADT are found, as many as there is room for" {
    const expected = [_]io_apic.Place{ .{ .address = 0xfec00000, .first_line = 0 }, .{ .address = 0xfec10000, .first_line = 24 } };
    try std.testing.expectEqualSlices(io_apic.Place, &expected, listedIoApics(madt));
    try std.testing.expectEqualSlices(io_apic.Place, &expected, listedIoApics(madt ++ first_io_apic));
}

test "an entry of a MADT without a length, or with one beyond the table, is its end" {
    for ([_]u8{ 0, 1, 200 }) |length| {
        var changed: [madt.len]u8 = madt.*;
        changed[44 + processor_entry.len + first_io_apic.len + 1] = length;
        try expectEqual(1, listedIoApics(&changed).len);
    }
    for (0..madt.len) |length| try std.testing.expect(listedIoApics(madt[0..length]).len < 2);
}

fn readAll(code: []const u8) !void {
    for ([_]u8{ 2, 3 }) |device_number| _ = lineOf(code, device_number, 0);
    const slots = try listed(code);
    if (slots.len > 2) return error.MoreDevicesThanNames;
    _ = host_bridge.findConfigSpace(code);
    _ = fadt.softOff(code);
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
    for (0..routing.len) |length| {
        const cut = try std.testing.allocator.dupe(u8, routing[0..length]);
        defer std.testing.allocator.free(cut);
        try readAll(cut);
    }
}

test "no byte that is wrong leads outside the code" {
    try changeEachByte(dsdt);
    try changeEachByte(routing);
}

fn changeEachByte(comptime code: []const u8) !void {
    const changed = try std.testing.allocator.dupe(u8, code);
    defer std.testing.allocator.free(changed);
    for (changed, code) |*byte, right| {
        for (0..256) |value| {
            byte.* = @intCast(value);
            try readAll(changed);
        }
        byte.* = right;
    }
}
