// Runs of pages: free or lent memory that is noted without being touched. What the host has taken back must not be linked through itself.
//
//   top leaf [ below │ run │ run │ … ] ─► [ below │ run × 511 ] ─► …      a leaf is a page
//
// A run is one number: the address of its first page, and in the low 12 bits how many more follow. 0 is none, as page 0 is
// nobody's.
//
// Always true: a leaf is not a page of any run; only the top leaf has room.

const layout = @import("layout.zig");
const pages = @import("pages.zig");

/// Pages of the longest run.
pub const count_max = layout.page_size;

/// Returns the run of `count` pages from `start` on.
pub fn runOf(start: u64, count: u64) u64 {
    return start | (count - 1);
}
pub fn startOf(run: u64) u64 {
    return layout.alignDown(run, layout.page_size);
}
pub fn countOf(run: u64) u64 {
    return run % layout.page_size + 1;
}

const Leaf = extern struct { below: u64, runs: [run_count_max]u64 };
const run_count_max = layout.page_size / 8 - 1;

/// Runs, the last noted on top.
pub const Stack = struct {
    /// Physical address of the top leaf, 0 for none.
    top: u64 = 0,
    /// Runs in the top leaf.
    count: usize = run_count_max,
    /// A leaf that is not in use yet, 0 for none.
    spare: u64 = 0,
    page_count: u64 = 0,

    /// Has room for so many runs without a further page. False: there is no page for it.
    pub fn prepare(stack: *Stack, run_count: usize) bool {
        if (run_count_max - stack.count >= run_count or stack.spare != 0) return true;
        stack.spare = pages.allocate() orelse return false;
        return true;
    }

    /// Notes a run. False: there is no room, and `addLeaf` makes some.
    pub fn push(stack: *Stack, run: u64) bool {
        if (stack.count == run_count_max) {
            if (stack.spare == 0) return false;
            stack.addLeaf(stack.spare);
            stack.spare = 0;
        }
        leafAt(stack.top).runs[stack.count] = run;
        stack.count += 1;
        stack.page_count += countOf(run);
        return true;
    }

    /// Makes `page`, which is nobody's, the top leaf. The one below is full.
    pub fn addLeaf(stack: *Stack, page: u64) void {
        leafAt(page).below = stack.top;
        stack.top = page;
        stack.count = 0;
    }

    /// Takes up to `most` pages of the run on top, its last ones. Returns them, or null when there is no run: then no page is
    /// kept for later, either.
    pub fn pop(stack: *Stack, most: u64) ?u64 {
        if (stack.top == 0) {
            stack.dropSpare();
            return null;
        }
        const top = &leafAt(stack.top).runs[stack.count - 1];
        const run = top.*;
        const taken = @min(countOf(run), @max(most, 1));
        stack.page_count -= taken;
        if (taken < countOf(run)) {
            const left = countOf(run) - taken;
            top.* = runOf(startOf(run), left);
            return runOf(startOf(run) + left * layout.page_size, taken);
        }
        stack.count -= 1;
        if (stack.count == 0) stack.dropLeaf();
        return run;
    }

    fn dropLeaf(stack: *Stack) void {
        const empty = stack.top;
        stack.top = leafAt(empty).below;
        stack.count = run_count_max;
        stack.dropSpare();
        stack.spare = empty; // What `prepare` has promised still holds.
    }

    fn dropSpare(stack: *Stack) void {
        if (stack.spare != 0) pages.free(stack.spare);
        stack.spare = 0;
    }
};

fn leafAt(page: u64) *Leaf {
    return layout.direct(*Leaf, page);
}
