//! Scanning bytes: white space as the problem package format defines it, and equality in blocks.

/// Blocks are compared with one `memcmp` each; small enough to stay in the first cache.
const BLOCK: usize = 4096;
const SUB_BLOCK: usize = 64;
const NEAR: usize = 16;

/// Space, horizontal tab, line feed, vertical tab, form feed and carriage return: the six that the format lists, which
/// are also C's `isspace` in the C locale. Nothing else separates tokens, neither NUL nor a byte of a Unicode space.
pub(super) const fn is_white_space(byte: u8) -> bool {
    // Written without branches, so that loops over it become vector code.
    (byte == b' ') | (byte.wrapping_sub(b'\t') <= b'\r' - b'\t')
}

/// How many bytes of white space `bytes` begins with.
pub(super) fn white_space_length(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|&byte| !is_white_space(byte))
        .unwrap_or(bytes.len())
}

/// How many bytes before the first white space; all of them when there is none.
pub(super) fn token_length(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|&byte| is_white_space(byte))
        .unwrap_or(bytes.len())
}

/// How many bytes the two begin with in common.
pub(super) fn common_prefix(left: &[u8], right: &[u8]) -> usize {
    // Where outputs differ in every token, most calls end here.
    let near = common_bytes(left, right, NEAR);
    if near < NEAR {
        return near;
    }
    let blocks = equal_blocks(left, right, BLOCK);
    let fine = blocks + equal_blocks(&left[blocks..], &right[blocks..], SUB_BLOCK);
    fine + common_bytes(&left[fine..], &right[fine..], SUB_BLOCK)
}

fn common_bytes(left: &[u8], right: &[u8], limit: usize) -> usize {
    left.iter()
        .zip(right)
        .take(limit)
        .take_while(|(left, right)| left == right)
        .count()
}

fn equal_blocks(left: &[u8], right: &[u8], size: usize) -> usize {
    let pairs = left.chunks_exact(size).zip(right.chunks_exact(size));
    pairs.take_while(|(left, right)| left == right).count() * size
}

/// How many bytes of the two begin with the same equal tokens and white space, cut after the last white space, so that
/// what follows starts a token (or white space) on both sides.
pub(super) fn common_tokens(left: &[u8], right: &[u8]) -> usize {
    let common = &left[..common_prefix(left, right)];
    common
        .iter()
        .rposition(|&byte| is_white_space(byte))
        .map_or(0, |last| last + 1)
}
