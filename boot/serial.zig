// The serial console: the first 16550 UART, polled. National Semiconductor PC16550D, §8.
// QEMU: -serial stdio (or any other chardev).
//
// Always true: a byte is written only after the transmitter said that its FIFO is empty, and no wait is endless.

const ports = @import("ports.zig");

const base = 0x3f8; // COM1
//    register                     offset    access
const data = base + 0; //           0        W, while the divisor latch is closed
const divisor_low = base + 0; //    0        RW, while it is open
const interrupt_enable = base + 1; // 1      RW
const divisor_high = base + 1; //   1        RW, while it is open
const fifo_control = base + 2; //   2        W
const line_control = base + 3; //   3        RW
const modem_control = base + 4; //  4        RW
const line_status = base + 5; //    5        R
const scratch = base + 7; //        7        RW

const fifo_on_and_cleared = 0x07;
const divisor_latch_open = 0x80;
const eight_bits_no_parity_one_stop = 0x03;
const ready_and_request_to_send = 0x03;
const holding_register_empty = 0x20; // In FIFO mode: all 16 places are free.
const transmitter_empty = 0x40; // The last bit has left.

const fifo_size = 16;

/// A port read takes about 1 µs on hardware and 0.1–1 µs under emulation: this is ten seconds or more.
const polls_max = 1 << 26;

/// Polls before a wait is given up. After one that was, each further byte gets a single one, until the reader is back.
var patience: u32 = polls_max;

/// Sets the UART to 115200 baud, 8 bits, FIFO on, interrupts off. Returns false where there is none.
pub inline fn open() bool {
    ports.write8(scratch, 0x5a);
    if (ports.read8(scratch) != 0x5a) return false;
    ports.write8(interrupt_enable, 0);
    ports.write8(line_control, divisor_latch_open);
    ports.write8(divisor_low, 1);
    ports.write8(divisor_high, 0);
    ports.write8(line_control, eight_bits_no_parity_one_stop);
    ports.write8(fifo_control, fifo_on_and_cleared);
    ports.write8(modem_control, ready_and_request_to_send);
    return true;
}

/// Writes all bytes as they are. While nobody reads what QEMU passes on, they are dropped.
pub fn write(bytes: []const u8) void {
    var rest = bytes;
    while (rest.len != 0) {
        if (!wait(holding_register_empty)) return;
        const burst = @min(rest.len, fifo_size);
        ports.writeBytes(data, rest[0..burst]);
        rest = rest[burst..];
    }
}

/// Returns when the last byte has left: the machine may go off after it.
pub fn drain() void {
    _ = wait(transmitter_empty);
}

fn wait(status: u8) bool {
    for (0..patience) |_| {
        if (ports.read8(line_status) & status == 0) continue;
        patience = polls_max;
        return true;
    }
    patience = 1;
    return false;
}
