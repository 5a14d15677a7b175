//! The page on which the forks of a zygote note what Python audits, and from which the runner reads it.
//!
//! ```text
//! count (u32) | 63 slots of 64 bytes: length (u8), text
//! ```
//!
//! It is memory of the judged program, which can write anything there. So the reader believes no length and no count,
//! and what it reads is advice.

/// Size of the page.
pub const AUDIT_PAGE: usize = 4096;

const SLOT: usize = 64;
const SLOTS: usize = AUDIT_PAGE / SLOT - 1;
const LONGEST: usize = SLOT - 1;

/// Records an event in place of the oldest one.
///
/// # Safety
/// `page` is the start of [`AUDIT_PAGE`] bytes that can be written. Other processes may write there at the same time.
pub unsafe fn note_audit(page: *mut u8, event: &[u8], detail: &[u8]) {
    let mut text = [0; SLOT];
    let parts = event.iter().chain(b" ").chain(detail);
    let mut length = 0;
    for (place, byte) in text[1..].iter_mut().zip(parts) {
        *place = *byte;
        length += 1;
    }
    text[0] = length;
    // SAFETY: the slot is within the page, as `count % SLOTS` is below SLOTS; volatile, since the page is shared.
    unsafe {
        let count = page.cast::<u32>();
        let noted = count.read_volatile();
        let slot = page.add(SLOT + (noted as usize % SLOTS) * SLOT);
        slot.cast::<[u8; SLOT]>().write_volatile(text);
        count.write_volatile(noted.wrapping_add(1));
    }
}

/// The last events on the page, oldest first, at most `most` of them. Whatever the page holds, they are short, and text.
#[must_use]
pub fn read_audit(page: &[u8; AUDIT_PAGE], most: usize) -> Vec<String> {
    let [a, b, c, d, ..] = *page;
    let count = u32::from_le_bytes([a, b, c, d]) as usize;
    let kept = count.min(most).min(SLOTS);
    (count - kept..count)
        .map(|at| {
            let start = SLOT + (at % SLOTS) * SLOT;
            let length = usize::from(page[start]).min(LONGEST);
            String::from_utf8_lossy(&page[start + 1..start + 1 + length])
                .trim_end()
                .to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_events_are_read_in_their_order() {
        let mut page = [0; AUDIT_PAGE];
        for number in 0..200 {
            // SAFETY: the page is this whole array.
            unsafe { note_audit(page.as_mut_ptr(), b"open", format!("/file{number}").as_bytes()) };
        }
        assert_eq!(read_audit(&page, 2), ["open /file198", "open /file199"]);
        assert_eq!(read_audit(&page, 1000).len(), SLOTS);
    }

    #[test]
    fn whatever_a_program_writes_on_the_page_is_read_as_short_text() {
        for byte in [0_u8, 1, 63, 64, 127, 255] {
            let read = read_audit(&[byte; AUDIT_PAGE], 16);
            assert!(read.iter().all(|text| text.chars().count() <= LONGEST), "{read:?}");
            assert!(read.len() <= 16);
        }
    }
}
