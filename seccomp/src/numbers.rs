//! Numbers of system calls of this architecture, by their names in the kernel (`arch/*/include/uapi/asm/unistd.h`).

use std::collections::BTreeMap;

#[cfg(target_arch = "x86_64")]
const TABLE: &str = include_str!("x86_64.txt");
#[cfg(target_arch = "aarch64")]
const TABLE: &str = include_str!("aarch64.txt");

/// Added to the number of a call that is made in the x32 ABI of x86_64.
#[cfg(target_arch = "x86_64")]
pub const X32_BIT: Option<u32> = Some(0x4000_0000);
#[cfg(not(target_arch = "x86_64"))]
pub const X32_BIT: Option<u32> = None;

/// Every call of this architecture.
pub fn table() -> BTreeMap<&'static str, u32> {
    TABLE
        .lines()
        .filter_map(|line| {
            let (number, name) = line.split_once(' ')?;
            Some((name, number.parse().ok()?))
        })
        .collect()
}
