// Brings a device up the shortest way: the first modern one of its type on bus 0, found over ECAM at q35's fixed address, its BAR placed by
// SeaBIOS. VIRTIO 1.2 §3.1.1, §4.1. Nothing here is timed, and nothing of it is defensive: the floor trusts its machine.

const machine = @import("machine.zig");

const ecam = 0xb000_0000; // q35

/// Types of device, as vendor and device id.
pub const Kind = enum(u32) { net = 0x1041_1af4, block = 0x1042_1af4, gpu = 0x1050_1af4 };

const vendor_capability = 0x09;

// Common configuration, §4.1.4.3.
const driver_feature_select = 0x08;
const driver_feature = 0x0c;
const device_status = 0x14;
const queue_select = 0x16;
const queue_size = 0x18;
const queue_enable = 0x1c;
const queue_notify_off = 0x1e;
const queue_descriptors = 0x20;
const queue_driver = 0x28;
const queue_device = 0x30;

const acknowledge = 1;
const driver = 2;
const driver_ok = 4;
const features_ok = 8;
// The features: EVENT_IDX is bit 29 of the first word, VERSION_1 bit 0 of the second.
const event_index_word = 1 << 29;
const version_1_word = 1;

/// What the ring of one queue needs of the transport.
pub const Device = struct { common: usize, doorbell: *volatile u16, size: u16 };

pub fn read8(address: usize) u8 {
    return @as(*volatile u8, @ptrFromInt(address)).*;
}
fn read16(address: usize) u16 {
    return @as(*align(1) volatile u16, @ptrFromInt(address)).*;
}
fn read32(address: usize) u32 {
    return @as(*align(1) volatile u32, @ptrFromInt(address)).*;
}
fn write8(address: usize, value: u8) void {
    @as(*volatile u8, @ptrFromInt(address)).* = value;
}
fn write16(address: usize, value: u16) void {
    @as(*align(1) volatile u16, @ptrFromInt(address)).* = value;
}
fn write32(address: usize, value: u32) void {
    @as(*align(1) volatile u32, @ptrFromInt(address)).* = value;
}
fn write64(address: usize, value: u64) void {
    write32(address, @truncate(value));
    write32(address + 4, @truncate(value >> 32));
}

/// Finds the device, agrees on VERSION_1 and EVENT_IDX, and selects queue `queue`. The queue is not enabled.
pub fn open(kind: Kind, queue: u16) Device {
    const function = find(kind);
    write16(function + 0x04, read16(function + 0x04) | 6); // Memory decoding, bus mastering.

    var common: usize = 0;
    var notify: usize = 0;
    var notify_multiplier: u32 = 0;
    var at: usize = read8(function + 0x34);
    while (at != 0) : (at = read8(function + at + 1)) {
        if (read8(function + at) != vendor_capability) continue;
        const address = barAddress(function, read8(function + at + 4)) + read32(function + at + 8);
        switch (read8(function + at + 3)) {
            1 => common = address,
            2 => {
                notify = address;
                notify_multiplier = read32(function + at + 16);
            },
            else => {},
        }
    }
    if (common == 0 or notify == 0) machine.fail("the device has no common or no notify structure");

    write8(common + device_status, 0);
    while (read8(common + device_status) != 0) {}
    write8(common + device_status, acknowledge | driver);
    write32(common + driver_feature_select, 0);
    write32(common + driver_feature, event_index_word);
    write32(common + driver_feature_select, 1);
    write32(common + driver_feature, version_1_word);
    write8(common + device_status, acknowledge | driver | features_ok);
    if (read8(common + device_status) & features_ok == 0) machine.fail("the device refuses VERSION_1 and EVENT_IDX");

    write16(common + queue_select, queue);
    const offset = @as(usize, read16(common + queue_notify_off)) * notify_multiplier;
    return .{ .common = common, .doorbell = @ptrFromInt(notify + offset), .size = read16(common + queue_size) };
}

/// Tells the device where the three areas of its queue are, and starts it.
pub fn start(device: Device, descriptors: usize, driver_area: usize, device_area: usize) void {
    write64(device.common + queue_descriptors, descriptors);
    write64(device.common + queue_driver, driver_area);
    write64(device.common + queue_device, device_area);
    write16(device.common + queue_enable, 1);
    write8(device.common + device_status, acknowledge | driver | features_ok | driver_ok);
}

fn find(kind: Kind) usize {
    for (0..32) |slot| {
        const function = ecam + (slot << 15);
        if (read32(function) == @intFromEnum(kind)) return function;
    }
    machine.fail("there is no modern device of this type on bus 0");
}

fn barAddress(function: usize, bar: usize) usize {
    const low = read32(function + 0x10 + bar * 4);
    const is_64_bit = low & 6 == 4;
    const high: u64 = if (is_64_bit) read32(function + 0x14 + bar * 4) else 0;
    return high << 32 | (low & ~@as(u32, 15));
}
