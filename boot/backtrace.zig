// The way to here: the chain of frame pointers, one line a frame.
//
//   rbp ─► [caller's rbp][return address]    all code is compiled with frame pointers; System V ABI, x86-64, §3.2.2
//
// Always true: nothing is read before the page tables say that it is mapped, the chain must go up the stack, and it has
// an end.

const console = @import("console.zig");
const layout = @import("layout.zig");
const paging = @import("paging.zig");
const symbols = @import("symbols.zig");

const frame_count_max = 32; // What a person reads. A runaway recursion shows its pattern in fewer.

/// Prints the callers of the function whose rbp is `frame_address`.
pub fn printFrames(frame_address: u64) void {
    var frame = frame_address;
    for (0..frame_count_max) |_| {
        const words = wordsAt(2, frame) orelse return;
        if (!isCode(words[1])) return;
        // One back: the return address may lie behind the last instruction of a function that never returns.
        printPlace(words[1] - 1, words[1]);
        if (words[0] <= frame) return;
        frame = words[0];
    }
    console.print(.{"  at …\n"});
}

/// Fills `addresses` with the return addresses above the function whose rbp is `frame_address`, innermost first. Returns how many there are.
pub fn collect(frame_address: u64, addresses: []u64) usize {
    var frame = frame_address;
    for (addresses, 0..) |*address, count| {
        const words = wordsAt(2, frame) orelse return count;
        if (!isCode(words[1])) return count;
        address.* = words[1];
        if (words[0] <= frame) return count + 1;
        frame = words[0];
    }
    return addresses.len;
}

/// Prints the callers of the function whose rbp is `frame_address` in one line, without plumbing.
pub fn printInLine(frame_address: u64) void {
    var addresses: [frame_count_max]u64 = undefined;
    var separator: []const u8 = "";
    for (addresses[0..collect(frame_address, &addresses)]) |address| {
        const place = symbols.find(address - 1) orelse continue;
        if (place.file.len == 0 or place.function.len == 0) continue;
        console.print(.{ separator, place.function, " (", place.file, ":", place.line, ")" });
        separator = ", ";
    }
}

/// Prints kept return addresses. Behind a 0 are the functions that waited for those before.
pub fn printTrace(addresses: []const u64) void {
    var prefix: []const u8 = "";
    for (addresses) |address| {
        if (address == 0) prefix = "async ";
        if (isCode(address)) printPlaceOf(prefix, address - 1, address);
    }
}

/// Prints the function of the instruction that failed.
pub fn printInstruction(rip: u64) void {
    printPlace(rip, rip);
}

/// Prints the caller whose return address the word at `rsp` is: a call that went nowhere has no frame yet.
pub fn printReturnAddressAt(rsp: u64) void {
    const words = wordsAt(1, rsp) orelse return;
    if (isCode(words[0])) printPlace(words[0] - 1, words[0]);
}

/// Returns the words at `address` if that can be a stack: aligned, mapped, and not among the registers of a device.
fn wordsAt(comptime count: usize, address: u64) ?*const [count]u64 {
    const in_window = address >= layout.dma_window and address < layout.mmap_start;
    if (in_window or address % 8 != 0 or !paging.isReadable(address, count * 8)) return null;
    return @ptrFromInt(address);
}

fn isCode(address: u64) bool {
    return address > layout.imageStart() and address <= layout.textEnd();
}

fn printPlace(lookup_address: u64, shown_address: u64) void {
    printPlaceOf("", lookup_address, shown_address);
}

fn printPlaceOf(prefix: []const u8, lookup_address: u64, shown_address: u64) void {
    const place = symbols.find(lookup_address) orelse {
        console.print(.{ "  at ", console.hex(shown_address), "\n" });
        return;
    };
    if (place.function.len == 0) return; // Plumbing: generated code between functions that somebody wrote.
    if (place.file.len == 0) {
        console.print(.{ "  at ", prefix, place.function, "\n" });
    } else {
        console.print(.{ "  at ", prefix, place.function, " (", place.file, ":", place.line, ")\n" });
    }
}
