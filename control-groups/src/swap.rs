//! Whether a limit of memory holds where there is swap.

use std::path::Path;

use crate::error::GroupError;

/// Whether swap can be limited by `file` in a group. Where it cannot and there is swap, a limit of memory does not hold.
///
/// # Errors
/// Then, with what mends it.
pub(super) fn has_limit(file: &Path) -> Result<bool, GroupError> {
    let swaps = std::fs::read_to_string("/proc/swaps").unwrap_or_default();
    has_limit_beside(file, &swaps)
}

/// `swaps` as in `proc_swaps(5)`: one line is the heading.
fn has_limit_beside(file: &Path, swaps: &str) -> Result<bool, GroupError> {
    if file.exists() {
        return Ok(true);
    }
    if swaps.lines().count() > 1 {
        let reason = "swap is on and cannot be limited, so memory limits do not hold";
        return Err(GroupError::new(reason, "swapoff -a, or boot with swapaccount=1"));
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swap_that_cannot_be_limited_is_an_error_and_no_swap_is_none() {
        let heading = "Filename\tType\tSize\tUsed\tPriority\n";
        let on = format!("{heading}/dev/sda2 partition 1048572 0 -2\n");
        let (there, absent) = (Path::new("/proc/self/status"), Path::new("/proc/self/nothing"));
        assert!(has_limit_beside(there, &on).unwrap());
        assert!(!has_limit_beside(absent, heading).unwrap());
        assert!(!has_limit_beside(absent, "").unwrap());
        let refused = has_limit_beside(absent, &on).unwrap_err().to_string();
        assert!(refused.contains("swap is on"), "{refused}");
    }
}
