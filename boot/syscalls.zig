// The system calls that the C library makes. Linux numbers and error codes; Intel SDM vol. 3, §5.8.8 (SYSCALL).
//
// musl enters the kernel with `syscall`, which works in ring 0 too: rcx holds the return address, r11 the flags,
// nothing else is saved.
//
// Always true: the red zone of the caller is stepped over before anything is pushed, and all registers but rax, rcx and
// r11 come back.

const std = @import("std");
const clock = @import("clock.zig");
const console = @import("console.zig");
const exit = @import("exit.zig");
const layout = @import("layout.zig");
const output = @import("output.zig");
const panic = @import("panic.zig");
const processor = @import("processor.zig");
const regions = @import("regions.zig");
const rtc = @import("rtc.zig");
const segments = @import("segments.zig");

const msr_star = 0xc0000081;
const msr_lstar = 0xc0000082;
const msr_flag_mask = 0xc0000084;
const msr_fs_base = 0xc0000100;
const flags_cleared_on_entry = 0x47700; // TF, IF, DF, IOPL, NT, AC.

extern const syscall_entry: u8;

comptime {
    // The return address is pushed first and rbp next, so that what is built is an ordinary frame: the backtrace walks
    // through. The vector registers are not saved, for the reason in vectors.zig.
    asm (
        \\.pushsection .text.syscalls, "ax", @progbits
        \\.globl syscall_entry
        \\syscall_entry:
        \\  lea -128(%rsp), %rsp
        \\  push %rcx
        \\  push %rbp
        \\  mov %rsp, %rbp
        \\  push %rdi
        \\  push %rsi
        \\  push %rdx
        \\  push %r10
        \\  push %r8
        \\  push %r9
        \\  push %r11
        \\  and $-16, %rsp
        \\  mov %r8, %r9            # System call: rax, rdi rsi rdx r10 r8. C: rdi, rsi rdx rcx r8 r9.
        \\  mov %r10, %r8
        \\  mov %rdx, %rcx
        \\  mov %rsi, %rdx
        \\  mov %rdi, %rsi
        \\  mov %rax, %rdi
        \\  call syscall_handler
        \\  lea -56(%rbp), %rsp
        \\  popfq                   # Before rsp is back at the red zone; pop and lea leave the flags alone.
        \\  pop %r9
        \\  pop %r8
        \\  pop %r10
        \\  pop %rdx
        \\  pop %rsi
        \\  pop %rdi
        \\  pop %rbp
        \\  pop %rcx
        \\  lea 128(%rsp), %rsp
        \\  jmp *%rcx
        \\.popsection
    );
    @export(&handle, .{ .name = "syscall_handler" });
}

/// Lets `syscall` arrive at `handle`.
pub inline fn open() void {
    processor.writeMsr(msr_star, @as(u64, segments.code_selector) << 32);
    processor.writeMsr(msr_lstar, @intFromPtr(&syscall_entry));
    processor.writeMsr(msr_flag_mask, flags_cleared_on_entry);
}

/// Numbers of arch/x86/entry/syscalls/syscall_64.tbl.
const Call = enum(u64) {
    write = 1,
    mmap = 9,
    mprotect = 10,
    munmap = 11,
    brk = 12,
    rt_sigprocmask = 14,
    ioctl = 16,
    writev = 20,
    mremap = 25,
    madvise = 28,
    exit = 60,
    arch_prctl = 158,
    gettid = 186,
    tkill = 200,
    sched_getaffinity = 204,
    set_tid_address = 218,
    clock_gettime = 228,
    exit_group = 231,
    _,
};

const Errno = enum(u64) {
    bad_descriptor = 9,
    no_memory = 12,
    access = 13,
    invalid = 22,
    not_a_terminal = 25,
    no_such_call = 38,
};

fn failure(errno: Errno) u64 {
    return 0 -% @intFromEnum(errno);
}

const thread_id = 1;
const set_fs_base = 0x1002; // ARCH_SET_FS
const window_size_request = 0x5413; // TIOCGWINSZ
const advice_discard = 4; // MADV_DONTNEED
const advice_free = 8; // MADV_FREE
const realtime_clock = 0; // CLOCK_REALTIME

fn handle(number: u64, a: u64, b: u64, c: u64, d: u64, e: u64) callconv(.c) u64 {
    switch (@as(Call, @enumFromInt(number))) {
        .write => return write(a, b, c),
        .writev => return writeVector(a, b, c),
        .mmap => return mapMemory(a, b, c, d, e),
        .mprotect => return protectMemory(a, b, c),
        .munmap => return if (regions.release(a, wholePages(b))) 0 else failure(.invalid),
        .mremap => return resizeMemory(a, b, c),
        .madvise => return adviseMemory(a, b, c),
        .brk => return 0, // There is no heap below a break: malloc is heap.zig's.
        .arch_prctl => {
            if (a != set_fs_base) return failure(.invalid);
            processor.writeMsr(msr_fs_base, b); // Thread-local storage.
            return 0;
        },
        // stdout passes for a terminal: musl then writes after each line, and a crash loses nothing that was printed.
        .ioctl => return if (b == window_size_request) 0 else failure(.not_a_terminal),
        .set_tid_address, .gettid => return thread_id,
        .sched_getaffinity => return failure(.no_such_call), // One processor, as musl then assumes.
        .rt_sigprocmask => return 0, // There are no signals; abort() blocks them before it raises one.
        .tkill => panic.stop(.panic, .{ "the C library raised signal ", b, if (b == 6) " (abort)" else "" }),
        .clock_gettime => return readClock(a, b),
        .exit, .exit_group => exit.leave(@truncate(a)),
        else => {
            console.print(.{ "unknown system call ", number, "\n" });
            return failure(.no_such_call);
        },
    }
}

fn wholePages(length: u64) u64 {
    return layout.alignUp(@min(length, layout.dynamic_high_end), layout.page_size);
}

fn isConsole(descriptor: u64) bool {
    return descriptor == 1 or descriptor == 2;
}

fn write(descriptor: u64, address: u64, length: u64) u64 {
    if (!isConsole(descriptor)) return failure(.bad_descriptor);
    if (length != 0) output.write(@as([*]const u8, @ptrFromInt(address))[0..length]);
    return length;
}

const Vector = extern struct { address: u64, length: u64 };

fn writeVector(descriptor: u64, address: u64, count: u64) u64 {
    const vectors: [*]const Vector = @ptrFromInt(address);
    var written: u64 = 0;
    for (vectors[0..count]) |vector| {
        const result = write(descriptor, vector.address, vector.length);
        if (result != vector.length) return result;
        written += result;
    }
    return written;
}

/// PROT_READ 1, PROT_WRITE 2, PROT_EXEC 4: null where code is asked for.
fn rightsOf(protection: u64) ?regions.Rights {
    return switch (protection) {
        0 => .none,
        1 => .read,
        2, 3 => .read_write,
        else => null,
    };
}

const map_fixed = 0x10;
const map_anonymous = 0x20;

fn mapMemory(hint: u64, length: u64, protection: u64, flags: u64, descriptor: u64) u64 {
    if (flags & map_anonymous == 0) return failure(if (isConsole(descriptor)) .access else .bad_descriptor);
    if (length == 0) return failure(.invalid);
    const rights = rightsOf(protection) orelse return failure(.access);
    const fixed = flags & map_fixed != 0;
    if (fixed and !regions.release(hint, wholePages(length))) return failure(.invalid);
    return regions.reserve(hint, wholePages(length), rights) orelse failure(.no_memory);
}

fn protectMemory(address: u64, length: u64, protection: u64) u64 {
    const rights = rightsOf(protection) orelse return failure(.access);
    return if (length == 0 or regions.protect(address, wholePages(length), rights)) 0 else failure(.no_memory);
}

/// In place or not at all: the allocator then moves the content itself.
fn resizeMemory(address: u64, old_length: u64, new_length: u64) u64 {
    const old = wholePages(old_length);
    const new = wholePages(new_length);
    if (new == 0) return failure(.invalid);
    if (new < old and !regions.release(address + new, old - new)) return failure(.invalid);
    if (new > old and !regions.extend(address, old, new - old)) return failure(.no_memory);
    return address;
}

fn adviseMemory(address: u64, length: u64, advice: u64) u64 {
    if (advice == advice_discard or advice == advice_free) {
        return if (length == 0 or regions.discard(address, wholePages(length))) 0 else failure(.no_memory);
    }
    return 0; // The rest is advice that changes nothing.
}

/// All clocks but that of the date are the monotonic one.
fn readClock(which: u64, address: u64) u64 {
    const now = if (which == realtime_clock) rtc.wallNanoseconds() else clock.now();
    const time: *[2]u64 = @ptrFromInt(address);
    time.* = .{ now / std.time.ns_per_s, now % std.time.ns_per_s };
    return 0;
}
