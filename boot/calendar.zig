// What the registers of the CMOS clock mean. Motorola MC146818A data sheet, table 3.
//
// Always true: what is no date since 1970 is null.

/// Status B: binary instead of BCD, and 24 hours instead of 12.
const data_mode_binary = 0x04;
const mode_24_hours = 0x02;
/// Hours of the 12-hour mode: afternoon.
const afternoon = 0x80;

/// The registers as they are.
pub const Reading = struct { second: u8, minute: u8, hour: u8, day: u8, month: u8, year: u8, century: u8 };

/// Returns the seconds since 1970 of a reading; null when it is no date since then.
pub fn secondsOf(reading: Reading, mode: u8) ?u64 {
    const is_binary = mode & data_mode_binary != 0;
    const second = number(reading.second, is_binary) orelse return null;
    const minute = number(reading.minute, is_binary) orelse return null;
    const hour = hourOf(reading.hour, mode) orelse return null;
    const day = number(reading.day, is_binary) orelse return null;
    const month = number(reading.month, is_binary) orelse return null;
    const year = yearOf(reading, is_binary) orelse return null;
    if (second > 60 or minute > 59 or hour > 23 or month < 1 or month > 12) return null;
    if (day < 1 or day > daysOf(month, year) or year < 1970) return null;
    return ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
}

/// Binary as it is; of BCD both digits, null when one is none.
fn number(value: u8, is_binary: bool) ?u64 {
    if (is_binary) return value;
    const tens = value >> 4;
    const ones = value & 0xf;
    return if (tens > 9 or ones > 9) null else @as(u64, tens) * 10 + ones;
}

/// 12 stands for 0 in the 12-hour mode.
fn hourOf(value: u8, mode: u8) ?u64 {
    const is_binary = mode & data_mode_binary != 0;
    if (mode & mode_24_hours != 0) return number(value, is_binary);
    const hour = number(value & ~@as(u8, afternoon), is_binary) orelse return null;
    if (hour < 1 or hour > 12) return null;
    return hour % 12 + @as(u64, if (value & afternoon != 0) 12 else 0);
}

/// Without a century, years from 70 on are of the last one.
fn yearOf(reading: Reading, is_binary: bool) ?u64 {
    const year = number(reading.year, is_binary) orelse return null;
    if (year > 99) return null;
    const century = number(reading.century, is_binary) orelse 0;
    if (century >= 19 and century <= 99) return century * 100 + year;
    return if (year < 70) 2000 + year else 1900 + year;
}

fn isLeap(year: u64) bool {
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0);
}

fn daysOf(month: u64, year: u64) u64 {
    return switch (month) {
        2 => if (isLeap(year)) 29 else 28,
        4, 6, 9, 11 => 30,
        else => 31,
    };
}

fn daysSince1970(year: u64, month: u64, day: u64) u64 {
    var days = day - 1;
    for (1970..year) |earlier| days += if (isLeap(earlier)) 366 else 365;
    for (1..month) |earlier| days += daysOf(earlier, year);
    return days;
}
