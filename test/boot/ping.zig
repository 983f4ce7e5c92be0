// Pings a guest behind a tap, from the host: gives the interface its address, which takes it up, and sends echo requests through a raw socket. For hosts without a
// `ping`, and to say exactly what came back. Its input is one line:
//
//   INTERFACE ADDRESS GUEST COUNT BYTES            its output: `3 of 3 answered`, or what failed
//
// Needs root. Linux: netdevice(7), raw(7), icmp(7).

const std = @import("std");
const linux = std.os.linux;

const SIOCSIFFLAGS = 0x8914;
const SIOCSIFADDR = 0x8916;
const SIOCSIFNETMASK = 0x891c;
const IFF_UP = 0x1;
const icmp = 1;
const echo_request = 8;
const echo_reply = 0;
const identifier = 0x7069;
const timeout_ms = 2000;
const ip_header_min = 20;
const message_max = 8 + 1472;

const Address = extern struct { family: u16 = linux.AF.INET, port: u16 = 0, address: u32, zero: [8]u8 = @splat(0) };
const Request = extern struct { name: [16]u8, data: extern union { address: Address, flags: u16, room: [24]u8 } };

pub fn main() void {
    var line: [256]u8 = undefined;
    const length = checked("read", linux.read(0, &line, line.len));
    var words = std.mem.tokenizeAny(u8, line[0..length], " \n");
    const name = words.next().?;
    const own = addressOf(words.next().?);
    const guest = addressOf(words.next().?);
    const count = std.fmt.parseInt(u16, words.next().?, 10) catch unreachable;
    const bytes = std.fmt.parseInt(usize, words.next().?, 10) catch unreachable;

    const control: i32 = @intCast(checked("socket", linux.socket(linux.AF.INET, linux.SOCK.DGRAM, 0)));
    ask(control, name, SIOCSIFADDR, .{ .address = .{ .address = own } });
    ask(control, name, SIOCSIFNETMASK, .{ .address = .{ .address = addressOf("255.255.255.0") } });
    ask(control, name, SIOCSIFFLAGS, .{ .flags = IFF_UP });

    const socket: i32 = @intCast(checked("raw socket", linux.socket(linux.AF.INET, linux.SOCK.RAW, icmp)));
    var answered: u16 = 0;
    for (1..@as(usize, count) + 1) |sequence| {
        if (echo(socket, guest, @intCast(sequence), bytes)) answered += 1;
    }
    print("{d} of {d} answered\n", .{ answered, count });
}

/// Sends one request. Returns whether exactly it came back in time.
fn echo(socket: i32, guest: u32, sequence: u16, bytes: usize) bool {
    var message: [message_max]u8 = undefined;
    const length = 8 + bytes;
    message[0..4].* = .{ echo_request, 0, 0, 0 };
    std.mem.writeInt(u16, message[4..6], identifier, .big);
    std.mem.writeInt(u16, message[6..8], sequence, .big);
    for (message[8..length], 0..) |*byte, at| byte.* = @truncate(at * 7 + sequence);
    std.mem.writeInt(u16, message[2..4], checksumOf(message[0..length]), .big);
    const to = Address{ .address = guest };
    _ = checked("sendto", linux.sendto(socket, &message, length, 0, @ptrCast(&to), @sizeOf(Address)));

    var packet: [65536]u8 = undefined;
    var waits = [_]linux.pollfd{.{ .fd = socket, .events = linux.POLL.IN, .revents = 0 }};
    while (checked("poll", linux.poll(&waits, 1, timeout_ms)) == 1) {
        const received = checked("recvfrom", linux.recvfrom(socket, &packet, packet.len, 0, null, null));
        const header: usize = @as(usize, packet[0] & 0xf) * 4;
        if (received < ip_header_min + 8 or received < header + 8) continue;
        const answer = packet[header..received];
        if (answer[0] != echo_reply or !std.mem.eql(u8, answer[4..8], message[4..8])) continue;
        return std.mem.eql(u8, answer[8..], message[8..length]) and checksumOf(answer) == 0;
    }
    return false;
}

fn ask(control: i32, name: []const u8, request: u32, data: @FieldType(Request, "data")) void {
    var argument = Request{ .name = @splat(0), .data = data };
    @memcpy(argument.name[0..name.len], name);
    _ = checked("ioctl", linux.ioctl(control, request, @intFromPtr(&argument)));
}

/// The Internet checksum, RFC 1071.
fn checksumOf(bytes: []const u8) u16 {
    var sum: u32 = 0;
    for (bytes, 0..) |byte, at| sum += if (at % 2 == 0) @as(u32, byte) << 8 else byte;
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return @truncate(~sum);
}

/// In the order of the network, as it lies in memory.
fn addressOf(text: []const u8) u32 {
    var bytes: [4]u8 = undefined;
    var parts = std.mem.splitScalar(u8, text, '.');
    for (&bytes) |*byte| byte.* = std.fmt.parseInt(u8, parts.next().?, 10) catch unreachable;
    return @bitCast(bytes);
}

/// Returns what a system call returned, or ends the program with its error.
fn checked(what: []const u8, result: usize) usize {
    const signed: isize = @bitCast(result);
    if (signed >= 0) return result;
    print("{s}: error {d}\n", .{ what, -signed });
    linux.exit(1);
}

fn print(comptime format: []const u8, arguments: anytype) void {
    var text: [128]u8 = undefined;
    const line = std.fmt.bufPrint(&text, format, arguments) catch unreachable;
    _ = linux.write(1, line.ptr, line.len);
}
