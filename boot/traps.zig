// What a trap means. Intel SDM vol. 3, §6.15 (exceptions), §4.7 (page-fault error code).
//
// One kind of trap returns: the first touch of a page that mmap promised gets a page of memory. Every other ends the
// machine with a message that says in words what the program did.

const console = @import("console.zig");
const layout = @import("layout.zig");
const pages = @import("pages.zig");
const panic = @import("panic.zig");
const processor = @import("processor.zig");
const regions = @import("regions.zig");
const segments = @import("segments.zig");

/// What trap_common in vectors.zig leaves on the stack, lowest address first.
pub const Frame = extern struct {
    r15: u64,
    r14: u64,
    r13: u64,
    r12: u64,
    r11: u64,
    r10: u64,
    r9: u64,
    r8: u64,
    rbp: u64,
    rdi: u64,
    rsi: u64,
    rdx: u64,
    rcx: u64,
    rbx: u64,
    rax: u64,
    vector: u64,
    error_code: u64,
    rip: u64,
    cs: u64,
    rflags: u64,
    rsp: u64,
    ss: u64,
};

const page_fault = 14;
// Page-fault error code. §4.7
const was_present = 1;
const was_write = 2;
const was_fetch = 16;

/// A call or a store into a new frame faults this close to rsp when the stack has run into its guard page.
const stack_reach = 64 << 10;
/// The red zone: a leaf function may touch this much below rsp.
const red_zone = 128;
/// An access near zero is a null pointer with an offset.
const null_reach = 64 << 10;

/// A fault while one is handled would destroy the first one's frame on the same stack.
var handling_page_fault = false;

/// Gives the program a page, or ends the machine.
pub fn handle(frame: *const Frame) callconv(.c) void {
    const address = processor.faultAddress();
    if (frame.vector == page_fault and frame.error_code & was_present == 0 and !handling_page_fault) {
        handling_page_fault = true;
        const touch = regions.givePage(address, frame.error_code & was_write != 0);
        handling_page_fault = false;
        switch (touch) {
            .given => return,
            .not_promised => {},
            .out_of_memory => reportOutOfMemory(frame, address),
        }
    }
    report(frame, address);
}

fn reportOutOfMemory(frame: *const Frame, address: u64) noreturn {
    panic.begin(.out_of_memory);
    const kibibytes = pages.totalBytes() >> 10;
    console.print(.{ "  all ", kibibytes, " KiB of RAM are in use: first touch of ", console.hex(address), "\n" });
    panic.endAtTrap(frame.rip, frame.rbp, null);
}

fn report(frame: *const Frame, address: u64) noreturn {
    const is_page_fault = frame.vector == page_fault;
    const meaning = if (is_page_fault) pageFaultMeaning(frame, address) else exceptionMeaning(frame.vector);
    panic.begin(meaning.kind);
    if (is_page_fault) {
        console.print(.{ "  ", meaning.text, ": ", accessName(frame.error_code), " ", console.hex(address), "\n" });
    } else {
        console.print(.{ "  ", meaning.text, "\n" });
    }
    const name = if (is_page_fault) " (page fault)" else "";
    console.print(.{ "  vector ", frame.vector, ", error code ", console.hex(frame.error_code), name, "\n" });
    printRegisters(frame);
    const fetch_failed = is_page_fault and frame.error_code & was_fetch != 0;
    panic.endAtTrap(frame.rip, frame.rbp, if (fetch_failed) frame.rsp else null);
}

const Meaning = struct { kind: panic.Kind = .cpu_exception, text: []const u8 };

fn pageFaultMeaning(frame: *const Frame, address: u64) Meaning {
    const present = frame.error_code & was_present != 0;
    const near_stack = address +| red_zone +| 8 >= frame.rsp and address < frame.rsp +| stack_reach;
    const reserved = !present and (regions.isGuard(address) or segments.isGuard(address));
    if (near_stack and reserved) return .{ .kind = .stack_overflow, .text = "the stack has run into its guard page" };
    if (address < null_reach) return .{ .text = "null access" };
    if (frame.error_code & was_fetch != 0) {
        return .{ .text = if (present) "execution of data" else "execution of an unmapped address" };
    }
    if (inWindow(address, layout.dma_window)) return outside("outside the DMA window");
    if (inWindow(address, layout.mmio_window)) return outside("outside every mapping of the MMIO window");
    if (present) return .{ .text = "write to read-only memory" };
    return .{ .text = if (reserved) "access to memory that is reserved but not given" else "invalid address" };
}

fn outside(text: []const u8) Meaning {
    return .{ .kind = .window_bounds, .text = text };
}

fn inWindow(address: u64, window: u64) bool {
    return address >= window and address - window < 1 << 32;
}

fn accessName(error_code: u64) []const u8 {
    if (error_code & was_fetch != 0) return "execution at";
    return if (error_code & was_write != 0) "write to" else "read of";
}

fn exceptionMeaning(vector: u64) Meaning {
    return .{ .text = switch (vector) {
        0 => "divide error: division by zero, or a quotient that does not fit",
        1 => "debug exception",
        2 => "non-maskable interrupt: somebody asks where the machine hangs",
        3 => "breakpoint",
        4 => "overflow",
        5 => "bound range exceeded",
        6 => "invalid instruction",
        7 => "floating point not available",
        8 => "double fault",
        10 => "invalid task state",
        11 => "segment not present",
        12 => "stack segment fault: rsp or rbp is not a canonical address",
        13 => "general protection: an address that is not canonical, or an instruction with a forbidden operand",
        16 => "floating-point error",
        17 => "alignment check",
        18 => "machine check",
        19 => "SIMD floating-point error",
        20 => "virtualization exception",
        21 => "control protection exception",
        else => "unexpected interrupt",
    } };
}

fn printRegisters(frame: *const Frame) void {
    printRow(.{ "rip", frame.rip, "rsp", frame.rsp, "rbp", frame.rbp, "rflags", frame.rflags });
    printRow(.{ "rax", frame.rax, "rbx", frame.rbx, "rcx", frame.rcx, "rdx", frame.rdx });
    printRow(.{ "rsi", frame.rsi, "rdi", frame.rdi, "r8", frame.r8, "r9", frame.r9 });
    printRow(.{ "r10", frame.r10, "r11", frame.r11, "r12", frame.r12, "r13", frame.r13 });
    printRow(.{ "r14", frame.r14, "r15", frame.r15 });
}

/// Prints pairs of name and value. Names of three letters line up.
fn printRow(pairs: anytype) void {
    inline for (pairs, 0..) |part, index| {
        const is_name = index % 2 == 0;
        if (is_name) console.print(.{ "  ", part, if (part.len < 3) "  " else " " });
        if (!is_name) console.print(.{console.hex64(part)});
    }
    console.print(.{"\n"});
}
