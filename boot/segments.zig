// Segments and trap stacks: GDT and TSS. Intel SDM vol. 3, §3.4.5, §8.7.
//
// Long mode has flat segments; what is left of them is the TSS, which gives each kind of trap a stack of its own (IST).
// It must: the compiled code keeps data below rsp (the red zone), and a stack overflow leaves no stack to report it on.

const layout = @import("layout.zig");

/// One stack with a page below it that paging.zig leaves unmapped.
pub const Stack = extern struct {
    guard: [layout.page_size]u8 align(layout.page_size),
    bytes: [3 * layout.page_size]u8,

    fn top(stack: *const Stack) u64 {
        return @intFromPtr(stack) + @sizeOf(Stack);
    }
};

/// The stacks of the image. The names of the traps' are the indices of the IST.
pub const StackUse = enum(u3) {
    boot = 0,
    page_fault = 1,
    double_fault = 2,
    non_maskable_interrupt = 3,
    other_trap = 4,
    interrupt = 5,
};
pub var stacks: [6]Stack = undefined;

comptime {
    @export(&stacks, .{ .name = "boot_stacks" });
    // entry.zig starts on the first stack, before there is Zig.
    asm (
        \\.globl boot_stack_top
        \\.set boot_stack_top, boot_stacks + 0x4000
    );
    if (@sizeOf(Stack) != 0x4000) @compileError("boot_stack_top must be the end of the first stack");
}

/// Says whether `address` is in the unmapped page below one of the stacks.
pub fn isGuard(address: u64) bool {
    for (&stacks) |*stack| {
        if (address -% @intFromPtr(&stack.guard) < layout.page_size) return true;
    }
    return false;
}

pub const code_selector = 1 << 3;
const task_selector = 3 << 3;

const long_mode_code = 0x00af9a000000ffff;
const flat_data = 0x00cf92000000ffff;
var descriptors: [5]u64 align(8) = .{ 0, long_mode_code, flat_data, 0, 0 };

/// The 64-bit TSS (§8.7), of which only the seven IST slots and the offset of the I/O map matter.
const task_state_size = 104;
var task_state: [task_state_size]u8 align(16) = @splat(0);
const ist_offset = 36;
const io_map_offset = 102;

/// Loads the GDT with code, data and the TSS, and the task register.
pub inline fn load() void {
    for (1..stacks.len) |use| {
        const slot: *align(1) u64 = @ptrCast(&task_state[ist_offset + (use - 1) * 8]);
        slot.* = stacks[use].top();
    }
    const io_map: *align(1) u16 = @ptrCast(&task_state[io_map_offset]);
    io_map.* = task_state_size; // Beyond the limit: there is no map.

    const base = @intFromPtr(&task_state);
    const available_task_state = 0x89 << 40;
    const base_fields = (base & 0xff_ffff) << 16 | (base >> 24 & 0xff) << 56;
    descriptors[3] = (task_state_size - 1) | base_fields | available_task_state;
    descriptors[4] = base >> 32;
    loadTable("lgdt", @intFromPtr(&descriptors), @sizeOf(@TypeOf(descriptors)));
    asm volatile ("ltr %[selector]"
        :
        : [selector] "r" (@as(u16, task_selector)),
        : .{ .memory = true });
}

/// Executes `lgdt` or `lidt` for a table. The selectors stay: code and data are where entry.zig's GDT had them.
pub fn loadTable(comptime instruction: []const u8, address: u64, size: u16) void {
    const Pointer = extern struct { padding: [3]u16 = undefined, limit: u16, base: u64 };
    const pointer: Pointer align(8) = .{ .limit = size - 1, .base = address };
    asm volatile (instruction ++ " (%[pointer])"
        :
        : [pointer] "r" (&pointer.limit),
        : .{ .memory = true });
}
