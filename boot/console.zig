// Words and numbers for the console, without allocation and without a formatter: it must work inside a panic.
//
//   console.print(.{ "unknown system call ", number, " at ", console.hex(address), "\n" });

const output = @import("output.zig");

/// A number to be shown in hexadecimal.
pub const Hex = struct { value: u64, digits: u8 };

/// Shows `value` with as many digits as it needs.
pub fn hex(value: u64) Hex {
    return .{ .value = value, .digits = 1 };
}

/// Shows `value` with all 16 digits, for columns.
pub fn hex64(value: u64) Hex {
    return .{ .value = value, .digits = 16 };
}

/// Ends the line that the program has begun, if it has.
pub fn startLine() void {
    if (!output.atLineStart()) output.write("\n");
}

/// Prints each part in turn: strings as they are, C strings up to their NUL, unsigned integers in decimal, `hex` in
/// hexadecimal with 0x.
pub fn print(parts: anytype) void {
    inline for (parts) |part| {
        switch (@TypeOf(part)) {
            Hex => printHex(part),
            u8, u16, u32, u64, usize, comptime_int => printDecimal(part),
            [*:0]const u8 => printTerminated(part),
            else => output.write(part),
        }
    }
}

/// Byte by byte: to look for the end first would be the C library's strlen, and boot/ calls nothing outside itself.
fn printTerminated(text: [*:0]const u8) void {
    var index: usize = 0;
    while (text[index] != 0) : (index += 1) output.write(text[index .. index + 1]);
}

fn printHex(number: Hex) void {
    var buffer: [18]u8 = undefined;
    var start: usize = buffer.len;
    var rest = number.value;
    while (rest != 0 or buffer.len - start < number.digits) : (rest >>= 4) {
        start -= 1;
        buffer[start] = "0123456789abcdef"[@intCast(rest & 15)];
    }
    start -= 2;
    buffer[start] = '0';
    buffer[start + 1] = 'x';
    output.write(buffer[start..]);
}

fn printDecimal(number: u64) void {
    var buffer: [20]u8 = undefined;
    var start: usize = buffer.len;
    var rest = number;
    while (true) {
        start -= 1;
        buffer[start] = '0' + @as(u8, @intCast(rest % 10));
        rest /= 10;
        if (rest == 0) break;
    }
    output.write(buffer[start..]);
}
