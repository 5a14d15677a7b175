//! A worker of the version before, which is replaced after the jailer: it asks as it did, and gets what it can read. And
//! what one of this version gets instead.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileTypeExt as _;

use assize_jailer_protocol::{Answer, DESCRIPTORS, DESCRIPTORS_WITH_SOCKET, RefusalKind, Request};
use serde_json::Value;

use crate::fixture::{TestJailer, request};

/// What such a worker sends for a box, and afterwards.
const START: &str = r#"{"start":{"environment":"python3","slot":2,"role":"submission",
    "limits":{"memory_bytes":134217728,"processes":16},"cpus":1,"cpuset":[],"scratch_bytes":16777216,"scratch_inodes":256,
    "executable_work":false,"file_bytes":8388608,"open_files":64,"without":[]}}"#;
const RESIZE: &str = r#"{"resize":{"memory_bytes":268435456,"processes":16}}"#;

/// What it knows of each answer, and refuses anything beside: the name, and the fields in the order of the alphabet.
const ANSWERS: [(&str, &str, &[&str]); 5] = [
    (r#""facts""#, "facts", &["profile", "version"]),
    (START, "started", &["environment_digest", "id"]),
    (RESIZE, "resized", &[]),
    (r#""post_mortem""#, "ended", &["ended_by_host", "memory_kills"]),
    (r#""sweep""#, "swept", &[]),
];

fn framed(body: &str) -> Vec<u8> {
    let mut frame = u32::try_from(body.len()).unwrap().to_le_bytes().to_vec();
    frame.extend_from_slice(body.as_bytes());
    frame
}

#[test]
fn a_worker_of_the_version_before_gets_its_box_and_no_answer_that_it_does_not_know() {
    let Some(jailer) = TestJailer::start("older", &[]) else {
        return;
    };
    let mut worker = jailer.worker();
    for (request, name, fields) in ANSWERS {
        let (body, descriptors) = worker.exchange(&framed(request)).unwrap();
        let answer: Value = serde_json::from_slice(&body).unwrap();
        let told = answer
            .get(name)
            .or(answer.as_str().filter(|said| *said == name).map(|_said| &answer));
        let told = told.unwrap_or_else(|| panic!("{request}: {answer}"));
        let mut keys: Vec<&str> = told
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, _value)| key.as_str())
            .collect();
        keys.sort_unstable();
        assert_eq!(keys, fields, "{request}");
        assert_eq!(
            descriptors.len(),
            if request == START { DESCRIPTORS } else { 0 },
            "{request}"
        );
    }
}

#[test]
fn a_worker_is_told_in_a_word_that_it_knows_that_there_is_no_room() {
    let Some(jailer) = TestJailer::start("older-room", &[("BOXES", "1")]) else {
        return;
    };
    let _only = jailer.started();
    let mut older = jailer.worker();
    let (body, _none) = older.exchange(&framed(START)).unwrap();
    let answer: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(answer["refused"]["kind"], "forbidden", "{answer}");

    let mut worker = jailer.worker();
    worker.ask(&Request::Instance);
    let answer = worker.ask(&Request::Start(request()));
    assert!(
        matches!(&answer, Answer::Refused(refusal) if refusal.kind == RefusalKind::NoRoom),
        "{answer:?}"
    );
}

#[test]
fn a_worker_of_this_version_gets_one_socket_for_both_streams() {
    let Some(jailer) = TestJailer::start("socket", &[]) else {
        return;
    };
    let mut worker = jailer.worker();
    let start = START.replace(r#""slot":2,"role":"submission""#, r#""socket":true"#);
    let (_body, descriptors) = worker.exchange(&framed(&start)).unwrap();
    let descriptors: [OwnedFd; DESCRIPTORS_WITH_SOCKET] = descriptors.try_into().unwrap();
    let [mut streams, _errors] = descriptors.map(File::from);
    assert!(streams.metadata().unwrap().file_type().is_socket());
    let mut hello = [0; 5];
    streams.read_exact(&mut hello).unwrap();
    assert_eq!(hello[4], 0x81, "the runner speaks first");
    streams.write_all(&[0xff; 5]).unwrap();
    // A frame that cannot be ends the runner.
    streams.read_to_end(&mut Vec::new()).unwrap();
}
