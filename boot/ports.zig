// I/O ports: one instruction each. Intel SDM vol. 1, chapter 19.

/// Returns the byte at `port`; all ones where nothing answers.
pub fn read8(port: u16) callconv(.c) u8 {
    return asm volatile ("inb %[port], %[value]"
        : [value] "={al}" (-> u8),
        : [port] "{dx}" (port),
        : .{ .memory = true });
}

/// Returns the 16-bit word at `port`; all ones where nothing answers.
pub fn read16(port: u16) callconv(.c) u16 {
    return asm volatile ("inw %[port], %[value]"
        : [value] "={ax}" (-> u16),
        : [port] "{dx}" (port),
        : .{ .memory = true });
}

/// Returns the 32-bit word at `port`; all ones where nothing answers.
pub fn read32(port: u16) callconv(.c) u32 {
    return asm volatile ("inl %[port], %[value]"
        : [value] "={eax}" (-> u32),
        : [port] "{dx}" (port),
        : .{ .memory = true });
}

/// Writes a byte to `port`.
pub fn write8(port: u16, value: u8) callconv(.c) void {
    asm volatile ("outb %[value], %[port]"
        :
        : [value] "{al}" (value),
          [port] "{dx}" (port),
        : .{ .memory = true });
}

/// Writes a 16-bit word to `port`.
pub fn write16(port: u16, value: u16) callconv(.c) void {
    asm volatile ("outw %[value], %[port]"
        :
        : [value] "{ax}" (value),
          [port] "{dx}" (port),
        : .{ .memory = true });
}

/// Writes a 32-bit word to `port`.
pub fn write32(port: u16, value: u32) callconv(.c) void {
    asm volatile ("outl %[value], %[port]"
        :
        : [value] "{eax}" (value),
          [port] "{dx}" (port),
        : .{ .memory = true });
}

/// Writes all bytes to `port`, one after the other.
pub fn writeBytes(port: u16, bytes: []const u8) void {
    asm volatile ("rep outsb"
        :
        : [port] "{dx}" (port),
          [source] "{rsi}" (bytes.ptr),
          [count] "{rcx}" (bytes.len),
        : .{ .memory = true, .rsi = true, .rcx = true });
}
