// Switching the machine off, and resetting it. Each is several ways in turn; a way that has not worked after a second
// has failed.
//
//   off     ACPI's soft-off state  >  isa-debug-exit, with status 0  >  a line that says so, halted
//   reset   FADT's reset register  >  the chipset's port 0xcf9  >  keyboard controller  >  triple fault
//
// The DSDT's methods _PTS and _GTS, which may want to hear of it, are not run: this is no interpreter (aml.zig).

const std = @import("std");
const acpi = @import("acpi.zig");
const clock = @import("clock.zig");
const console = @import("console.zig");
const exit = @import("exit.zig");
const fadt = @import("fadt.zig");
const layout = @import("layout.zig");
const mmio = @import("mmio.zig");
const output = @import("output.zig");
const ports = @import("ports.zig");
const processor = @import("processor.zig");

/// An emulator does what it was asked for in a thread of its own, which may wait for a processor of the host.
const patience_ns = 1_000_000_000;

/// Switches the machine off. Where nothing does that, says so and halts.
pub fn poweroff() callconv(.c) noreturn {
    output.drain();
    processor.disableInterrupts();
    const is_stated = enterSoftOff();
    exit.tryToLeave(0);
    const state = if (is_stated) "ACPI's soft-off state had no effect" else "ACPI does not state how it is switched off";
    console.print(.{ "halted: ", state, ", and this machine has no isa-debug-exit device to leave by\n" });
    output.drain();
    processor.halt();
}

/// Resets the machine. The last way cannot fail.
pub fn reboot() callconv(.c) noreturn {
    output.drain();
    processor.disableInterrupts();
    resetByAcpi();
    resetByChipset();
    resetByKeyboardController();
    processor.tripleFault();
}

/// Returns, after a while, when the machine is still on: whether ACPI says how it is switched off.
fn enterSoftOff() bool {
    const table = acpi.fadt() orelse return false;
    const types = fadt.softOff(acpi.dsdt() orelse return false) orelse return false;
    if (fadt.sleepControl(table)) |register| {
        writeSleepControl(register, types.a);
    } else {
        const register = fadt.pm1Control(table, .a) orelse return false;
        writePm1Control(register, types.a);
        if (fadt.pm1Control(table, .b)) |second| writePm1Control(second, types.b);
    }
    wait();
    return true;
}

/// SLP_TYP is bits 2 to 4, SLP_EN bit 5. ACPI 6.5 §4.8.3.7
fn writeSleepControl(register: fadt.Register, sleep_type: u3) void {
    write(u8, register, @as(u8, sleep_type) << 2 | 1 << 5);
}

/// SLP_TYP is bits 10 to 12, SLP_EN bit 13; the others keep their values. ACPI 6.5 §4.8.3.2.1
fn writePm1Control(register: fadt.Register, sleep_type: u3) void {
    const kept = read(u16, register) & 0xc3ff;
    const with_type = kept | @as(u16, sleep_type) << 10;
    write(u16, register, with_type);
    write(u16, register, with_type | 1 << 13);
}

fn resetByAcpi() void {
    const stated = fadt.reset(acpi.fadt() orelse return) orelse return;
    write(u8, stated.register, stated.value);
    wait();
}

/// RST_CNT: SYS_RST chooses a hard reset, RST_CPU going from 0 to 1 does it. Intel 82801IB (ICH9) data sheet §13.7.5
fn resetByChipset() void {
    const reset_control = 0xcf9;
    const system_reset = 1 << 1;
    const reset_cpu = 1 << 2;
    ports.write8(reset_control, system_reset);
    ports.write8(reset_control, system_reset | reset_cpu);
    wait();
}

/// Command 0xfe pulses the line that resets the processor. Intel 8042; nothing is there when all bits read as one.
fn resetByKeyboardController() void {
    const status_and_command = 0x64;
    if (ports.read8(status_and_command) == 0xff) return;
    ports.write8(status_and_command, 0xfe);
    wait();
}

fn wait() void {
    const start = clock.now();
    while (clock.now() - start < patience_ns) std.atomic.spinLoopHint();
}

fn read(comptime Word: type, register: fadt.Register) Word {
    return switch (register.space) {
        .io => if (Word == u8) ports.read8(@intCast(register.address)) else ports.read16(@intCast(register.address)),
        .memory => (mapped(Word, register) orelse return 0).*,
    };
}

fn write(comptime Word: type, register: fadt.Register, value: Word) void {
    switch (register.space) {
        .io => if (Word == u8) ports.write8(@intCast(register.address), value) else ports.write16(@intCast(register.address), value),
        .memory => (mapped(Word, register) orelse return).* = value,
    }
}

/// Null where the address cannot be that of a register.
fn mapped(comptime Word: type, register: fadt.Register) ?*volatile Word {
    if (register.address % @sizeOf(Word) != 0) return null;
    const offset = mmio.map(register.address, @sizeOf(Word));
    return if (offset != mmio.map_failed) @ptrFromInt(layout.mmio_window + offset) else null;
}
