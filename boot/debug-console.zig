// The debug console: a port that takes each byte as it comes. For boards without a UART.
// QEMU: -device isa-debugcon,iobase=0xe9,chardev=…

const ports = @import("ports.zig");

const port = 0xe9;
/// What the port reads as. Where nothing answers it is all ones.
const readback = 0xe9;

/// Says whether the console is there.
pub fn answers() bool {
    return ports.read8(port) == readback;
}

/// Writes all bytes as they are.
pub fn write(bytes: []const u8) void {
    ports.writeBytes(port, bytes);
}
