//! Base64 as other services take and give it.

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

/// Padding may be missing.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes; line breaks between the letters are passed over, for some libraries put one after every 60.
///
/// # Errors
/// When it is no base64.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, base64::DecodeError> {
    let letters: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    LENIENT.decode(letters)
}

pub(super) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_and_missing_padding_are_no_mistakes() {
        for text in ["aGk=", "aGk", "aG\nk=\r\n"] {
            assert_eq!(decode(text).unwrap(), b"hi", "{text:?}");
        }
        assert!(decode("a!").is_err());
    }
}
