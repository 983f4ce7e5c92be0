// Where the machine's words go: to the UART, on a board without one to the debug console, else nowhere.
//
// Always true: output never holds the machine up. What nobody takes is dropped: there is no one to tell.

const debug_console = @import("debug-console.zig");
const serial = @import("serial.zig");

const Device = enum { none, uart, debug_console };

var device: Device = .none;
var last_byte: u8 = '\n';

/// Finds the device.
pub inline fn open() void {
    if (serial.open()) {
        device = .uart;
    } else if (debug_console.answers()) {
        device = .debug_console;
    }
}

/// Writes all bytes as they are.
pub fn write(bytes: []const u8) void {
    if (bytes.len == 0) return;
    last_byte = bytes[bytes.len - 1];
    switch (device) {
        .uart => serial.write(bytes),
        .debug_console => debug_console.write(bytes),
        .none => {},
    }
}

/// Says whether the next byte begins a line.
pub fn atLineStart() bool {
    return last_byte == '\n';
}

/// Returns when the last byte has left: the machine may go off after it.
pub fn drain() void {
    if (device == .uart) serial.drain();
}
