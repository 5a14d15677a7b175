//! The packed cases of LiveCodeBench: a text, pickled, compressed by zlib, in base64.
//!
//! A pickle is a program. Here nothing is run: only the instructions of a pickle of one text are known, and any other one
//! is an error.

use std::io::{self, Read as _};

use base64::Engine as _;
use flate2::read::ZlibDecoder;
use thiserror::Error;

/// Bytes of unpacked cases, at most.
const MOST: usize = 1 << 30;

/// Packed cases that cannot be read.
#[derive(Debug, Error)]
pub enum PackedError {
    /// They are not even packed.
    #[error("is neither JSON nor base64: {0}")]
    NoBase64(#[from] base64::DecodeError),
    /// What is packed was not compressed by zlib.
    #[error("cannot be decompressed: {0}")]
    Compression(#[source] io::Error),
    /// There is more of it than can be.
    #[error("has more than {MOST} bytes")]
    TooLarge,
    /// It would have to be run, or is no text.
    #[error("is a pickle of something else than one text")]
    OtherPickle,
}

/// The text that was packed.
pub(super) fn unpacked(text: &str) -> Result<String, PackedError> {
    let compressed = base64::engine::general_purpose::STANDARD.decode(text.trim())?;
    let mut pickle = Vec::new();
    ZlibDecoder::new(compressed.as_slice())
        .take(MOST as u64 + 1)
        .read_to_end(&mut pickle)
        .map_err(PackedError::Compression)?;
    if pickle.len() > MOST {
        return Err(PackedError::TooLarge);
    }
    pickled_text(&pickle).ok_or(PackedError::OtherPickle)
}

/// `PROTO n`, `FRAME`, a text, `MEMOIZE` or `BINPUT`, `STOP`.
fn pickled_text(pickle: &[u8]) -> Option<String> {
    let mut rest = pickle;
    let mut text = None;
    loop {
        let (code, behind) = rest.split_first()?;
        rest = behind;
        match code {
            0x80 | b'q' => rest = rest.get(1..)?,
            0x95 => rest = rest.get(8..)?,
            b'r' => rest = rest.get(4..)?,
            0x94 => {}
            0x8c => text = Some(counted::<1>(&mut rest)?),
            b'X' => text = Some(counted::<4>(&mut rest)?),
            0x8d => text = Some(counted::<8>(&mut rest)?),
            b'.' => return String::from_utf8(text?.to_vec()).ok(),
            _ => return None,
        }
    }
}

/// Bytes behind their number, which has `N` bytes.
fn counted<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (count, behind) = rest.split_at_checked(N)?;
    let mut wide = [0; 8];
    wide.get_mut(..N)?.copy_from_slice(count);
    let (bytes, behind) = behind.split_at_checked(usize::try_from(u64::from_le_bytes(wide)).ok()?)?;
    *rest = behind;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `base64(zlib(pickle.dumps('[{"a": 1}]')))` of Python, with the protocols 2, 4 and the newest.
    const PACKED: [&str; 3] = [
        "eJxrYIrgYmBgiK5WSlSyUjCsjS1k0AMAKyUEZA==",
        "eJxrYJnKxwABPVzR1UqJSlYKhrWxU/QAOsAFYA==",
        "eJxrYJ3KxwABPVzR1UqJSlYKhrWxU/QAOtgFYQ==",
    ];

    #[test]
    fn a_packed_text_is_read_and_no_other_pickle_is() {
        for packed in PACKED {
            assert_eq!(unpacked(packed).unwrap(), r#"[{"a": 1}]"#);
        }
        // `os.system`, and a list.
        let others: [&[u8]; 3] = [b"\x80\x02cos\nsystem\n.", b"\x80\x04]\x94.", b"\x80\x04\x8c\xff"];
        for other in others {
            assert_eq!(pickled_text(other), None);
        }
        let error = unpacked("{").unwrap_err();
        assert!(error.to_string().contains("neither JSON nor base64"), "{error}");
    }
}
