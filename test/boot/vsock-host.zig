// The host of a socket device, for QEMU's vhost-user-vsock: the other side of its queues in a process of its own, and two programs behind it. Needs neither a kernel's module nor rights.
//
//   port 7   echo: sends back what comes, and ends when the other end does
//   port 8   calls back: connects to port 80 of the guest, sends 60,000 bytes there, and ends
//
// Its input is the path of the socket to which QEMU connects, in a line. It ends when QEMU has, and says what came: `port 7: 200000 bytes, hash 1234`.
//
// vhost-user: QEMU's docs/interop/vhost-user.rst. Sockets: VIRTIO 1.2 §5.10. Queues are split, without any feature; all that a peer says is checked as far as a test wants to know of it.

const std = @import("std");
const linux = std.os.linux;

const message_max = 4096;
const region_max = 8;
const version = 1;
const reply = 4;

const feature_protocol = 1 << 30;
const feature_version_1 = 1 << 32;
const protocol_config = 1 << 9;

/// Requests of vhost-user that mean something here.
const get_features = 1;
const set_mem_table = 5;
const set_vring_num = 8;
const set_vring_addr = 9;
const set_vring_base = 10;
const get_vring_base = 11;
const set_vring_kick = 12;
const set_vring_call = 13;
const get_protocol_features = 15;
const get_queue_num = 17;
const get_config = 24;

const guest_cid = 3;
const host_cid = 2;

const echo_port = 7;
const call_port = 8;
const guest_port = 80;
/// Ports of the host for connections that it asks for.
const first_own_port = 5000;

/// Bytes that the call to the guest brings, and those that each connection here has room for.
const call_count = 60_000;
const room = 20_000;
const connection_max = 16;
const payload_max = 65536;

const op_request = 1;
const op_response = 2;
const op_rst = 3;
const op_shutdown = 4;
const op_rw = 5;
const op_credit_update = 6;
const op_credit_request = 7;

const Header = extern struct {
    source_cid: u64 align(4),
    target_cid: u64 align(4),
    source_port: u32,
    target_port: u32,
    length: u32,
    type: u16,
    operation: u16,
    flags: u32,
    room: u32,
    forwarded: u32,
};
comptime {
    std.debug.assert(@sizeOf(Header) == 44);
}

const Region = struct { guest: u64, size: u64, user: u64, memory: [*]u8 };

const Descriptor = extern struct { address: u64, length: u32, flags: u16, next: u16 };

const Queue = struct {
    size: u16 = 0,
    descriptors: u64 = 0,
    available: u64 = 0,
    used: u64 = 0,
    seen: u16 = 0,
    kick: i32 = -1,
    call: i32 = -1,

    fn next(queue: *Queue) ?u16 {
        if (queue.size == 0 or queue.available == 0) return null;
        const ring = inUser(queue.available);
        const index: *volatile u16 = @ptrCast(@alignCast(ring + 2));
        if (index.* == queue.seen) return null;
        fence();
        const entry: *volatile u16 = @ptrCast(@alignCast(ring + 4 + @as(usize, queue.seen % queue.size) * 2));
        queue.seen +%= 1;
        return entry.*;
    }

    /// Copies between a chain and `bytes`. Returns how many bytes it could.
    fn copy(queue: *Queue, head: u16, bytes: []u8, to_guest: bool) usize {
        var done: usize = 0;
        var at = head;
        for (0..queue.size) |_| {
            const descriptor: *const Descriptor = @ptrCast(@alignCast(inUser(queue.descriptors) + @as(usize, at) * 16));
            const count = @min(descriptor.length, bytes.len - done);
            const memory = inGuest(descriptor.address);
            if (to_guest) @memcpy(memory[0..count], bytes[done..][0..count]) else @memcpy(bytes[done..][0..count], memory[0..count]);
            done += count;
            if (descriptor.flags & 1 == 0) break;
            at = descriptor.next;
        }
        return done;
    }

    fn give(queue: *Queue, head: u16, length: u32) void {
        const ring = inUser(queue.used);
        const index: *volatile u16 = @ptrCast(@alignCast(ring + 2));
        const element: *volatile [2]u32 = @ptrCast(@alignCast(ring + 4 + @as(usize, index.* % queue.size) * 8));
        element.* = .{ head, length };
        fence();
        index.* +%= 1;
    }

    fn interrupt(queue: *Queue) void {
        fence();
        const flags: *volatile u16 = @ptrCast(@alignCast(inUser(queue.available)));
        if (flags.* & 1 == 0 and queue.call >= 0) {
            const one: u64 = 1;
            _ = linux.write(queue.call, @ptrCast(&one), 8);
        }
    }
};

const Connection = struct {
    used: bool = false,
    own_port: u32 = 0,
    peer_port: u32 = 0,
    connected: bool = false,
    /// Bytes that came and were not echoed; of a call, none.
    bytes: [room]u8 = undefined,
    length: usize = 0,
    /// Bytes of a call that are left.
    left: usize = 0,
    peer_room: u32 = 0,
    peer_forwarded: u32 = 0,
    sent: u32 = 0,
    received: u32 = 0,
    forwarded: u32 = 0,
    told: u32 = 0,
    peer_done: bool = false,
    shut: bool = false,
    hash: u32 = 0x811c9dc5,
};

/// Packets that carry nothing, and wait for a buffer of the guest's.
const Small = struct { own_port: u32, peer_port: u32, operation: u16, flags: u32 = 0, forwarded: u32 = 0 };

var regions: [region_max]Region = undefined;
var region_count: usize = 0;
var queues: [2]Queue = .{ .{}, .{} };
var connections: [connection_max]Connection = @splat(.{});
var smalls: [1024]Small = undefined;
var small_count: usize = 0;
var own_port: u32 = first_own_port;

pub fn main() void {
    var path: [108]u8 = @splat(0);
    const length = checked("read", linux.read(0, &path, path.len - 1));
    path[length - 1] = 0; // The end of the line.
    const address = linux.sockaddr.un{ .path = path };
    const listener: i32 = @intCast(checked("socket", linux.socket(linux.AF.UNIX, linux.SOCK.STREAM, 0)));
    _ = checked("bind", linux.bind(listener, @ptrCast(&address), @sizeOf(linux.sockaddr.un)));
    _ = checked("listen", linux.listen(listener, 1));
    print("ready\n", .{});
    const socket: i32 = @intCast(checked("accept", linux.accept4(listener, null, null, 0)));
    while (true) {
        var waits = [_]linux.pollfd{
            .{ .fd = socket, .events = linux.POLL.IN, .revents = 0 },
            .{ .fd = queues[0].kick, .events = linux.POLL.IN, .revents = 0 },
            .{ .fd = queues[1].kick, .events = linux.POLL.IN, .revents = 0 },
        };
        _ = checked("poll", linux.poll(&waits, waits.len, -1));
        if (waits[0].revents != 0 and !answer(socket)) linux.exit(0);
        for (waits[1..], 0..) |wait, index| {
            if (wait.revents == 0) continue;
            var count: u64 = 0;
            _ = linux.read(wait.fd, @ptrCast(&count), 8);
            if (index == 1) listen();
        }
        send();
    }
}

/// Answers one message of QEMU's. Returns false when it has ended.
fn answer(socket: i32) bool {
    var head: [12]u8 = undefined;
    var descriptors: [region_max]i32 = @splat(-1);
    if (!receive(socket, &head, &descriptors)) return false;
    const request = std.mem.readInt(u32, head[0..4], .little);
    const size = std.mem.readInt(u32, head[8..12], .little);
    var body: [message_max]u8 align(8) = @splat(0);
    if (size > 0 and !receive(socket, body[0..size], &descriptors)) return false;
    const words: *[64]u32 = @ptrCast(&body);
    const longs: *[64]u64 = @ptrCast(&body);
    const queue = &queues[if (words[0] < 2) words[0] else 0];
    switch (request) {
        get_features => respond(socket, request, feature_version_1 | feature_protocol),
        get_protocol_features => respond(socket, request, protocol_config),
        get_queue_num => respond(socket, request, 2),
        set_mem_table => setRegions(words[0], longs, &descriptors),
        set_vring_num => queue.size = @intCast(words[1]),
        set_vring_base => queue.seen = @truncate(words[1]),
        set_vring_addr => {
            queue.descriptors = longs[1];
            queue.used = longs[2];
            queue.available = longs[3];
        },
        set_vring_kick => queues[words[0] & 1].kick = descriptors[0],
        set_vring_call => queues[words[0] & 1].call = descriptors[0],
        get_vring_base => {
            queue.available = 0;
            queue.kick = -1;
            words[1] = queue.seen;
            respond(socket, request, longs[0]);
            if (words[0] == 0) connections = @splat(.{});
        },
        get_config => {
            std.mem.writeInt(u64, body[12..20], guest_cid, .little);
            var whole: [12 + 20]u8 = undefined;
            fillHead(&whole, request, 20);
            @memcpy(whole[12..], body[0..20]);
            _ = checked("write", linux.write(socket, &whole, whole.len));
        },
        else => {},
    }
    return true;
}

fn setRegions(count: u32, longs: *const [64]u64, descriptors: *const [region_max]i32) void {
    region_count = count;
    for (0..count) |i| {
        const guest, const size, const user, const offset = longs[1 + 4 * i ..][0..4].*;
        const mapped = checked("mmap", linux.mmap(null, size + offset, .{ .READ = true, .WRITE = true }, .{ .TYPE = .SHARED }, descriptors[i], 0));
        regions[i] = .{ .guest = guest, .size = size, .user = user, .memory = @ptrFromInt(mapped + offset) };
    }
}

fn respond(socket: i32, request: u32, value: u64) void {
    var whole: [20]u8 = undefined;
    fillHead(&whole, request, 8);
    std.mem.writeInt(u64, whole[12..20], value, .little);
    _ = checked("write", linux.write(socket, &whole, whole.len));
}

fn fillHead(whole: []u8, request: u32, size: u32) void {
    std.mem.writeInt(u32, whole[0..4], request, .little);
    std.mem.writeInt(u32, whole[4..8], version | reply, .little);
    std.mem.writeInt(u32, whole[8..12], size, .little);
}

/// Fills `bytes`, and keeps the file descriptors that came with them. Returns false at the end.
fn receive(socket: i32, bytes: []u8, descriptors: *[region_max]i32) bool {
    var done: usize = 0;
    while (done < bytes.len) {
        var vector = [_]std.posix.iovec{.{ .base = bytes[done..].ptr, .len = bytes.len - done }};
        var control: [64]u8 align(8) = @splat(0);
        var message = linux.msghdr{
            .name = null,
            .namelen = 0,
            .iov = &vector,
            .iovlen = 1,
            .control = &control,
            .controllen = control.len,
            .flags = 0,
        };
        const count: isize = @bitCast(linux.recvmsg(socket, &message, 0));
        if (count <= 0) return false;
        done += @intCast(count);
        if (message.controllen <= @sizeOf(linux.cmsghdr)) continue;
        const length = std.mem.readInt(usize, control[0..8], .little) - @sizeOf(linux.cmsghdr);
        @memcpy(std.mem.sliceAsBytes(descriptors)[0..length], control[@sizeOf(linux.cmsghdr)..][0..length]);
    }
    return true;
}

/// Takes what the guest has sent.
fn listen() void {
    var packet: [@sizeOf(Header) + payload_max]u8 align(8) = undefined;
    var taken = false;
    while (queues[1].next()) |head| {
        const length = queues[1].copy(head, &packet, false);
        queues[1].give(head, 0);
        taken = true;
        const header: *const Header = @ptrCast(&packet);
        if (length < @sizeOf(Header) or header.length != length - @sizeOf(Header)) fail("a packet of {d} bytes", length);
        if (header.source_cid != guest_cid or header.target_cid != host_cid or header.type != 1) fail("a packet from {d}", header.source_cid);
        hear(header, packet[@sizeOf(Header)..length]);
    }
    if (taken) queues[1].interrupt();
}

fn hear(header: *const Header, payload: []const u8) void {
    const connection = find(header.target_port, header.source_port) orelse {
        if (header.operation == op_request) accept(header) else if (header.operation != op_rst) refuse(header);
        return;
    };
    connection.peer_room = header.room;
    connection.peer_forwarded = header.forwarded;
    switch (header.operation) {
        op_response => connection.connected = true,
        op_rw => {
            connection.received +%= @intCast(payload.len);
            if (connection.received -% connection.forwarded > room or connection.peer_done) fail("{d} bytes without credit", payload.len);
            for (payload) |byte| connection.hash = (connection.hash ^ byte) *% 0x01000193;
            @memcpy(connection.bytes[connection.length..][0..payload.len], payload);
            connection.length += payload.len;
        },
        op_credit_request => say(connection, op_credit_update, 0),
        op_shutdown => {
            if (header.flags & 2 != 0) connection.peer_done = true;
            if (header.flags & 3 == 3) end(connection);
        },
        op_rst => end(connection),
        else => {},
    }
}

fn accept(header: *const Header) void {
    if (header.target_port != echo_port and header.target_port != call_port) return refuse(header);
    const connection = add(header.target_port, header.source_port);
    connection.connected = true;
    connection.peer_room = header.room;
    say(connection, op_response, 0);
    if (header.target_port != call_port) return;
    const call = add(own_port, guest_port);
    own_port += 1;
    call.left = call_count;
    say(call, op_request, 0);
}

fn refuse(header: *const Header) void {
    push(.{ .own_port = header.target_port, .peer_port = header.source_port, .operation = op_rst });
}

/// Says that it is over, and what came.
fn end(connection: *Connection) void {
    push(.{ .own_port = connection.own_port, .peer_port = connection.peer_port, .operation = op_rst });
    print("port {d}: {d} bytes, hash {d}\n", .{ connection.own_port, connection.received, connection.hash });
    connection.used = false;
}

fn find(own: u32, peer: u32) ?*Connection {
    for (&connections) |*each| if (each.used and each.own_port == own and each.peer_port == peer) return each;
    return null;
}

fn add(own: u32, peer: u32) *Connection {
    for (&connections) |*each| {
        if (each.used) continue;
        each.* = .{ .used = true, .own_port = own, .peer_port = peer };
        return each;
    }
    fail("more than {d} connections", connection_max);
}

fn say(connection: *Connection, operation: u16, flags: u32) void {
    connection.told = connection.forwarded;
    push(.{ .own_port = connection.own_port, .peer_port = connection.peer_port, .operation = operation, .flags = flags, .forwarded = connection.forwarded });
}

fn push(small: Small) void {
    if (small_count == smalls.len) fail("{d} packets that the guest does not take", small_count);
    smalls[small_count] = small;
    small_count += 1;
}

/// Sends what waits, as far as the guest has buffers and room.
fn send() void {
    var sent = false;
    while (sendSmall()) sent = true;
    for (&connections) |*connection| {
        while (connection.used and connection.connected and small_count == 0 and step(connection)) sent = true;
        while (sendSmall()) sent = true; // The end of its bytes.
    }
    if (sent) queues[0].interrupt();
}

/// Sends a packet that carries nothing. Returns whether there was one, and a buffer for it.
fn sendSmall() bool {
    if (small_count == 0) return false;
    const head = queues[0].next() orelse return false;
    const small = smalls[0];
    std.mem.copyForwards(Small, smalls[0 .. small_count - 1], smalls[1..small_count]);
    small_count -= 1;
    put(head, small, &.{});
    return true;
}

/// Sends one packet of a connection. Returns whether it could.
fn step(connection: *Connection) bool {
    const under_way = connection.sent -% connection.peer_forwarded;
    const credit = if (under_way >= connection.peer_room) 0 else connection.peer_room - under_way;
    const waiting = connection.length + connection.left;
    if (waiting == 0) {
        const is_done = connection.peer_done or connection.own_port >= first_own_port;
        if (!is_done or connection.shut) return false;
        connection.shut = true;
        say(connection, op_shutdown, 2);
        return false;
    }
    const count = @min(waiting, credit, 4000);
    if (count == 0) return false;
    const head = queues[0].next() orelse return false;
    var made: [4000]u8 = undefined;
    if (connection.left > 0) {
        for (made[0..count], connection.sent..) |*byte, at| byte.* = @truncate(at % 251);
        connection.left -= count;
    } else {
        @memcpy(made[0..count], connection.bytes[0..count]);
        std.mem.copyForwards(u8, connection.bytes[0 .. connection.length - count], connection.bytes[count..connection.length]);
        connection.length -= count;
        connection.forwarded +%= @intCast(count);
    }
    connection.sent +%= @intCast(count);
    connection.told = connection.forwarded;
    put(head, .{ .own_port = connection.own_port, .peer_port = connection.peer_port, .operation = op_rw, .forwarded = connection.forwarded }, made[0..count]);
    return true;
}

fn put(head: u16, small: Small, payload: []const u8) void {
    var packet: [@sizeOf(Header) + 4000]u8 align(8) = undefined;
    const header: *Header = @ptrCast(&packet);
    header.* = .{
        .source_cid = host_cid,
        .target_cid = guest_cid,
        .source_port = small.own_port,
        .target_port = small.peer_port,
        .length = @intCast(payload.len),
        .type = 1,
        .operation = small.operation,
        .flags = small.flags,
        .room = room,
        .forwarded = small.forwarded,
    };
    @memcpy(packet[@sizeOf(Header)..][0..payload.len], payload);
    const length = @sizeOf(Header) + payload.len;
    if (queues[0].copy(head, packet[0..length], true) != length) fail("a buffer of less than {d} bytes", length);
    queues[0].give(head, @intCast(length));
}

/// Where an address of QEMU's own lies here.
fn inUser(address: u64) [*]u8 {
    for (regions[0..region_count]) |region| {
        if (address >= region.user and address - region.user < region.size) return region.memory + (address - region.user);
    }
    fail("no memory at {d}", address);
}

/// Where an address of the guest's lies here.
fn inGuest(address: u64) [*]u8 {
    for (regions[0..region_count]) |region| {
        if (address >= region.guest and address - region.guest < region.size) return region.memory + (address - region.guest);
    }
    fail("no memory of the guest at {d}", address);
}

fn fence() void {
    asm volatile ("mfence" ::: .{ .memory = true });
}

/// Returns what a system call returned, or ends the program with its error.
fn checked(what: []const u8, result: usize) usize {
    const signed: isize = @bitCast(result);
    if (signed >= 0) return result;
    print("{s}: error {d}\n", .{ what, -signed });
    linux.exit(1);
}

fn fail(comptime format: []const u8, value: anytype) noreturn {
    print("failed: " ++ format ++ "\n", .{value});
    linux.exit(1);
}

fn print(comptime format: []const u8, arguments: anytype) void {
    var text: [128]u8 = undefined;
    const line = std.fmt.bufPrint(&text, format, arguments) catch unreachable;
    _ = linux.write(1, line.ptr, line.len);
}
