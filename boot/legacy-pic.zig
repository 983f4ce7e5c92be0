// The two 8259 interrupt controllers of the PC, which firmware leaves open. Intel 8259A data sheet. They are told to be
// silent; where there are none, nobody hears it.

const ports = @import("ports.zig");

const command = 0x20;
const data = 0x21;
const second = 0x80; // The second one's ports lie this much higher.

const initialize = 0x11; // ICW1: edges, two of them, ICW4 follows.
const first_has_second_at_2 = 1 << 2; // ICW3.
const second_is_at_2 = 2;
const mode_8086 = 1; // ICW4.
const all_masked = 0xff;

/// Masks all lines. A line that is taken back in that moment can still come, at `vector_base` + 7: firmware left the base
/// among the exceptions.
pub fn silence(vector_base: u8) void {
    start(0, vector_base, first_has_second_at_2);
    start(second, vector_base, second_is_at_2);
}

fn start(offset: u16, vector_base: u8, connection: u8) void {
    ports.write8(command + offset, initialize);
    for ([_]u8{ vector_base, connection, mode_8086, all_masked }) |word| ports.write8(data + offset, word);
}
