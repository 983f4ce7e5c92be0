// The way from the processor to `note` in interrupts.zig. Intel SDM vol. 3, §6.14.
//
//   vector n ─► stub n: push n ─► interrupt_common: save what C may change ─► interrupt_note(n) ─► back
//
// Nothing calls out of boot/ here, so the vector registers are as they were. The stack is the gate's own: compiled code
// keeps data below rsp.

const std = @import("std");
const interrupts = @import("interrupts.zig");

const first_vector = 32;
const stub_count = 256 - first_vector;
const stub_size = 8;

extern const interrupt_stubs: [stub_count][stub_size]u8;

/// Address of the stub of vector 32 + `index`.
pub fn stubOf(index: usize) u64 {
    return @intFromPtr(&interrupt_stubs[index]);
}

/// The vector as a signed byte makes a push of two bytes; the low byte of what is pushed is the vector.
const stubs_text = blk: {
    @setEvalBranchQuota(100_000);
    var text: []const u8 = "";
    for (first_vector..256) |vector| {
        const pushed: i8 = @bitCast(@as(u8, vector));
        text = text ++ std.fmt.comptimePrint(".balign {d}\npush ${d}\njmp interrupt_common\n", .{ stub_size, pushed });
    }
    break :blk text;
};

comptime {
    // The processor aligns the IST stack to 16 and pushes 5 words, the stub 1, this 10: the call is aligned as the C ABI
    // wants it.
    asm (".pushsection .text.interrupts, \"ax\", @progbits\n.balign 8\n.globl interrupt_stubs\ninterrupt_stubs:\n" ++ stubs_text ++
            \\interrupt_common:
            \\  push %rbp
            \\  push %rax
            \\  push %rcx
            \\  push %rdx
            \\  push %rsi
            \\  push %rdi
            \\  push %r8
            \\  push %r9
            \\  push %r10
            \\  push %r11
            \\  cld
            \\  movzbl 80(%rsp), %edi
            \\  call interrupt_note
            \\  pop %r11
            \\  pop %r10
            \\  pop %r9
            \\  pop %r8
            \\  pop %rdi
            \\  pop %rsi
            \\  pop %rdx
            \\  pop %rcx
            \\  pop %rax
            \\  pop %rbp
            \\  add $8, %rsp
            \\  iretq
            \\.popsection
    );
    @export(&interrupts.note, .{ .name = "interrupt_note" });
}
