// Address space that fills on demand: mmap, mprotect, munmap, madvise.
//
// The page tables are the only record. An entry of any level that is not present but RESERVED says what its whole span
// was promised; the first touch of a page puts memory there:
//
//   free 0 ──reserve──► RESERVED | rights ──first touch──► frame | RESERVED | rights | PRESENT ──release──► 0
//
// So a reservation of 4 GiB is four words, a stack of 1 MiB with its 16 guard pages is 272 words in one table or two, there is no
// list that can get full, and neighbours need no merging. A promise is split down a level when part of it changes.
// Pages keep their content while they have no rights.
//
// Always true: only the two dynamic ranges of layout.zig hold promises, and they hold nothing else.

const layout = @import("layout.zig");
const memory = @import("memory.zig");
const pages = @import("pages.zig");
const paging = @import("paging.zig");
const processor = @import("processor.zig");

// Bits that the processor leaves to us. Intel SDM vol. 3, §4.5: 9 to 11
const reserved: u64 = 1 << 9;
const accessible: u64 = 1 << 10;

/// What may be done with a range. Code is never among it: only the image is executable.
pub const Rights = enum {
    none,
    read,
    read_write,

    fn bits(rights: Rights) u64 {
        return switch (rights) {
            .none => reserved | paging.no_execute,
            .read => reserved | accessible | paging.no_execute,
            .read_write => reserved | accessible | paging.writable | paging.no_execute,
        };
    }
};

/// Where the search for free addresses goes on. Released ranges are found again when it has come round.
var search_start: u64 = layout.mmap_start;

/// Reserves `length` bytes with `rights`, at `hint` where that is free, else where there is room. Whole pages.
/// Returns the address, or null when no place is long enough.
pub fn reserve(hint: u64, length: u64, rights: Rights) ?u64 {
    const hint_is_free = isDynamic(hint, length) and firstTakenIn(hint, length) == null;
    const address = if (hint_is_free) hint else findFree(length) orelse return null;
    change(address, length, .{ .set = rights.bits() });
    return address;
}

/// Changes the rights of what is reserved in the range; its content stays. Returns false, with nothing changed, where
/// the range is not dynamic.
pub fn protect(address: u64, length: u64, rights: Rights) bool {
    if (!isDynamic(address, length)) return false;
    change(address, length, .{ .protect = rights.bits() });
    return true;
}

/// Frees pages and addresses of the range. Returns false where the range is not dynamic.
pub fn release(address: u64, length: u64) bool {
    if (!isDynamic(address, length)) return false;
    change(address, length, .release);
    return true;
}

/// Frees the pages of the range: it reads as zero again. Returns false where the range is not dynamic.
pub fn discard(address: u64, length: u64) bool {
    if (!isDynamic(address, length)) return false;
    change(address, length, .discard);
    return true;
}

/// Extends a reservation of `length` bytes at `address` by `more`, where the addresses behind it are free. Returns
/// false where they are not.
pub fn extend(address: u64, length: u64, more: u64) bool {
    if (!isDynamic(address, length + more)) return false;
    const promise = promiseOf(address);
    if (promise & reserved == 0) return false;
    if (firstTakenIn(address + length, more) != null) return false;
    change(address + length, more, .{ .set = promise & (reserved | accessible | paging.writable | paging.no_execute) });
    return true;
}

/// What came of a first touch. `not_promised`: nothing is reserved there, or not for this access.
pub const Touch = enum { given, not_promised, out_of_memory };

/// Puts a zeroed page where one was promised.
pub fn givePage(address: u64, for_write: bool) Touch {
    if (!isDynamic(layout.alignDown(address, layout.page_size), layout.page_size)) return .not_promised;
    const promise = promiseOf(address);
    if (promise & accessible == 0 or promise & paging.present != 0) return .not_promised;
    if (for_write and promise & paging.writable == 0) return .not_promised;

    var table = paging.rootTable();
    var shift: u6 = paging.root_shift;
    while (shift > paging.page_shift) : (shift -= 9) {
        table = enter(paging.entryOf(table, address, shift)) orelse return .out_of_memory;
    }
    const page = pages.allocate() orelse return .out_of_memory;
    paging.entryOf(table, address, paging.page_shift).* = promise | page | paging.present;
    return .given;
}

/// Says whether `address` is reserved without any right: a guard page, or memory not yet committed.
pub fn isGuard(address: u64) bool {
    return promiseOf(address) & (reserved | accessible) == reserved;
}

/// The entry that speaks for `address`, 0 when it is free.
fn promiseOf(address: u64) u64 {
    var table = paging.rootTable();
    if (table == 0) return 0;
    var shift: u6 = paging.root_shift;
    while (true) : (shift -= 9) {
        const entry = paging.entryOf(table, address, shift).*;
        if (shift == paging.page_shift or entry & paging.present == 0 or entry & paging.large != 0) return entry;
        table = entry & paging.address_mask;
    }
}

fn isDynamic(address: u64, length: u64) bool {
    if (length == 0 or address % layout.page_size != 0) return false;
    if (address > layout.dynamic_high_end or length > layout.dynamic_high_end - address) return false;
    const end = address + length;
    return (address >= layout.dynamic_low_start and end <= layout.dynamic_low_end) or address >= layout.mmap_start;
}

const Change = union(enum) { set: u64, protect: u64, release, discard };

fn change(address: u64, length: u64, what: Change) void {
    changeTable(paging.rootTable(), paging.root_shift, address, address + length, what);
}

/// Changes the part of one table that lies in the range. Four levels deep at most.
fn changeTable(table: u64, shift: u6, start: u64, end: u64, what: Change) void {
    const span = @as(u64, 1) << shift;
    var address = start;
    while (address < end) {
        const next = @min(end, layout.alignDown(address, span) + span);
        const entry = paging.entryOf(table, address, shift);
        const is_table = shift > paging.page_shift and entry.* & paging.present != 0;
        if (!is_table and next - address == span) {
            changeEntry(entry, address, what);
        } else if (entry.* != 0 or what == .set) {
            const child = enter(entry) orelse pages.exhausted();
            changeTable(child, shift - 9, address, next, what);
            if (what == .release) freeWhenEmpty(entry, child, address);
        }
        address = next;
    }
}

fn changeEntry(entry: *u64, address: u64, what: Change) void {
    const before = entry.*;
    const frame = before & paging.address_mask;
    const rights_mask = reserved | accessible | paging.writable | paging.no_execute;
    if (before == 0 and what != .set) return;
    entry.* = switch (what) {
        .set => |bits| bits,
        .protect => |bits| bits | frame | (if (frame != 0 and bits & accessible != 0) paging.present else 0),
        .release => 0,
        .discard => before & rights_mask,
    };
    const changes = (entry.* ^ before) & ~accessed_and_dirty;
    if (before & paging.present != 0 and changes != 0) processor.forgetPage(address);
    if (frame != 0 and changes & paging.address_mask != 0) pages.free(frame);
}

/// Set by the processor. §4.8
const accessed_and_dirty: u64 = 1 << 5 | 1 << 6;

/// Returns the table below `entry`, null when there is no page for it. A promise for the whole span becomes 512
/// promises for its parts.
fn enter(entry: *u64) ?u64 {
    if (entry.* & paging.present == 0) {
        const table = pages.allocate() orelse return null;
        if (entry.* != 0) memory.fillWords(layout.direct_map + table, entry.*, 512);
        entry.* = table | paging.writable | paging.present;
    }
    return entry.* & paging.address_mask;
}

fn freeWhenEmpty(entry: *u64, table: u64, address: u64) void {
    for (paging.entries(table)) |child| if (child != 0) return;
    entry.* = 0;
    processor.forgetPage(address); // The processor caches tables too. Intel SDM vol. 3, §4.10.3
    pages.free(table);
}

/// Next fit: returns `length` free addresses of the mmap area, or null after one round.
fn findFree(length: u64) ?u64 {
    if (length > layout.mmap_end - layout.mmap_start) return null;
    var wrapped = false;
    var address = search_start;
    while (true) {
        if (length > layout.mmap_end - address) {
            if (wrapped) return null;
            wrapped = true;
            address = layout.mmap_start;
        }
        address = firstTakenIn(address, length) orelse {
            search_start = address + length;
            return address;
        };
    }
}

/// Returns the end of the first entry in the range that is not free, or null when all is free.
fn firstTakenIn(address: u64, length: u64) ?u64 {
    return firstTaken(paging.rootTable(), paging.root_shift, address, address + length);
}

fn firstTaken(table: u64, shift: u6, start: u64, end: u64) ?u64 {
    const span = @as(u64, 1) << shift;
    var address = start;
    while (address < end) {
        const next = layout.alignDown(address, span) + span;
        const entry = paging.entryOf(table, address, shift).*;
        if (entry != 0) {
            if (shift == paging.page_shift or entry & paging.present == 0) return next;
            if (firstTaken(entry & paging.address_mask, shift - 9, address, @min(end, next))) |taken| return taken;
        }
        address = next;
    }
    return null;
}
