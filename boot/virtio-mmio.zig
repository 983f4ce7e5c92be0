// virtio-mmio devices that the DSDT lists, as QEMU's microvm does. VIRTIO 1.2 §4.2.2 leaves it to the machine to say
// where such devices are; "LNRO0005" is what Linux and QEMU agreed on. ACPI 6.5 §20.2.5.2 (Device), §6.4.3.4, §6.4.3.6.
//
//   Device(VRnn) { Name(_HID, "LNRO0005") … Name(_CRS, { Memory32Fixed, Interrupt }) }
//   5b 82 length "VRnn" 08 "_HID" 0d "LNRO0005" 00 …
//
// QEMU lists only the slots that have a device behind them, the one that was made first first. The list is made when it
// is first asked for, and only where ACPI is hardware-reduced: all the machines that have such devices say so, and to
// look through the DSDT of a PC in vain takes a fifth of a millisecond under emulation.

const std = @import("std");
const acpi = @import("acpi.zig");
const aml = @import("aml.zig");

/// Registers and interrupt line of one device.
pub const Slot = struct { base: u64, length: u32, interrupt: u32 };

const slot_count_max = 32; // microvm has 8 or 24.
var slots: [slot_count_max]Slot = undefined;
var slot_count: u32 = 0;
var is_read = false;

/// How many devices are listed.
pub fn count() callconv(.c) u32 {
    if (!is_read and acpi.isHardwareReduced()) slot_count = if (acpi.dsdt()) |dsdt| list(dsdt, &slots) else 0;
    is_read = true;
    return slot_count;
}

/// Physical address of the registers; 0 beyond the list.
pub fn base(index: u32) callconv(.c) u64 {
    return if (index < count()) slots[index].base else 0;
}

/// Length of the registers in bytes; 0 beyond the list.
pub fn length(index: u32) callconv(.c) u32 {
    return if (index < count()) slots[index].length else 0;
}

/// Number of the interrupt line; 0 beyond the list.
pub fn interrupt(index: u32) callconv(.c) u32 {
    return if (index < count()) slots[index].interrupt else 0;
}

/// Puts the devices of a DSDT into `found`, as many as it holds. Returns how many.
pub fn list(dsdt: []const u8, found: []Slot) u32 {
    var count_found: u32 = 0;
    var start: usize = 0;
    while (aml.find(dsdt, start, "LNRO0005")) |string| : (start = string + 1) {
        if (count_found == found.len) break;
        found[count_found] = slotOf(deviceAround(dsdt, string) orelse continue) orelse continue;
        count_found += 1;
    }
    return count_found;
}

/// Returns the code of the device whose first object is the _HID with this string.
fn deviceAround(dsdt: []const u8, string: usize) ?[]const u8 {
    const hid = "\x08_HID\x0d";
    const before = hid.len + aml.name_size;
    if (string < before or !std.mem.eql(u8, dsdt[string - hid.len .. string], hid)) return null;
    const device = aml.object(dsdt, string - before, &aml.device_op) orelse return null;
    return if (device.len > before) device else null;
}

/// Memory32Fixed: flags, base, length. Interrupt: flags, count, numbers.
fn slotOf(device: []const u8) ?Slot {
    var templates: aml.Templates = .{ .code = device };
    var items = templates.next() orelse return null;
    var slot: Slot = .{ .base = 0, .length = 0, .interrupt = 0 };
    while (items.next()) |item| {
        if (item.tag == aml.tag_memory_fixed) {
            slot.base = item.word(1) orelse return null;
            slot.length = item.word(5) orelse return null;
        }
        if (item.tag == aml.tag_extended_interrupt) slot.interrupt = item.word(2) orelse return null;
    }
    return if (slot.length != 0) slot else null;
}
