// Interrupts: which vector is whose, which have come, and the wait for the next one. Intel SDM vol. 3, chapters 6 and 10.
//
//   processor ─► interrupt-entry.zig ─► note ─► a ring of vectors ─► `next`, when the program is ready for it
//
// The ring holds a vector once, so that it never gets full: `note` adds at its head, `next` takes at its tail. Nothing is
// driven, and no interrupt let in, before the first vector is asked for or the first wait.
//
// Always true: after that, interrupts are off only inside traps and for the few instructions that say so here.

const std = @import("std");
const clock = @import("clock.zig");
const io_apic = @import("io-apic.zig");
const legacy_pic = @import("legacy-pic.zig");
const local_apic = @import("local-apic.zig");
const panic = @import("panic.zig");
const processor = @import("processor.zig");
const sampling = @import("sampling.zig");
const timer = @import("timer.zig");
const trace = @import("trace.zig");
const vectors = @import("vectors.zig");

// The numbers are those of kernel/hal/interrupts.ts.
const vector_none = 0;
const vector_first = 0x20;
const vector_last = 0xef;
const no_deadline = (1 << 53) - 1;

// Our own, above those that are handed out. The local APIC wants the low four bits of the spurious one set on some
// processors (§10.9); an 8259's is its base + 7.
const legacy_base = 0xf0;
const vector_legacy_spurious = legacy_base + 7;
const vector_timer = 0xf8;
const vector_spurious = 0xff;

const State = enum { unused, absent, running };
var state: State = .unused;
/// The number of this processor, for messages and lines.
var destination: u8 = 0;
var allocated_end: u8 = vector_first;

var counts: [256]u64 = @splat(0);
var unexpected_count: u64 = 0;
var spurious_count: u64 = 0;
/// The time stamp counter at the entry of the last one.
var last_stamp: u64 = 0;
var lines: [256]?io_apic.Line = @splat(null);

var is_in_ring: [256]bool = @splat(false);
var ring: [256]u8 = undefined;
var head: u8 = 0;
var tail: u8 = 0;

/// Says whether the controllers run, and starts them the first time.
fn start() bool {
    if (state == .unused) state = if (startControllers()) .running else .absent;
    return state == .running;
}

fn startControllers() bool {
    @branchHint(.cold);
    if (!local_apic.open(vector_spurious)) return false;
    destination = local_apic.id() orelse return false;
    legacy_pic.silence(legacy_base);
    io_apic.open();
    timer.open(vector_timer);
    vectors.openInterrupts();
    processor.enableInterrupts();
    return true;
}

/// Starts the controllers, and the timer for samples of a profile, where there is one.
pub fn startSampling() void {
    if (start() and timer.prepare()) timer.arm(clock.now(), sampling.period_ns);
}

/// Returns a vector that nobody has, 0 where there is none.
pub fn allocate() callconv(.c) u8 {
    if (!start() or allocated_end > vector_last) return vector_none;
    allocated_end += 1;
    return allocated_end - 1;
}

fn isAllocated(vector: u8) bool {
    return vector >= vector_first and vector < @as(*volatile u8, &allocated_end).*;
}

/// The physical address of messages to this processor, 0 where it takes none. §10.11.1
pub fn messageAddress() callconv(.c) u32 {
    return if (start()) 0xfee0_0000 | @as(u32, destination) << 12 else 0;
}

/// Sends a line to a vector. Returns false where no I/O APIC has it, or the vector has another level line.
pub fn route(gsi: u32, vector: u8, is_level: bool, is_active_low: bool) callconv(.c) bool {
    if (!start() or !isAllocated(vector)) return false;
    const line = io_apic.lineOf(gsi) orelse return false;
    if (lines[vector]) |other| if (!std.meta.eql(line, other)) return false;
    processor.disableInterrupts();
    defer processor.enableInterrupts();
    for (&lines) |*taken| if (taken.* != null and std.meta.eql(line, taken.*.?)) {
        taken.* = null;
    };
    if (is_level) lines[vector] = line;
    line.route(vector, destination, is_level, is_active_low);
    return true;
}

/// Opens the level line of a vector.
pub fn rearm(vector: u8) callconv(.c) void {
    const line = lines[vector] orelse return;
    processor.disableInterrupts(); // The entry masks lines, and a register takes two accesses.
    line.setMasked(false);
    processor.enableInterrupts();
}

/// The entry of every interrupt. Interrupts are off.
pub fn note(vector: u8) callconv(.c) void {
    counts[vector] +%= 1;
    last_stamp = processor.timeStamp();
    if (isAllocated(vector)) {
        if (lines[vector]) |line| line.setMasked(true);
        if (!is_in_ring[vector]) {
            is_in_ring[vector] = true;
            ring[head] = vector;
            head +%= 1;
        }
    } else if (vector == vector_timer) {
        timer.expire();
        if (sampling.enabled) {
            sampling.take(@frameAddress());
            timer.arm(clock.now(), sampling.period_ns);
        }
    } else if (!noteStranger(vector)) {
        return;
    }
    local_apic.acknowledge();
    if (trace.enabled) trace.note(.interrupt, vector, last_stamp);
}

/// Counts a vector that nobody has. Returns whether it must be acknowledged: an interrupt that was taken back before it
/// was delivered comes at a vector for that, and is not in service. §10.9
fn noteStranger(vector: u8) bool {
    @branchHint(.cold);
    const is_in_service = local_apic.isInService(vector);
    const is_spurious = !is_in_service and (vector == vector_spurious or vector == vector_legacy_spurious);
    if (is_spurious) spurious_count += 1 else unexpected_count += 1;
    return is_in_service;
}

/// Says whether a vector is noted.
pub fn isNoted() callconv(.c) bool {
    return @as(*volatile u8, &head).* != tail;
}

/// Takes the vector noted first, 0 for none. Out of the ring comes last: one that comes in between is in it twice, for a
/// moment, and is taken once more than needed.
pub fn next() callconv(.c) u8 {
    if (!isNoted()) return vector_none;
    const vector = @as(*volatile u8, &ring[tail]).*;
    @as(*volatile bool, &is_in_ring[vector]).* = false;
    @as(*volatile u8, &tail).* = tail +% 1;
    return vector;
}

pub fn count(vector: u8) callconv(.c) u64 {
    return @as(*volatile u64, &counts[vector]).*;
}

/// When the last interrupt came, in nanoseconds of the clock.
pub fn lastTime() callconv(.c) u64 {
    return clock.timeOf(@as(*volatile u64, &last_stamp).*);
}

/// The same, null when there was none.
pub fn lastArrival() ?u64 {
    return if (@as(*volatile u64, &last_stamp).* == 0) null else lastTime();
}

pub fn unexpectedCount() callconv(.c) u64 {
    return @as(*volatile u64, &unexpected_count).*;
}

pub fn spuriousCount() callconv(.c) u64 {
    return @as(*volatile u64, &spurious_count).*;
}

/// Halts until a vector is noted or the clock says `deadline`. The last look is behind `cli`: what comes after it ends
/// the halt.
pub fn idleUntil(deadline: u64) callconv(.c) void {
    if (!start()) return waitAwake(deadline);
    if (deadline != no_deadline and !timer.prepare()) return waitAwake(deadline);
    while (true) {
        processor.disableInterrupts();
        defer processor.enableInterrupts();
        if (isNoted()) return;
        if (deadline != no_deadline) {
            const now = clock.now();
            if (now >= deadline) return;
            timer.arm(now, deadline - now);
        }
        trace.note(.halt, 0, 0);
        processor.enableInterruptsAndWait();
        trace.note(.wake, 0, 0);
    }
}

fn waitAwake(deadline: u64) void {
    if (deadline == no_deadline) panic.stop(.panic, .{"the program waits for an interrupt, and the processor has no local APIC"});
    while (!isNoted() and clock.now() < deadline) std.atomic.spinLoopHint();
}
