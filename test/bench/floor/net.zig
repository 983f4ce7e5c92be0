// The floor of a network device: the smallest polled virtio-net driver that sends the frames of `make bench`. As floor.zig, it is as fast as it can be
// and still be a driver: a descriptor is built once for each place in a batch, header and frame in one piece; a frame writes its number and its
// head, a batch rings once, and the end is seen in used.idx. Nothing that the device wrote is checked.
//
//   load NAME FRAMES TICKS DOORBELLS          one line a sample, ticks of the time stamp counter
//
// QEMU: q35 with SeaBIOS, -kernel, one virtio-net-pci with disable-legacy=on,romfile= on bus 0, isa-debug-exit.

const device = @import("device.zig");
const machine = @import("machine.zig");
comptime {
    _ = @import("entry.zig");
}

/// `batches` times, `depth` frames of `length` bytes.
const Load = struct { name: []const u8, length: u32, depth: u16, batches: u32 };

/// The same loads as in ../images/net.ts.
const loads = [_]Load{
    .{ .name = "tx64-64", .length = 64, .depth = 64, .batches = 512 },
    .{ .name = "tx64-1514", .length = 1514, .depth = 64, .batches = 512 },
};
const samples_each = 3;

const transmit_queue = 1;
const depth_max = 64;
const size_max = 1024;
const header_length = 12;
const place_length = 2048;

const Descriptor = extern struct { address: u64, length: u32, flags: u16, next: u16 };

// The three areas, VIRTIO 1.2 §2.7.
var descriptors: [size_max]Descriptor align(4096) = undefined;
var available: extern struct { flags: u16, index: u16, ring: [size_max + 1]u16 } align(4096) = undefined;
var used: extern struct { flags: u16, index: u16, ring: [size_max]extern struct { head: u32, length: u32 } } align(4096) = undefined;

/// Header and frame of each place in a batch.
var frames: [depth_max][place_length]u8 align(4096) = @splat(@splat(0));

export fn floor_main() noreturn {
    const net = device.open(.net, transmit_queue);
    if (net.size < depth_max or net.size > size_max) machine.fail("the queue has the wrong size");
    device.start(net, @intFromPtr(&descriptors), @intFromPtr(&available), @intFromPtr(&used));
    for (loads) |load| {
        for (0..load.depth) |at| {
            descriptors[at] = .{
                .address = @intFromPtr(&frames[at]),
                .length = header_length + load.length,
                .flags = 0,
                .next = 0,
            };
        }
        for (0..samples_each) |_| {
            const before = machine.timeStamp();
            run(net, load);
            report(load, machine.timeStamp() - before);
        }
    }
    machine.leave(0);
}

/// One sample: every batch from its first store to its last used element.
fn run(net: device.Device, load: Load) void {
    const mask = net.size - 1;
    const used_index: *volatile u16 = &used.index;
    const available_index: *volatile u16 = &available.index;
    var index = available.index;
    var number: u32 = 0;
    for (0..load.batches) |_| {
        available.ring[net.size] = index -% 1; // It polls: see floor.zig.
        for (0..load.depth) |at| {
            @as(*align(1) u32, @ptrCast(&frames[at][header_length])).* = number;
            number += 1;
            available.ring[index & mask] = @intCast(at);
            index +%= 1;
        }
        // Stores become visible in their order on this processor: only the compiler has to be held.
        asm volatile ("" ::: .{ .memory = true });
        available_index.* = index;
        net.doorbell.* = transmit_queue;
        doorbells += 1;
        while (used_index.* != index) {}
        asm volatile ("" ::: .{ .memory = true });
    }
}

var doorbells: u64 = 0;

fn report(load: Load, ticks: u64) void {
    machine.print("load ");
    machine.print(load.name);
    for ([_]u64{ @as(u64, load.batches) * load.depth, ticks, doorbells }) |number| {
        machine.print(" ");
        machine.printNumber(number);
    }
    machine.print("\n");
    doorbells = 0;
}
