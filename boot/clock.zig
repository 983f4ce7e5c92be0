// The clock: nanoseconds since kernel entry, from the time stamp counter, whose frequency is measured against the best
// reference there is.
//
//   PIT channel 2 (8254), 1 ms  >  ACPI PM timer, 1 ms  >  CPUID  >  an assumption
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
/// Nanoseconds a tick, with 32 binary places.
var scale: u64 = 1 << 32;
var last: u64 = 0;

/// Measures the counter's frequency; takes about 1 ms where a timer is there.
pub fn calibrate() void {
    if (measurePit()) |measured| {
        set(.pit, measured);
    } else if (measurePmTimer()) |measured| {
        set(.pm_timer, measured);
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
    const ticks = processor.timeStamp() -% entry.entry_time_stamp;
    const nanoseconds: u64 = @truncate((@as(u128, ticks) * scale) >> 32);
    last = @max(last, nanoseconds);
    return last;
}

/// Ticks of the time stamp counter a second.
pub fn frequency() callconv(.c) u64 {
    return hertz;
}

pub fn referenceNumber() callconv(.c) u8 {
    return @intFromEnum(reference);
}

/// A counter that counts up at a known rate and wraps at `mask`.
const Timer = struct { read: *const fn () u32, mask: u32, hertz: u64 };

/// A timer stands still when it has not moved for this many reads and this many ticks of the time stamp counter: 13 µs
/// at 5 GHz.
const still_reads = 64;
const still_ticks = 1 << 16;
/// A measurement ends within this many reads, even if timer and counter stop half way.
const reads_max = 1_000_000;

/// Returns the counter's ticks a second, measured over a millisecond of `timer`; null when the timer stands still.
fn measure(timer: Timer) ?u64 {
    const begin = awaitTick(timer) orelse return null;
    const begin_stamp = processor.timeStamp();
    for (0..reads_max) |_| {
        const elapsed = (timer.read() -% begin) & timer.mask;
        const stamp = processor.timeStamp();
        if (elapsed < timer.hertz / 1000) continue;
        const measured = (stamp - begin_stamp) * timer.hertz / elapsed;
        return if (measured >= plausible_hertz_min) measured else null;
    }
    return null;
}

/// Returns the timer's count just after it has moved: a measurement begins at the edge of a tick.
fn awaitTick(timer: Timer) ?u32 {
    const first = timer.read();
    const first_stamp = processor.timeStamp();
    for (0..reads_max) |reads| {
        const count = timer.read();
        if (count != first) return count;
        if (reads >= still_reads and processor.timeStamp() -% first_stamp >= still_ticks) return null;
    }
    return null;
}

// The 8254 interval timer: Intel 82C54 data sheet. Its channel 2 has its gate in port 0x61 and disturbs nobody.
const pit_channel_2 = 0x42;
const pit_command = 0x43;
const speaker_control = 0x61;
const pit_hertz = 1_193_182;
const channel_2_count_once = 0xb0; // Channel 2, low byte then high byte, mode 0.
const channel_2_latch = 0x80;

fn measurePit() ?u64 {
    const gate_on_speaker_off = (ports.read8(speaker_control) & 0xfc) | 1;
    ports.write8(speaker_control, gate_on_speaker_off);
    ports.write8(pit_command, channel_2_count_once);
    ports.write8(pit_channel_2, 0xff);
    ports.write8(pit_channel_2, 0xff);
    return measure(.{ .read = readPit, .mask = 0xffff, .hertz = pit_hertz });
}

/// It counts down from 0xffff.
fn readPit() u32 {
    ports.write8(pit_command, channel_2_latch);
    const low: u32 = ports.read8(pit_channel_2);
    const high: u32 = ports.read8(pit_channel_2);
    return 0xffff - (high << 8 | low);
}

/// ACPI 6.5 §4.8.3.3
const pm_timer_hertz = 3_579_545;

fn measurePmTimer() ?u64 {
    if (acpi.pmTimerPort() == 0) return null;
    return measure(.{ .read = readPmTimer, .mask = 0xff_ffff, .hertz = pm_timer_hertz });
}

fn readPmTimer() u32 {
    return ports.read32(acpi.pmTimerPort());
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
