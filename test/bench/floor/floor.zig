// The floor: the smallest polled virtio-blk driver that does the requests of `make bench`. What Hedyn's driver is measured against.
//
// It is the denominator of a ratio, so it is as fast as it can be and still be a driver: a chain of two descriptors is built once for each
// place in a batch (the status byte lies directly behind the data), a request writes its sector number and its head, a batch rings once, and
// the end is seen in used.idx and in the status bytes. Interrupts are suppressed. No checks of what the device wrote, no allocation of descriptors, no limits of time.
//
//   load NAME REQUESTS TICKS DOORBELLS        one line a sample, ticks of the time stamp counter
//
// QEMU: q35 with SeaBIOS, -kernel, one virtio-blk-pci with disable-legacy=on on bus 0, isa-debug-exit.

const device = @import("device.zig");
const machine = @import("machine.zig");
comptime {
    _ = @import("entry.zig");
}

/// `batches` times, `depth` reads of `length` bytes, each `stride` sectors behind the one before. `ahead`: a batch is written while the device
/// has the one before; else when that is back. There is room for two batches of 64 then.
const Load = struct { name: []const u8, length: u32, depth: u16, batches: u32, stride: u64, ahead: bool = false };

/// Scattered reads: QEMU joins neighbours of a batch to one read of its own, and then that would be measured. An odd number of 4 KiB blocks,
/// so that every block has its turn.
const scattered = 81001 * 8;

/// The same loads as in ../images/loads.ts.
const loads = [_]Load{
    .{ .name = "qd1-512", .length = 512, .depth = 1, .batches = 1000, .stride = scattered },
    .{ .name = "qd1-4k", .length = 4096, .depth = 1, .batches = 1000, .stride = scattered },
    .{ .name = "qd32-4k", .length = 4096, .depth = 32, .batches = 128, .stride = scattered, .ahead = true },
    .{ .name = "qd32-4k-in-turn", .length = 4096, .depth = 32, .batches = 128, .stride = scattered },
    .{ .name = "qd128-4k", .length = 4096, .depth = 128, .batches = 32, .stride = scattered },
    .{ .name = "seq-1m", .length = 1 << 20, .depth = 1, .batches = 64, .stride = 2048 },
};
const samples_each = 3;

/// The disk has 64 MiB: a load that reaches the end goes on at the start.
const sector_mask = 131071;
/// Places for requests: a batch, or two when one is written ahead.
const place_count = 128;
const descriptors_each = 2;
const size_max = 1024;

/// A value that no device writes.
const status_unwritten = 0xff;

const flag_next = 1;
const flag_device_writes = 2;

const Descriptor = extern struct { address: u64, length: u32, flags: u16, next: u16 };
const Header = extern struct { type: u32 = 0, reserved: u32 = 0, sector: u64 = 0 };

// The three areas, VIRTIO 1.2 §2.7.
var descriptors: [size_max]Descriptor align(4096) = undefined;
var available: extern struct { flags: u16, index: u16, ring: [size_max + 1]u16 } align(4096) = undefined;
var used: extern struct { flags: u16, index: u16, ring: [size_max]extern struct { head: u32, length: u32 } } align(4096) = undefined;

var headers: [place_count]Header align(4096) = @splat(.{});

/// Room for the data of each place, followed by its status byte, and each on pages of its own.
var data: [place_count * 8192 + (1 << 20)]u8 align(4096) = undefined;

export fn floor_main() noreturn {
    const disk = device.open(.block, 0);
    if (disk.size < place_count * descriptors_each or disk.size > size_max) machine.fail("the queue has the wrong size");
    device.start(disk, @intFromPtr(&descriptors), @intFromPtr(&available), @intFromPtr(&used));
    for (loads) |load| {
        build(load);
        for (0..samples_each) |_| {
            const before = machine.timeStamp();
            run(disk, load);
            report(load, machine.timeStamp() - before);
        }
    }
    machine.leave(0);
}

/// Where the data of place `at` lies.
fn dataOf(load: Load, at: usize) [*]u8 {
    return data[at * (load.length + 4096) ..].ptr;
}

/// Writes the chains of all places. What changes from request to request is left out: the sector.
fn build(load: Load) void {
    for (0..load.depth * @as(usize, if (load.ahead) 2 else 1)) |at| {
        const chain = descriptors[at * descriptors_each ..][0..descriptors_each];
        chain[0] = .{
            .address = @intFromPtr(&headers[at]),
            .length = @sizeOf(Header),
            .flags = flag_next,
            .next = @intCast(at * descriptors_each + 1),
        };
        chain[1] = .{
            .address = @intFromPtr(dataOf(load, at)),
            .length = load.length + 1,
            .flags = flag_device_writes,
            .next = 0,
        };
        dataOf(load, at)[load.length] = status_unwritten;
    }
}

/// One sample: every batch from its first store to its last status. The device gets a batch when the one before is back.
fn run(disk: device.Device, load: Load) void {
    const used_index: *volatile u16 = &used.index;
    const available_index: *volatile u16 = &available.index;
    var batch = Batch{ .disk = disk, .load = load, .index = available.index };
    batch.write(0);
    for (1..load.batches + 1) |number| {
        const place = batch.place;
        const index = batch.index;
        // It polls: no interrupt before the used index has been all the way round. EVENT_IDX, because without it QEMU wakes itself up for each
        // completion, also for who wants no interrupts.
        available.ring[disk.size] = index -% load.depth -% 1;
        // Stores become visible in their order on this processor: only the compiler has to be held.
        asm volatile ("" ::: .{ .memory = true });
        available_index.* = index;
        disk.doorbell.* = 0;
        doorbells += 1;
        const has_next = number != load.batches;
        if (has_next and load.ahead) batch.write(load.depth - place);
        // No pause: under QEMU's emulator it takes the lock that the device needs.
        while (used_index.* != index) {}
        asm volatile ("" ::: .{ .memory = true });
        for (place..place + load.depth) |at| {
            if (dataOf(load, at)[load.length] != 0) machine.fail("a request failed");
        }
        if (has_next and !load.ahead) batch.write(0);
    }
}

/// The batch that was written last: its first place, and what the available index is once it is shown.
const Batch = struct {
    disk: device.Device,
    load: Load,
    place: usize = 0,
    index: u16,
    sector: u64 = 0,

    /// Writes the next one, from `place` on. The available index does not cover it.
    fn write(batch: *Batch, place: usize) void {
        batch.place = place;
        for (place..place + batch.load.depth) |at| {
            headers[at].sector = batch.sector;
            batch.sector = (batch.sector + batch.load.stride) & sector_mask;
            available.ring[batch.index & (batch.disk.size - 1)] = @intCast(at * descriptors_each);
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
