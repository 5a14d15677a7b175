//! The runner's side: whatever arrives parses or is refused, and what parses is written back as it came.
#![no_main]

use assize_protocol::{Command, HEADER, read_header};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut rest = data;
    while let Ok(Some(header)) = read_header(rest) {
        let Some(body) = rest.get(HEADER..HEADER + header.body) else { return };
        if let Ok(command) = Command::decode(header.kind, body) {
            let mut frame = Vec::new();
            command.encode(&mut frame).expect("what was read can be written");
            let again = Command::decode(header.kind, &frame[HEADER..]).expect("what was written can be read");
            assert_eq!(again, command);
        }
        rest = &rest[HEADER + header.body..];
    }
});
