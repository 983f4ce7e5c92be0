// The program: its stack, what the C runtime expects on it, and the jump. System V ABI, x86-64, §3.4.1.
//
//   rsp ─► argc │ argv[0] │ NULL │ NULL (environment) │ auxiliary vector … AT_NULL │ 16 random bytes │ "hedyn"

const std = @import("std");
const layout = @import("layout.zig");
const pages = @import("pages.zig");
const panic = @import("panic.zig");
const processor = @import("processor.zig");
const regions = @import("regions.zig");

const stack_length_max = 32 << 20;
const stack_length_min = 256 << 10;
const nursery_bytes_max = 32 << 20;
const nursery_bytes_min = 1 << 20;

/// Bytes that the program's garbage collector allocates before it collects the young. On a small machine it must
/// collect sooner: a quarter of RAM, 1 MiB to 32 MiB. The build tool puts it in the place of Porffor's constant.
pub var nursery_bytes: u32 = nursery_bytes_max;

const name = "hedyn";
const AuxiliaryEntry = extern struct { type: u64, value: u64 };

const InitialStack = extern struct {
    argument_count: u64,
    arguments: [2]u64,
    environment: [1]u64,
    auxiliary: [8]AuxiliaryEntry,
    random: [2]u64,
    name: [8]u8,
};

/// Starts the program on a fresh stack of its own; it ends by exit or panic.
pub inline fn start() noreturn {
    nursery_bytes = @intCast(std.math.clamp(pages.totalBytes() / 4, nursery_bytes_min, nursery_bytes_max));
    const top = makeStack();
    const stack: *InitialStack = @ptrFromInt(layout.alignDown(top - @sizeOf(InitialStack), 16));
    fill(stack);
    asm volatile (
        \\mov %[stack], %%rsp
        \\xor %%ebp, %%ebp      # The backtrace ends here.
        \\xor %%edx, %%edx      # No function to call at exit.
        \\jmp _start
        :
        : [stack] "r" (stack),
        : .{ .memory = true });
    unreachable;
}

/// An eighth of RAM, so that a runaway recursion meets the guard page and not the end of memory. Pages come on
/// demand.
inline fn makeStack() u64 {
    const wanted = std.math.clamp(pages.totalBytes() / 8, stack_length_min, stack_length_max);
    const length = layout.alignDown(wanted, layout.page_size);
    const bottom = layout.main_stack_top - length;
    const guard = regions.reserve(bottom - layout.page_size, layout.page_size, .none);
    const stack = regions.reserve(bottom, length, .read_write);
    const in_place = guard == bottom - layout.page_size and stack == bottom;
    if (!in_place) panic.stop(.panic, .{"the place of the main stack is taken"});
    return layout.main_stack_top;
}

// Types of the auxiliary vector, <elf.h>.
const at_null = 0;
const at_program_headers = 3;
const at_program_header_size = 4;
const at_program_header_count = 5;
const at_page_size = 6;
const at_random = 25;

/// What is the same on every stack. The rest of the auxiliary vector is at_null.
const template: InitialStack = .{
    .argument_count = 1,
    .arguments = @splat(0),
    .environment = @splat(0),
    .auxiliary = [_]AuxiliaryEntry{
        .{ .type = at_program_headers, .value = 0 },
        .{ .type = at_program_header_size, .value = @sizeOf(std.elf.Elf64_Phdr) },
        .{ .type = at_program_header_count, .value = 0 },
        .{ .type = at_page_size, .value = layout.page_size },
        .{ .type = at_random, .value = 0 },
    } ++ [_]AuxiliaryEntry{.{ .type = at_null, .value = 0 }} ** 3,
    .random = @splat(0),
    .name = (name ++ "\x00\x00\x00").*,
};

inline fn fill(stack: *InitialStack) void {
    const header: *const std.elf.Elf64_Ehdr = @ptrFromInt(layout.imageStart());
    stack.* = template;
    stack.arguments[0] = @intFromPtr(&stack.name);
    stack.auxiliary[0].value = layout.imageStart() + header.e_phoff;
    stack.auxiliary[2].value = header.e_phnum;
    stack.auxiliary[4].value = @intFromPtr(&stack.random);
    for (&stack.random) |*word| word.* = processor.randomWord() orelse mix(processor.timeStamp());
}

/// SplitMix64: spreads the few bits of a counter that nobody can foretell over the word.
fn mix(seed: u64) u64 {
    var word = seed +% 0x9e3779b97f4a7c15;
    word = (word ^ word >> 30) *% 0xbf58476d1ce4e5b9;
    word = (word ^ word >> 27) *% 0x94d049bb133111eb;
    return word ^ word >> 31;
}
