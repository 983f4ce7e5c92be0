// The date out of the registers of a CMOS clock. test/unit/boot/calendar.test.ts runs it.

const std = @import("std");
const calendar = @import("calendar.zig");
const Reading = calendar.Reading;
const expectEqual = std.testing.expectEqual;

const bcd_24 = 0x02;
const binary_24 = 0x06;
const bcd_12 = 0x00;
const binary_12 = 0x04;

/// 2031-02-03T16:05:06Z.
const in_2031: ?u64 = 1927901106;
const reading_bcd: Reading = .{ .second = 0x06, .minute = 0x05, .hour = 0x16, .day = 0x03, .month = 0x02, .year = 0x31, .century = 0x20 };

fn with(comptime field: []const u8, value: u8) Reading {
    var reading = reading_bcd;
    @field(reading, field) = value;
    return reading;
}

test "four ways to say the same second" {
    try expectEqual(in_2031, calendar.secondsOf(reading_bcd, bcd_24));
    try expectEqual(in_2031, calendar.secondsOf(with("hour", 0x84), bcd_12));
    const binary: Reading = .{ .second = 6, .minute = 5, .hour = 16, .day = 3, .month = 2, .year = 31, .century = 20 };
    try expectEqual(in_2031, calendar.secondsOf(binary, binary_24));
    var afternoon = binary;
    afternoon.hour = 0x80 | 4;
    try expectEqual(in_2031, calendar.secondsOf(afternoon, binary_12));
}

test "12 is midnight and noon" {
    const midnight = in_2031.? - 16 * 3600;
    try expectEqual(@as(?u64, midnight), calendar.secondsOf(with("hour", 0x12), bcd_12));
    try expectEqual(@as(?u64, midnight + 12 * 3600), calendar.secondsOf(with("hour", 0x92), bcd_12));
    try expectEqual(null, calendar.secondsOf(with("hour", 0x00), bcd_12));
    try expectEqual(null, calendar.secondsOf(with("hour", 0x13), bcd_12));
}

test "a clock without a century, or with one of nonsense" {
    try expectEqual(in_2031, calendar.secondsOf(with("century", 0), bcd_24));
    try expectEqual(in_2031, calendar.secondsOf(with("century", 0x05), bcd_24));
    try expectEqual(in_2031, calendar.secondsOf(with("century", 0xff), bcd_24));
    const in_1971: Reading = .{ .second = 0, .minute = 0, .hour = 0, .day = 1, .month = 1, .year = 0x71, .century = 0 };
    try expectEqual(@as(?u64, 365 * 86400), calendar.secondsOf(in_1971, bcd_24));
    const in_2171: Reading = .{ .second = 0, .minute = 0, .hour = 0, .day = 1, .month = 1, .year = 0x71, .century = 0x21 };
    try expectEqual(@as(?u64, 6342969600), calendar.secondsOf(in_2171, bcd_24));
}

test "leap days are where they are" {
    const leap: Reading = .{ .second = 0x59, .minute = 0x59, .hour = 0x23, .day = 0x29, .month = 0x02, .year = 0x00, .century = 0x20 };
    try expectEqual(@as(?u64, 951868799), calendar.secondsOf(leap, bcd_24));
    var none = leap;
    none.century = 0x21; // 2100 has none.
    try expectEqual(null, calendar.secondsOf(none, bcd_24));
    none.century = 0x20;
    none.year = 0x23;
    try expectEqual(null, calendar.secondsOf(none, bcd_24));
}

test "what is no date" {
    try expectEqual(null, calendar.secondsOf(with("month", 0x13), bcd_24));
    try expectEqual(null, calendar.secondsOf(with("month", 0x00), bcd_24));
    try expectEqual(null, calendar.secondsOf(with("day", 0x00), bcd_24));
    try expectEqual(null, calendar.secondsOf(with("day", 0x31), bcd_24));
    try expectEqual(null, calendar.secondsOf(with("minute", 0x60), bcd_24));
    try expectEqual(null, calendar.secondsOf(with("second", 0x0a), bcd_24));
    try expectEqual(null, calendar.secondsOf(with("hour", 0x24), bcd_24));
    const absent: Reading = .{ .second = 0xff, .minute = 0xff, .hour = 0xff, .day = 0xff, .month = 0xff, .year = 0xff, .century = 0xff };
    for ([_]u8{ bcd_24, binary_24, bcd_12, binary_12, 0xff }) |mode| {
        try expectEqual(null, calendar.secondsOf(absent, mode));
    }
}
