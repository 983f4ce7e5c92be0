// Which interrupt line a pin of a PCI device on the root bus is wired to. ACPI 6.5 §6.2.13 (_PRT), §6.4.3.6 (interrupts).
//
//   Name(_PRT, table)                                                      QEMU's microvm
//   Method(_PRT) { If (PICF == 0) { Return(PRTP) } Else { Return(PRTA) } }   q35: a table for the 8259, one for the I/O APIC
//
//   table = Package { Package { device << 16 | 0xffff, pin, link or 0, line } … }
//   Device(link) { Name(_CRS, { Interrupt }) }
//
// A method counts as called after _PIC(1): any other name in its condition is the flag that _PIC sets, so it is 1. A table
// that a method computes (QEMU's pc) cannot be read, nor a link that does so (SeaBIOS's own DSDT, which it shows where
// QEMU gives it none); there, and without ACPI, it is the chipset that is asked.

const std = @import("std");
const acpi = @import("acpi.zig");
const aml = @import("aml.zig");
const config_space = @import("config-space.zig");

/// A line of the I/O APICs. Pins of PCI are level-triggered.
pub const Line = struct { gsi: u32, is_active_low: bool = false };

/// The number is kernel/hal/interrupts.ts's.
const no_interrupt = 0xffff_ffff;

/// GSI of a pin, 1 to 4, of a device on the root bus; 0xffffffff for none.
pub fn interruptOfPin(device: u8, pin: u8) callconv(.c) u32 {
    const line = lineOfPin(device, pin) orelse return no_interrupt;
    return line.gsi;
}

pub fn pinIsActiveLow(device: u8, pin: u8) callconv(.c) bool {
    const line = lineOfPin(device, pin) orelse return false;
    return line.is_active_low;
}

/// The DSDT with its routing table, null where there is none to be read; looked for once.
var routing: ?Routing = null;
var is_routing_read = false;

fn lineOfPin(device: u8, pin: u8) ?Line {
    if (device > 31 or pin < 1 or pin > 4) return null;
    if (!is_routing_read) routing = if (acpi.dsdt()) |dsdt| Routing.of(dsdt) else null;
    is_routing_read = true;
    if (routing) |known| if (known.lineOf(device, pin - 1)) |line| return line;
    return lineOfChipset(device, pin - 1);
}

/// The first routing table of a DSDT that can be read: the root bus's.
pub const Routing = struct {
    dsdt: []const u8,
    table: []const u8,

    pub fn of(dsdt: []const u8) ?Routing {
        var start: usize = 0;
        while (aml.find(dsdt, start, "_PRT")) |found| : (start = found + 1) {
            return .{ .dsdt = dsdt, .table = tableAt(dsdt, found) orelse continue };
        }
        return null;
    }

    /// Returns the line of pin 0 to 3 of a device.
    pub fn lineOf(known: Routing, device: u8, pin: u8) ?Line {
        var rest = known.table;
        while (rest.len != 0 and rest[0] == aml.package_op) {
            const entry = elements(rest) orelse return null;
            rest = rest[entry.ptr - rest.ptr + entry.len ..];
            const address = aml.integer(entry) orelse return null;
            const entry_pin = aml.integer(address.rest) orelse return null;
            if (address.value >> 16 != device or entry_pin.value != pin) continue;
            return lineOfSource(known.dsdt, entry_pin.rest);
        }
        return null;
    }
};

/// The elements of the table whose declaration has its name at `name`.
fn tableAt(dsdt: []const u8, name: usize) ?[]const u8 {
    if (name == 0) return null;
    if (dsdt[name - 1] == aml.name_op) return elements(dsdt[name + aml.name_size ..]);
    const method = aml.object(dsdt, name, &.{aml.method_op}) orelse return null;
    const returned = returnedName(method[aml.name_size + 1 ..]) orelse return null; // Behind the flags.
    var start: usize = 1;
    while (std.mem.indexOfPos(u8, dsdt, start, &returned)) |found| : (start = found + 1) {
        if (dsdt[found - 1] == aml.name_op) return elements(dsdt[found + aml.name_size ..]);
    }
    return null;
}

/// Returns what a method's code returns, when that is a name, or a choice of two by what _PIC has been told.
fn returnedName(code: []const u8) ?[aml.name_size]u8 {
    if (code.len == 0) return null;
    if (code[0] == aml.return_op) return (aml.nameString(code[1..]) orelse return null).last;
    if (code[0] != aml.if_op) return null;
    const choice = aml.package(code[1..]) orelse return null;
    const condition = conditionAt(choice) orelse return null;
    if (condition.holds) return returnedName(condition.rest);
    const behind = code[choice.ptr - code.ptr + choice.len ..];
    const has_else = behind.len != 0 and behind[0] == aml.else_op;
    return returnedName(if (has_else) aml.package(behind[1..]) orelse return null else behind);
}

const Condition = struct { holds: bool, rest: []const u8 };

/// `flag` or `flag == constant`, where the flag is 1.
fn conditionAt(code: []const u8) ?Condition {
    const is_equality = code.len != 0 and code[0] == aml.equal_op;
    const flag = aml.nameString(if (is_equality) code[1..] else code) orelse return null;
    if (!is_equality) return .{ .holds = true, .rest = flag.rest };
    const constant = aml.integer(flag.rest) orelse return null;
    return .{ .holds = constant.value == 1, .rest = constant.rest };
}

/// Returns the elements of the package at the start of `code`, whose count is a byte, or a term in a variable one.
fn elements(code: []const u8) ?[]const u8 {
    if (code.len == 0) return null;
    const is_variable = code[0] == aml.variable_package_op;
    if (!is_variable and code[0] != aml.package_op) return null;
    const body = aml.package(code[1..]) orelse return null;
    if (is_variable) return (aml.integer(body) orelse return null).rest;
    return if (body.len != 0) body[1..] else null;
}

/// A link that says which line it uses, or 0 and the line itself.
fn lineOfSource(dsdt: []const u8, source: []const u8) ?Line {
    if (aml.nameString(source)) |link| return lineOfLink(dsdt, &link.last);
    const nobody = aml.integer(source) orelse return null;
    const line = aml.integer(nobody.rest) orelse return null;
    const gsi = std.math.cast(u32, line.value) orelse return null;
    return if (nobody.value == 0) .{ .gsi = gsi, .is_active_low = true } else null; // As PCI has it. §6.2.13
}

fn lineOfLink(dsdt: []const u8, link: []const u8) ?Line {
    var start: usize = 0;
    while (std.mem.indexOfPos(u8, dsdt, start, link)) |found| : (start = found + 1) {
        const device = aml.object(dsdt, found, &aml.device_op) orelse continue;
        var templates: aml.Templates = .{ .code = device };
        const items = templates.next() orelse continue;
        if (interruptIn(items)) |line| return line;
    }
    return null;
}

/// The only interrupt of a template: flags, count, number.
fn interruptIn(items: aml.Items) ?Line {
    const active_low = 1 << 2;
    var rest = items;
    while (rest.next()) |item| {
        if (item.tag != aml.tag_extended_interrupt or item.data.len < 6 or item.data[1] != 1) continue;
        return .{ .gsi = item.word(2).?, .is_active_low = item.data[0] & active_low != 0 };
    }
    return null;
}

/// By what the chipset of a PC does, as QEMU builds it: the lines are active high.
fn lineOfChipset(device: u8, pin: u8) ?Line {
    if (config_space.mechanismNumber() == 0 or config_space.firstBus() != 0) return null;
    const ich9 = 0x1f << 3;
    if (config_space.read32(ich9, 0) == 0x2918_8086) return .{ .gsi = 16 + lineOfIch9(device, pin) };
    const piix3 = 1 << 3;
    if (config_space.read32(piix3, 0) == 0x7000_8086) return lineOfPiix3(piix3, device, pin);
    return null;
}

/// PIRQA to PIRQH are lines 16 to 23 of the I/O APIC. ICH9's own devices, 25 to 31, have registers for it, which firmware
/// leaves as they start; to slots and to the bridge at 30 it gives the last four. Intel ICH9 data sheet, §10.1.32
fn lineOfIch9(device: u8, pin: u8) u32 {
    if (device == 30) return 4 + @as(u32, pin);
    return if (device >= 25) pin else 4 + (device + pin) % 4;
}

/// PIRQA to PIRQD go to the lines in four registers, which are open when bit 7 is clear. Intel 82371SB data sheet, §2.2.4
fn lineOfPiix3(piix3: u32, device: u8, pin: u8) ?Line {
    const first_register = 0x60;
    const line = config_space.read8(piix3, first_register + (@as(u32, device) + 3 + pin) % 4); // Device 1 has A first.
    return if (line & 0x80 == 0) .{ .gsi = line & 0xf } else null;
}
