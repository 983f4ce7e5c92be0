// A fence between this processor and devices that an emulator keeps, too. QEMU's TCG leaves out every fence of a guest
// with one processor (tcg/tcg-op.c, tcg_gen_mb), though its devices run in other threads of the host. An access to a port
// makes it take its lock, which orders the host's memory as a fence does, and which each device takes that looks at ours.

const ports = @import("ports.zig");
const processor = @import("processor.zig");

/// The POST code's: reading it means nothing.
const harmless_port = 0x80;

/// Whether a fence is done; null until somebody asks.
var is_fence_done: ?bool = null;

/// Lets what is loaded afterwards be newer than what devices saw of the stores before.
pub fn fence() callconv(.c) void {
    asm volatile ("mfence" ::: .{ .memory = true });
    const is_done = is_fence_done orelse ask();
    if (!is_done) _ = ports.read8(harmless_port);
}

/// Leaf 0x40000000: the name of the hypervisor, which is TCGTCGTCGTCG.
fn ask() bool {
    @branchHint(.cold);
    const under_hypervisor = processor.cpuid(1, 0).ecx & 1 << 31 != 0;
    const name_of_emulator = 0x54474354; // "TCGT"
    is_fence_done = !under_hypervisor or processor.cpuid(0x4000_0000, 0).ebx != name_of_emulator;
    return is_fence_done.?;
}
