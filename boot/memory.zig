// Filling and copying memory, for boot/ and for the whole image: memset, memcpy and memmove are these.
//
// The C library's own use vector registers, which a trap must not touch, and the compiler may put a call of memcpy
// anywhere. The processor's string instructions need none of them, and under emulation are two to four times as fast.

/// Fills `count` 8-byte words.
pub fn fillWords(target: u64, value: u64, count: u64) void {
    asm volatile ("rep stosq"
        :
        : [target] "{rdi}" (target),
          [value] "{rax}" (value),
          [count] "{rcx}" (count),
        : .{ .memory = true, .rdi = true, .rcx = true });
}

/// Fills `length` bytes: words, then the rest.
pub fn fill(target: u64, value: u8, length: u64) void {
    asm volatile (
        \\mov %%rdx, %%rcx
        \\shr $3, %%rcx
        \\rep stosq
        \\mov %%edx, %%ecx
        \\and $7, %%ecx
        \\rep stosb
        :
        : [target] "{rdi}" (target),
          [pattern] "{rax}" (@as(u64, value) * 0x0101_0101_0101_0101),
          [length] "{rdx}" (length),
        : .{ .memory = true, .rdi = true, .rcx = true });
}

/// Copies `length` bytes upwards: words, then the rest. Where the target lies inside the source, `copyDown` is right.
pub fn copy(target: u64, source: u64, length: u64) void {
    asm volatile (
        \\mov %%rdx, %%rcx
        \\shr $3, %%rcx
        \\rep movsq
        \\mov %%edx, %%ecx
        \\and $7, %%ecx
        \\rep movsb
        :
        : [target] "{rdi}" (target),
          [source] "{rsi}" (source),
          [length] "{rdx}" (length),
        : .{ .memory = true, .rdi = true, .rsi = true, .rcx = true });
}

/// Copies `length` bytes from the last to the first: the rest, then words.
fn copyDown(target: u64, source: u64, length: u64) void {
    asm volatile (
        \\std
        \\mov %%edx, %%ecx
        \\and $7, %%ecx
        \\rep movsb
        \\sub $7, %%rdi
        \\sub $7, %%rsi
        \\mov %%rdx, %%rcx
        \\shr $3, %%rcx
        \\rep movsq
        \\cld
        :
        : [target] "{rdi}" (target +% length -% 1),
          [source] "{rsi}" (source +% length -% 1),
          [length] "{rdx}" (length),
        : .{ .memory = true, .rdi = true, .rsi = true, .rcx = true });
}

comptime {
    @export(&memset, .{ .name = "memset" });
    @export(&memcpy, .{ .name = "memcpy" });
    @export(&memmove, .{ .name = "memmove" });
}

fn memset(target: ?*anyopaque, value: c_int, length: usize) callconv(.c) ?*anyopaque {
    fill(@intFromPtr(target), @truncate(@as(c_uint, @bitCast(value))), length);
    return target;
}

fn memcpy(target: ?*anyopaque, source: ?*const anyopaque, length: usize) callconv(.c) ?*anyopaque {
    copy(@intFromPtr(target), @intFromPtr(source), length);
    return target;
}

fn memmove(target: ?*anyopaque, source: ?*const anyopaque, length: usize) callconv(.c) ?*anyopaque {
    const inside_source = @intFromPtr(target) -% @intFromPtr(source) < length;
    if (inside_source) {
        copyDown(@intFromPtr(target), @intFromPtr(source), length);
    } else {
        copy(@intFromPtr(target), @intFromPtr(source), length);
    }
    return target;
}
