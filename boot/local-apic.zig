// The local APIC: where interrupts arrive and are acknowledged, and its timer. Intel SDM vol. 3, chapter 10.
//
// Its registers are memory (xAPIC), or MSRs where firmware has left it in x2APIC mode. Which of them, and whether there
// is one, the processor says itself, with ACPI or without.

const layout = @import("layout.zig");
const paging = @import("paging.zig");
const processor = @import("processor.zig");

/// Offsets of the registers. Table 10-1; the MSR of one is 0x800 + offset / 16, table 10-6.
pub const Register = enum(u32) {
    id = 0x20,
    version = 0x30,
    task_priority = 0x80,
    end_of_interrupt = 0xb0,
    spurious_vector = 0xf0,
    in_service = 0x100, // Eight words of 32 vectors, 16 bytes apart.
    vector_timer = 0x320,
    vector_line_0 = 0x350,
    timer_initial_count = 0x380,
    timer_current_count = 0x390,
    timer_divide = 0x3e0,
    _,
};

/// Bits of the entries of the local vector table. Figure 10-8
pub const vector_masked = 1 << 16;

// IA32_APIC_BASE. §10.4.4
const msr_base = 0x1b;
const base_x2apic = 1 << 10;
const base_enable = 1 << 11;
const msr_registers = 0x800;

const software_enable = 1 << 8;
const registers_window = layout.controller_window;

var is_x2apic = false;

/// Enables it: nothing masked by priority, the 8259's line closed, `spurious_vector` for what is taken back. Returns
/// false where the processor has none.
pub fn open(spurious_vector: u8) bool {
    const features = processor.cpuid(1, 0);
    if (features.edx & 1 << 9 == 0) return false;
    const base = processor.readMsr(msr_base);
    if (base & base_enable == 0) processor.writeMsr(msr_base, base | base_enable);
    is_x2apic = base & base_x2apic != 0;
    const page = base & paging.address_mask & (processor.physicalEnd() - 1);
    if (!is_x2apic) paging.map(registers_window, page, layout.page_size, paging.device);
    write(.task_priority, 0);
    write(.vector_line_0, vector_masked);
    write(.vector_timer, vector_masked);
    write(.spurious_vector, software_enable | @as(u32, spurious_vector));
    return true;
}

pub fn read(register: Register) u32 {
    const offset = @intFromEnum(register);
    if (is_x2apic) return @truncate(processor.readMsr(msr_registers + offset / 16));
    return @as(*const volatile u32, @ptrFromInt(registers_window + offset)).*;
}

pub fn write(register: Register, value: u32) void {
    const offset = @intFromEnum(register);
    if (is_x2apic) return processor.writeMsr(msr_registers + offset / 16, value);
    @as(*volatile u32, @ptrFromInt(registers_window + offset)).* = value;
}

/// Says whether `vector` came through the local APIC and waits for its acknowledgement: an `int` instruction did not.
pub fn isInService(vector: u8) bool {
    const word: Register = @enumFromInt(@intFromEnum(Register.in_service) + @as(u32, vector / 32) * 16);
    return read(word) & @as(u32, 1) << @truncate(vector) != 0;
}

/// Lets the next interrupt come.
pub fn acknowledge() void {
    write(.end_of_interrupt, 0);
}

/// Returns the number by which messages and lines name this processor; null when it is more than they can say.
pub fn id() ?u8 {
    const value = read(.id);
    if (!is_x2apic) return @intCast(value >> 24);
    return if (value <= 0xff) @intCast(value) else null;
}
