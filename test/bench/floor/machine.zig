// What the floor driver needs of the machine besides the disk: the serial port, the time stamp counter, the way out.

fn out8(port: u16, value: u8) void {
    asm volatile ("outb %[value], %[port]"
        :
        : [value] "{al}" (value),
          [port] "{dx}" (port),
    );
}

fn in8(port: u16) u8 {
    return asm volatile ("inb %[port], %[value]"
        : [value] "={al}" (-> u8),
        : [port] "{dx}" (port),
    );
}

/// Returns the time stamp counter. It is read by the code before and after what is timed, never inside.
pub fn timeStamp() u64 {
    var high: u32 = undefined;
    const low = asm volatile ("rdtsc"
        : [low] "={eax}" (-> u32),
          [high] "={edx}" (high),
        :
        : .{ .memory = true });
    return @as(u64, high) << 32 | low;
}

const com1 = 0x3f8;
const line_status = com1 + 5;
const holding_register_empty = 0x20;
const transmitter_empty = 0x40;

/// Writes text to the first serial port.
pub fn print(text: []const u8) void {
    for (text) |byte| {
        while (in8(line_status) & holding_register_empty == 0) {}
        out8(com1, byte);
    }
}

/// Writes a number in decimal.
pub fn printNumber(number: u64) void {
    var digits: [20]u8 = undefined;
    var at: usize = digits.len;
    var rest = number;
    while (true) {
        at -= 1;
        digits[at] = '0' + @as(u8, @intCast(rest % 10));
        rest /= 10;
        if (rest == 0) break;
    }
    print(digits[at..]);
}

/// Ends QEMU by isa-debug-exit with a status, as boot/exit.zig does.
pub fn leave(status: u8) noreturn {
    while (in8(line_status) & transmitter_empty == 0) {}
    while (true) out8(0xf4, 0x40 | status);
}

/// Says what went wrong and ends QEMU with status 1.
pub fn fail(what: []const u8) noreturn {
    print("floor: ");
    print(what);
    print("\n");
    leave(1);
}
