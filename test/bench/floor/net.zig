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

/// `batches` times, `depth` frames of `length` bytes. `ahead`: a batch is written while the one before goes out, into the other half of the places.
const Load = struct { name: []const u8, length: u32, depth: u16, batches: u32, ahead: bool };

/// The same loads as in ../images/net.ts.
const loads = [_]Load{
    .{ .name = "tx64-64", .length = 64, .depth = 64, .batches = 512, .ahead = true },
    .{ .name = "tx64-64-in-turn", .length = 64, .depth = 64, .batches = 512, .ahead = false },
    .{ .name = "tx64-1514", .length = 1514, .depth = 64, .batches = 512, .ahead = true },
};
const samples_each = 3;

const transmit_queue = 1;
const depth_max = 64;
const place_count = 2 * depth_max;
const size_max = 1024;
const header_length = 12;
const place_length = 2048;

const Descriptor = extern struct { address: u64, length: u32, flags: u16, next: u16 };

// The three areas, VIRTIO 1.2 §2.7.
var descriptors: [size_max]Descriptor align(4096) = undefined;
var available: extern struct { flags: u16, index: u16, ring: [size_max + 1]u16 } align(4096) = undefined;
var used: extern struct { flags: u16, index: u16, ring: [size_max]extern struct { head: u32, length: u32 } } align(4096) = undefined;

/// Header and frame of each place.
var frames: [place_count][place_length]u8 align(4096) = @splat(@splat(0));

export fn floor_main() noreturn {
    const net = device.open(.net, transmit_queue);
    if (net.size < place_count or net.size > size_max) machine.fail("the queue has the wrong size");
    device.start(net, @intFromPtr(&descriptors), @intFromPtr(&available), @intFromPtr(&used));
    for (loads) |load| {
        for (0..place_count) |at| {
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

/// One sample: every batch from its first store to its last used element. The device gets a batch when the one before is back.
fn run(net: device.Device, load: Load) void {
    const used_index: *volatile u16 = &used.index;
    const available_index: *volatile u16 = &available.index;
    var batch = Batch{ .net = net, .depth = load.depth, .index = available.index };
    batch.write(0);
    for (1..load.batches + 1) |number| {
        const place = batch.place;
        const index = batch.index;
        available.ring[net.size] = index -% load.depth -% 1; // It polls: see floor.zig.
        // Stores become visible in their order on this processor: only the compiler has to be held.
        asm volatile ("" ::: .{ .memory = true });
        available_index.* = index;
        net.doorbell.* = transmit_queue;
        doorbells += 1;
        const has_next = number != load.batches;
        if (has_next and load.ahead) batch.write(load.depth - place);
        while (used_index.* != index) {}
        asm volatile ("" ::: .{ .memory = true });
        if (has_next and !load.ahead) batch.write(0);
    }
}

/// The batch that was written last: its first place, and what the available index is once it is shown.
const Batch = struct {
    net: device.Device,
    depth: u16,
    place: usize = 0,
    index: u16,
    number: u32 = 0,

    /// Writes the next one, from `place` on. The available index does not cover it.
    fn write(batch: *Batch, place: usize) void {
        batch.place = place;
        for (place..place + batch.depth) |at| {
            @as(*align(1) u32, @ptrCast(&frames[at][header_length])).* = batch.number;
            batch.number += 1;
            available.ring[batch.index & (batch.net.size - 1)] = @intCast(at);
            batch.index +%= 1;
        }
    }
};

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
