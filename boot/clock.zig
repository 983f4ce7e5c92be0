// The clock: nanoseconds since kernel entry, from the time stamp counter, whose frequency is measured against the best
// reference there is.
//
//   PIT channel 2 (8254)  >  ACPI PM timer  >  CPUID  >  an assumption
//
// The PIT is started early in boot and read again when somebody first looks at the clock: the measurement takes the time
// that boot takes anyway, and a wait only where that was less than a millisecond. Its error is that of the two readings,
// 1 to 3 µs together, over the time between them: 0.3 % after 1 ms, 0.03 % after 10 ms.
//
// Always true: `now` never goes back, and it is exact to 2^-32 for as long as 64 bits of nanoseconds last.

const acpi = @import("acpi.zig");
const entry = @import("entry.zig");
const ports = @import("ports.zig");
const processor = @import("processor.zig");

/// What the frequency was measured against. The numbers are those of kernel/hal/clock.ts.
pub const Reference = enum(u8) { pit = 1, pm_timer = 2, cpuid = 3, assumed = 4 };

const nanoseconds_per_second = 1_000_000_000;
const assumed_hertz = 1_000_000_000;
/// Below this a measurement is nonsense.
const plausible_hertz_min = 1_000_000;

var reference: Reference = .assumed;
var hertz: u64 = assumed_hertz;
/// Nanoseconds a tick, with 32 binary places; 0 until somebody looks at the clock.
var scale: u64 = 0;
var last: u64 = 0;

/// The PIT's reading at the start.
var pit_start: ?Reading = null;

/// Starts the timer that the counter is measured against.
pub inline fn start() void {
    pit_start = startPit();
}

/// Measures the counter's frequency, once. A PIT that has gone round since the start, or was lost, is started anew.
fn calibrate() void {
    @branchHint(.cold);
    const measured = measure(pit, pit_start) orelse measure(pit, startPit());
    if (measured) |ticks_per_second| {
        set(.pit, ticks_per_second);
    } else if (measure(pm_timer, read(pm_timer))) |ticks_per_second| {
        set(.pm_timer, ticks_per_second);
    } else if (askProcessor()) |told| {
        set(.cpuid, told);
    } else {
        set(.assumed, assumed_hertz);
    }
}

fn set(source: Reference, ticks_per_second: u64) void {
    reference = source;
    hertz = ticks_per_second;
    scale = (nanoseconds_per_second << 32) / ticks_per_second;
}

/// Nanoseconds since the first instruction of the kernel.
pub fn now() callconv(.c) u64 {
    if (scale == 0) calibrate();
    last = @max(last, nanosecondsOf(processor.timeStamp() -% entry.entry_time_stamp));
    return last;
}

/// What `now` was at a reading of the time stamp counter.
pub fn timeOf(stamp: u64) u64 {
    return durationOf(stamp -% entry.entry_time_stamp);
}

/// The same for a reading that somebody else took, in two halves; 0 for one from before kernel entry.
pub fn timeOfCounter(high: u32, low: u32) callconv(.c) u64 {
    const stamp = @as(u64, high) << 32 | low;
    return if (stamp < entry.entry_time_stamp) 0 else timeOf(stamp);
}

/// Nanoseconds that `ticks` of the time stamp counter take.
pub fn durationOf(ticks: u64) u64 {
    if (scale == 0) calibrate();
    return nanosecondsOf(ticks);
}

inline fn nanosecondsOf(ticks: u64) u64 {
    return @truncate((@as(u128, ticks) * scale) >> 32);
}

/// Ticks of the time stamp counter a second.
pub fn frequency() callconv(.c) u64 {
    if (scale == 0) calibrate();
    return hertz;
}

pub fn referenceNumber() callconv(.c) u8 {
    if (scale == 0) calibrate();
    return @intFromEnum(reference);
}

/// A counter that counts up at a known rate and wraps at `mask`. `count` is null when it is not there or has gone round.
const Timer = struct { count: *const fn () ?u32, mask: u32, hertz: u64 };

/// A timer's count, and the time stamp counter in the middle of reading it.
const Reading = struct { count: u32, stamp: u64 };

/// The host may take the processor away in the middle of a reading: the shortest of some is the right one.
const attempts = 4;
/// A timer stands still when it has not moved for this many ticks of the time stamp counter: 13 µs at 5 GHz.
const still_ticks = 1 << 16;
/// A measurement ends within this many readings, even if timer and counter stop half way.
const readings_max = 250_000;

fn read(timer: Timer) ?Reading {
    var best: Reading = undefined;
    var shortest: u64 = ~@as(u64, 0);
    for (0..attempts) |_| {
        const before = processor.timeStamp();
        const count = timer.count() orelse return null;
        const duration = processor.timeStamp() -% before;
        if (duration >= shortest) continue;
        shortest = duration;
        best = .{ .count = count, .stamp = before +% duration / 2 };
    }
    return best;
}

/// Returns the counter's ticks a second, measured since `begin` and over a millisecond at least; null when the timer is
/// not there, stands still or has gone round.
fn measure(timer: Timer, begin: ?Reading) ?u64 {
    const first = begin orelse return null;
    for (0..readings_max) |_| {
        const reading = read(timer) orelse return null;
        const elapsed = (reading.count -% first.count) & timer.mask;
        const ticks = reading.stamp -% first.stamp;
        if (elapsed == 0 and ticks >= still_ticks) return null;
        if (elapsed < timer.hertz / 1000) continue;
        const measured = ticks * timer.hertz / elapsed;
        return if (measured >= plausible_hertz_min) measured else null;
    }
    return null;
}

// The 8254 interval timer: Intel 82C54 data sheet. Its channel 2 has its gate in port 0x61 and disturbs nobody.
const pit: Timer = .{ .count = pitCount, .mask = 0xffff, .hertz = 1_193_182 };
const pit_channel_2 = 0x42;
const pit_command = 0x43;
const speaker_control = 0x61;
const channel_2_count_once = 0xb0; // Channel 2, low byte then high byte, mode 0.
const channel_2_read_back = 0xc8; // Latches status and count of channel 2.
const status_output = 0x80; // It has counted down to 0 and gone on.
const status_null_count = 0x40; // It has not begun.

/// Lets it count down from 0xffff, which takes 55 ms.
fn startPit() ?Reading {
    const gate_on_speaker_off = (ports.read8(speaker_control) & 0xfc) | 1;
    ports.write8(speaker_control, gate_on_speaker_off);
    ports.write8(pit_command, channel_2_count_once);
    ports.write8(pit_channel_2, 0xff);
    ports.write8(pit_channel_2, 0xff);
    return read(pit);
}

fn pitCount() ?u32 {
    ports.write8(pit_command, channel_2_read_back);
    const status = ports.read8(pit_channel_2);
    const low: u32 = ports.read8(pit_channel_2);
    const high: u32 = ports.read8(pit_channel_2);
    if (status & (status_output | status_null_count) != 0) return null;
    return 0xffff - (high << 8 | low);
}

/// ACPI 6.5 §4.8.3.3
const pm_timer: Timer = .{ .count = pmTimerCount, .mask = 0xff_ffff, .hertz = 3_579_545 };

fn pmTimerCount() ?u32 {
    return if (acpi.pmTimerPort() != 0) ports.read32(acpi.pmTimerPort()) else null;
}

/// Leaf 0x15: ratio and crystal. Leaf 0x16: base frequency in MHz. Leaf 0x40000010: what a hypervisor says, in kHz.
fn askProcessor() ?u64 {
    const crystal = processor.cpuid(0x15, 0);
    if (crystal.eax != 0 and crystal.ebx != 0 and crystal.ecx != 0) {
        return @as(u64, crystal.ecx) * crystal.ebx / crystal.eax;
    }
    const base_megahertz = processor.cpuid(0x16, 0).eax & 0xffff;
    if (base_megahertz != 0) return @as(u64, base_megahertz) * 1_000_000;
    const under_hypervisor = processor.cpuid(1, 0).ecx & 1 << 31 != 0;
    const told_kilohertz = if (under_hypervisor) processor.cpuid(0x4000_0010, 0).eax else 0;
    return if (told_kilohertz >= plausible_hertz_min / 1000) @as(u64, told_kilohertz) * 1000 else null;
}
