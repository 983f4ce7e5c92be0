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
        if (frame % 8 != 0 or !paging.isReadable(frame, 16)) return;
        const words: *const [2]u64 = @ptrFromInt(frame);
        if (!isCode(words[1])) return;
        // One back: the return address may lie behind the last instruction of a function that never returns.
        printPlace(words[1] - 1, words[1]);
        if (words[0] <= frame) return;
        frame = words[0];
    }
    console.print(.{"  at …\n"});
}

/// Prints the function of the instruction that failed.
pub fn printInstruction(rip: u64) void {
    printPlace(rip, rip);
}

/// Prints the caller whose return address the word at `rsp` is: a call that went nowhere has no frame yet.
pub fn printReturnAddressAt(rsp: u64) void {
    if (rsp % 8 != 0 or !paging.isReadable(rsp, 8)) return;
    const address = @as(*const u64, @ptrFromInt(rsp)).*;
    if (isCode(address)) printPlace(address - 1, address);
}

fn isCode(address: u64) bool {
    return address > layout.imageStart() and address <= layout.textEnd();
}

fn printPlace(lookup_address: u64, shown_address: u64) void {
    const place = symbols.find(lookup_address) orelse {
        console.print(.{ "  at ", console.hex(shown_address), "\n" });
        return;
    };
    if (place.file.len == 0) {
        console.print(.{ "  at ", place.function, "\n" });
    } else {
        console.print(.{ "  at ", place.function, " (", place.file, ":", place.line, ")\n" });
    }
}
