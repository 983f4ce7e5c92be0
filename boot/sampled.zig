// The root of an image that is profiled (sampling.zig). Everything else is as in start.zig.

const start = @import("start.zig");

/// Only that it is declared means anything.
pub const sampled = true;

/// Zig's safety checks end as every other panic does.
pub const panic = start.panic;

comptime {
    _ = start;
}
