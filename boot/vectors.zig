// The interrupt descriptor table and the way from the processor to `handle` in traps.zig. Intel SDM vol. 3, §6.14.
//
//   vector n ─► stub n: push n, and 0 where the processor pushes no error code
//            ─► trap_common: push the registers
//            ─► trap_handler(frame), which is `handle` in traps.zig
//
// Interrupts have an entry of their own, interrupt-entry.zig, from the moment on when they are let in.
//
// Always true: every vector has a gate, every gate has an IST stack, interrupts are off inside.

const std = @import("std");
const interrupt_entry = @import("interrupt-entry.zig");
const segments = @import("segments.zig");
const traps = @import("traps.zig");

const exception_count = 32;
const vector_count = 256;

/// Vectors at which the processor pushes an error code. §6.15
const pushes_error_code = [_]u8{ 8, 10, 11, 12, 13, 14, 17, 21, 29, 30 };

/// Until interrupts are let in, all the vectors above the exceptions share one stub, which shows itself as this vector.
const unexpected_vector = 255;

const Gate = packed struct(u128) {
    offset_low: u16,
    selector: u16 = segments.code_selector,
    stack: u8,
    attributes: u8 = 0x8e, // Present, interrupt gate: interrupts off inside.
    offset_high: u48,
    reserved: u32 = 0,
};

var gates: [vector_count]Gate align(16) = undefined;
extern const trap_stubs: [exception_count + 1]u64;

/// Fills and loads the table: from here on a fault is a message and a status.
pub inline fn load() void {
    for (0..vector_count) |vector| gates[vector] = gateTo(trap_stubs[@min(vector, exception_count)], stackOf(vector));
    segments.loadTable("lidt", @intFromPtr(&gates), @sizeOf(@TypeOf(gates)));
}

inline fn gateTo(stub: u64, stack: segments.StackUse) Gate {
    return .{ .offset_low = @truncate(stub), .offset_high = @intCast(stub >> 16), .stack = @intFromEnum(stack) };
}

/// Leads all the vectors above the exceptions to the entry of interrupts.
pub fn openInterrupts() void {
    const interrupts = gates[exception_count..];
    for (interrupts, 0..) |*gate, index| gate.* = gateTo(interrupt_entry.stubOf(index), .interrupt);
}

fn stackOf(vector: usize) segments.StackUse {
    return switch (vector) {
        2 => .non_maskable_interrupt,
        8 => .double_fault,
        14 => .page_fault,
        else => .other_trap,
    };
}

fn stubText(comptime vector: u8, comptime label: u8) []const u8 {
    const has_code = std.mem.indexOfScalar(u8, &pushes_error_code, vector) != null;
    const dummy_code = if (has_code) "" else "push $0\n ";
    return std.fmt.comptimePrint("trap_stub{d}: {s}push ${d}\n jmp trap_common\n", .{ label, dummy_code, vector });
}

const stubs_text = blk: {
    @setEvalBranchQuota(100_000);
    var stubs: []const u8 = ".pushsection .text.traps, \"ax\", @progbits\n";
    var table: []const u8 = ".pushsection .rodata.traps, \"a\", @progbits\n.balign 8\n.globl trap_stubs\ntrap_stubs:\n";
    for (0..exception_count + 1) |label| {
        stubs = stubs ++ stubText(if (label < exception_count) label else unexpected_vector, label);
        table = table ++ std.fmt.comptimePrint(".quad trap_stub{d}\n", .{label});
    }
    break :blk stubs ++ ".popsection\n" ++ table ++ ".popsection\n";
};

comptime {
    // The processor aligns the IST stack to 16 and pushes 5 words, the stub 2, this 15: the call is aligned as the C
    // ABI wants it. The vector registers are not saved: boot/ is compiled without them, and what runs in a trap calls
    // nothing outside boot/. QEMU enters a trap with an empty stack segment, and keeps code that runs with another one
    // translated apart: what a trap shares with a system call would be translated twice.
    asm (stubs_text ++
            \\.pushsection .text.traps, "ax", @progbits
            \\trap_common:
            \\  push %rax
            \\  push %rbx
            \\  push %rcx
            \\  push %rdx
            \\  push %rsi
            \\  push %rdi
            \\  push %rbp
            \\  push %r8
            \\  push %r9
            \\  push %r10
            \\  push %r11
            \\  push %r12
            \\  push %r13
            \\  push %r14
            \\  push %r15
            \\  mov $16, %eax           # The segment that everything else has: see above.
            \\  mov %eax, %ss
            \\  cld
            \\  mov %rsp, %rdi
            \\  call trap_handler
            \\  pop %r15
            \\  pop %r14
            \\  pop %r13
            \\  pop %r12
            \\  pop %r11
            \\  pop %r10
            \\  pop %r9
            \\  pop %r8
            \\  pop %rbp
            \\  pop %rdi
            \\  pop %rsi
            \\  pop %rdx
            \\  pop %rcx
            \\  pop %rbx
            \\  pop %rax
            \\  add $16, %rsp
            \\  iretq
            \\.popsection
    );
    @export(&traps.handle, .{ .name = "trap_handler" });
}
