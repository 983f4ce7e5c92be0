// Pages that are with the host: those in the balloon, and those that it heard are free. Only noted here; who tells the host is
// the driver (drivers/balloon). VIRTIO 1.2 §5.5.
//
//   free ──takeRun──► the driver's ──put──► in the balloon ──take──► the driver's ──giveRun──► free
//                                               │
//                                               └── lend, when memory is short ──► free; the driver takes note of it by `lent`
//
// Always true: a page in the balloon is nobody's else; one that was lent is noted until the driver has asked for it.

const pages = @import("pages.zig");
const runs = @import("runs.zig");

/// In the balloon; taken out of it because memory was short; free, and hinted so to a host that copies the machine.
const Kind = enum(u8) { balloon = 0, lent = 1, hinted = 2 };

var stacks: [3]runs.Stack = @splat(.{});
var lends = false;

/// Pages that are taken out at once when memory is short.
const lend_count = 256;

fn stackOf(kind: Kind) *runs.Stack {
    return &stacks[@intFromEnum(kind)];
}

/// Has room to put `run_count` runs, 511 at most. False: there is no page for the list.
pub fn prepare(kind: u8, run_count: u32) callconv(.c) bool {
    return stacks[kind].prepare(run_count);
}

/// Notes a run, which `prepare` has made room for. False: it has not.
pub fn put(kind: u8, run: u64) callconv(.c) bool {
    return stacks[kind].push(run);
}

/// Takes up to `most` pages back, those put last. Returns the run, or 0: then there is no room prepared any more, either.
pub fn take(kind: u8, most: u32) callconv(.c) u64 {
    return stacks[kind].pop(most) orelse 0;
}

/// Returns how many pages there are.
pub fn pageCount(kind: u8) callconv(.c) u64 {
    return stacks[kind].page_count;
}

/// Says whether an allocation that would fail may take pages out of the balloon.
pub fn setLending(may_lend: bool) callconv(.c) void {
    lends = may_lend;
}

/// Frees pages of those that are with the host. False: there are none, or it must be told first.
pub fn lend() bool {
    if (stackOf(.hinted).page_count != 0) {
        pages.giveRun(stackOf(.hinted).pop(lend_count).?);
        return true;
    }
    if (!lends or stackOf(.balloon).page_count == 0) return false;
    const run = stackOf(.balloon).pop(lend_count).?;
    pages.giveRun(run);
    const lent = stackOf(.lent);
    while (!lent.push(run)) lent.addLeaf(pages.allocate() orelse return false); // Of the run itself, at worst.
    return true;
}
