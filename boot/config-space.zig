// PCI configuration space. PCI Express Base 5.0 §7.2.2 (ECAM), PCI Local Bus 3.0 §3.2.2.3.2 (ports 0xCF8, 0xCFC).
//
//   address = bus << 8 | device << 3 | function      ECAM: base + address << 12 + offset
//
// Always true: an address outside the buses and an offset outside the 4096 bytes or not aligned to the width never
// reach the hardware; they end in a panic, because they are our own fault.

const acpi = @import("acpi.zig");
const console = @import("console.zig");
const layout = @import("layout.zig");
const paging = @import("paging.zig");
const panic = @import("panic.zig");
const ports = @import("ports.zig");

/// The numbers are those of kernel/hal/config.ts.
const Mechanism = enum(u8) { none = 0, ecam = 1, ports = 2 };

const function_size = 4096;
const legacy_size = 256; // All that the ports reach.
const bus_size = 1 << 20;
const address_port = 0xcf8;
const data_port = 0xcfc;
const address_enable: u32 = 1 << 31;

var mechanism: Mechanism = .none;
var space: acpi.ConfigSpace = .{ .base = 0, .first_bus = 0, .last_bus = 0 };
var pair_is_mapped: [128]bool = @splat(false);

/// Chooses the MCFG's space, else the ports where they answer, else nothing.
pub inline fn open() void {
    if (acpi.configSpace()) |found| {
        mechanism = .ecam;
        space = found;
    } else if (portsAnswer()) {
        mechanism = .ports;
        space = .{ .base = 0, .first_bus = 0, .last_bus = 255 };
    }
}

/// The address register keeps what is written to it.
fn portsAnswer() bool {
    const before = ports.read32(address_port);
    ports.write32(address_port, address_enable);
    const answer = ports.read32(address_port);
    ports.write32(address_port, before);
    return answer == address_enable;
}

pub fn mechanismNumber() callconv(.c) u8 {
    return @intFromEnum(mechanism);
}

/// Physical address of bus 0's configuration space, 0 with ports.
pub fn baseAddress() callconv(.c) u64 {
    return space.base;
}

pub fn firstBus() callconv(.c) u8 {
    return space.first_bus;
}

pub fn lastBus() callconv(.c) u8 {
    return space.last_bus;
}

/// Returns the register at `offset` of the function at `address`; all ones where no function answers.
pub fn read8(address: u32, offset: u32) callconv(.c) u8 {
    return read(u8, address, offset);
}
pub fn read16(address: u32, offset: u32) callconv(.c) u16 {
    return read(u16, address, offset);
}
pub fn read32(address: u32, offset: u32) callconv(.c) u32 {
    return read(u32, address, offset);
}

/// Writes the register at `offset` of the function at `address`.
pub fn write8(address: u32, offset: u32, value: u8) callconv(.c) void {
    write(u8, address, offset, value);
}
pub fn write16(address: u32, offset: u32, value: u16) callconv(.c) void {
    write(u16, address, offset, value);
}
pub fn write32(address: u32, offset: u32, value: u32) callconv(.c) void {
    write(u32, address, offset, value);
}

fn read(comptime Word: type, address: u32, offset: u32) Word {
    check(address, offset, @sizeOf(Word));
    if (mechanism == .ecam) return registerAt(Word, address, offset).*;
    if (offset >= legacy_size) return ~@as(Word, 0);
    const port = selectPort(address, offset);
    return switch (Word) {
        u8 => ports.read8(port),
        u16 => ports.read16(port),
        else => ports.read32(port),
    };
}

fn write(comptime Word: type, address: u32, offset: u32, value: Word) void {
    check(address, offset, @sizeOf(Word));
    if (mechanism == .ecam) {
        registerAt(Word, address, offset).* = value;
        return;
    }
    if (offset >= legacy_size) return;
    const port = selectPort(address, offset);
    switch (Word) {
        u8 => ports.write8(port, value),
        u16 => ports.write16(port, value),
        else => ports.write32(port, value),
    }
}

fn check(address: u32, offset: u32, width: u32) void {
    const bus = address >> 8;
    const bus_exists = mechanism != .none and bus >= space.first_bus and bus <= space.last_bus;
    if (bus_exists and offset < function_size and offset % width == 0) return;
    const problem = if (!bus_exists)
        "which is on no bus"
    else if (offset >= function_size)
        "which is outside its 4096 bytes"
    else
        "which is not aligned";
    const place = .{ " bytes at offset ", console.hex(offset), " of function ", console.hex(address) };
    panic.stop(.window_bounds, .{ "configuration space: ", width } ++ place ++ .{ ", ", problem });
}

/// Buses are mapped when they are first looked at, two at a time: that is one large page, and most machines have three
/// of the 256. Where the second of a pair does not exist, `check` keeps everybody from it.
fn registerAt(comptime Word: type, address: u32, offset: u32) *volatile Word {
    const pair = address >> 9;
    if (!pair_is_mapped[pair]) {
        const start = @as(u64, pair) * 2 * bus_size;
        paging.map(layout.config_window + start, space.base + start, 2 * bus_size, paging.device);
        pair_is_mapped[pair] = true;
    }
    return @ptrFromInt(layout.config_window + (@as(u64, address) << 12) + offset);
}

/// Selects the 32-bit word and returns the port of the bytes in it.
fn selectPort(address: u32, offset: u32) u16 {
    ports.write32(address_port, address_enable | address << 8 | (offset & 0xfc));
    return data_port + @as(u16, @intCast(offset & 3));
}
