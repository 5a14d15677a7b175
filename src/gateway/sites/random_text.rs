//! What cannot be guessed: tokens, sessions, secrets.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Length of 256 bits in base64.
const LENGTH: usize = 43;

/// 256 bits from the kernel: three version-4 UUIDs hold 366, and a digest takes 256 of them.
pub(in crate::gateway) fn random_bytes() -> [u8; 32] {
    let drawn = [Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4()];
    let bytes: Vec<u8> = drawn.iter().flat_map(|drawn| *drawn.as_bytes()).collect();
    Sha256::digest(bytes).into()
}

/// The same as text.
pub(in crate::gateway) fn random_text() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes())
}

/// Whether it may be such a text.
pub(in crate::gateway) fn is_random_text(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() == LENGTH && text.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_have_been_drawn_is_told_from_what_may() {
        let drawn = random_text();
        assert!(is_random_text(&drawn), "{drawn}");
        for other in [
            "",
            "guessed",
            &drawn[1..],
            &format!("{drawn}x"),
            &"ä".repeat(22),
            &"=".repeat(43),
        ] {
            assert!(!is_random_text(other), "{other}");
        }
    }
}
