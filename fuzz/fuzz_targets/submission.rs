//! The message contract: any bytes become a submission or a rejection that names what is wrong.
#![no_main]

use assize::contract::{SubmissionCaps, parse};
use libfuzzer_sys::fuzz_target;

const CAPS: SubmissionCaps = SubmissionCaps {
    message_bytes: 64 << 10,
    source_bytes: 16 << 10,
    files: 8,
    tests: 8,
    metadata_bytes: 1 << 10,
};

fuzz_target!(|data: &[u8]| {
    match parse(data, &CAPS) {
        Ok(submission) => {
            assert!(!submission.files.is_empty());
            let sources: usize = submission.files.iter().map(|file| file.content.len()).sum();
            assert!(sources <= CAPS.source_bytes);
            for file in &submission.files {
                assert!(!file.name.starts_with('/') && !file.name.split('/').any(|part| matches!(part, "" | "." | "..")));
            }
        }
        Err(rejected) => assert!(!rejected.reason.is_empty()),
    }
});
