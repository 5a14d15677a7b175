//! So many of something, in words.

/// Such as `1 box` and `2 boxes`.
pub(crate) fn counted(count: u64, one: &str, more: &str) -> String {
    let what = if count == 1 { one } else { more };
    format!("{count} {what}")
}
