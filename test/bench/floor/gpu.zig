// The floor of a GPU: the smallest polled virtio-gpu driver that flushes a screen of 1024 × 768 pixels. Its requests are built once; a flush writes two heads, rings
// once, and looks for used.idx. Nothing that the device wrote is checked.
//
//   load NAME FLUSHES TICKS DOORBELLS          one line a sample, ticks of the time stamp counter
//
// QEMU: q35 with SeaBIOS, -kernel, one virtio-gpu-pci with disable-legacy=on on bus 0, isa-debug-exit.

const device = @import("device.zig");
const machine = @import("machine.zig");
comptime {
    _ = @import("entry.zig");
}

/// The same as in ../images/gpu.ts.
const width = 1024;
const height = 768;
const flushes_each = 20;
const samples_each = 11;

const control_queue = 0;
const size_max = 1024;
const resource_id = 1;
const device_writes = 2;
const has_next = 1;

const Descriptor = extern struct { address: u64, length: u32, flags: u16, next: u16 };

// The three areas, VIRTIO 1.2 §2.7.
var descriptors: [size_max]Descriptor align(4096) = undefined;
var available: extern struct { flags: u16, index: u16, ring: [size_max + 1]u16 } align(4096) = undefined;
var used: extern struct { flags: u16, index: u16, ring: [size_max]extern struct { head: u32, length: u32 } } align(4096) = undefined;

var pixels: [width * height]u32 align(4096) = undefined;

// Requests, §5.7.6.
const Header = extern struct { type: u32, flags: u32 = 0, fence_id: u64 = 0, context_id: u32 = 0, ring_index: u32 = 0 };
const Rectangle = extern struct { x: u32 = 0, y: u32 = 0, width: u32 = width, height: u32 = height };
const Create = extern struct { header: Header = .{ .type = 0x101 }, id: u32 = resource_id, format: u32 = 2, width: u32 = width, height: u32 = height };
const Attach = extern struct { header: Header = .{ .type = 0x106 }, id: u32 = resource_id, count: u32 = 1, address: u64, length: u32 = @sizeOf(@TypeOf(pixels)), padding: u32 = 0 };
const Show = extern struct { header: Header = .{ .type = 0x103 }, area: Rectangle = .{}, scanout: u32 = 0, id: u32 = resource_id };
const Transfer = extern struct { header: Header = .{ .type = 0x105 }, area: Rectangle = .{}, offset: u64 = 0, id: u32 = resource_id, padding: u32 = 0 };
const Flush = extern struct { header: Header = .{ .type = 0x104, .flags = 1 }, area: Rectangle = .{}, id: u32 = resource_id, padding: u32 = 0 };

var create = Create{};
var attach = Attach{ .address = 0 };
var show = Show{};
var transfer = Transfer{};
var flush = Flush{};
var answers: [2]Header = undefined;

export fn floor_main() noreturn {
    const gpu = device.open(.gpu, control_queue);
    if (gpu.size < 4 or gpu.size > size_max) machine.fail("the queue has the wrong size");
    device.start(gpu, @intFromPtr(&descriptors), @intFromPtr(&available), @intFromPtr(&used));
    attach.address = @intFromPtr(&pixels);
    once(gpu, Create, &create);
    once(gpu, Attach, &attach);
    once(gpu, Show, &show);
    chain(Transfer, &transfer, 0);
    chain(Flush, &flush, 1);
    send(gpu, 2);
    for (0..samples_each) |_| {
        const before = machine.timeStamp();
        for (0..flushes_each) |_| send(gpu, 2);
        report(machine.timeStamp() - before);
    }
    machine.leave(0);
}

fn once(gpu: device.Device, comptime Request: type, request: *Request) void {
    chain(Request, request, 0);
    send(gpu, 1);
    if (@as(*volatile u32, &answers[0].type).* != 0x1100) machine.fail("the device refuses a request");
}

/// Describes chain `number`: a request and its answer.
fn chain(comptime Request: type, request: *Request, number: u16) void {
    const head = 2 * number;
    descriptors[head] = .{ .address = @intFromPtr(request), .length = @sizeOf(Request), .flags = has_next, .next = head + 1 };
    descriptors[head + 1] = .{ .address = @intFromPtr(&answers[number]), .length = @sizeOf(Header), .flags = device_writes, .next = 0 };
}

/// Shows the device the first `count` chains, and waits until they are back.
fn send(gpu: device.Device, count: u16) void {
    const used_index: *volatile u16 = &used.index;
    const available_index: *volatile u16 = &available.index;
    const index = available.index +% count;
    for (0..count) |number| {
        available.ring[(available.index +% @as(u16, @intCast(number))) & (gpu.size - 1)] = @intCast(2 * number);
    }
    available.ring[gpu.size] = index -% count -% 1; // It polls: see floor.zig.
    // Stores become visible in their order on this processor: only the compiler has to be held.
    asm volatile ("" ::: .{ .memory = true });
    available_index.* = index;
    gpu.doorbell.* = control_queue;
    while (used_index.* != index) {}
    asm volatile ("" ::: .{ .memory = true });
}

fn report(ticks: u64) void {
    machine.print("load flush");
    for ([_]u64{ flushes_each, ticks, flushes_each }) |number| {
        machine.print(" ");
        machine.printNumber(number);
    }
    machine.print("\n");
}
