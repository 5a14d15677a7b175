//! What a worker cannot get, whatever it sends.

use assize_jailer_protocol::{Answer, BoxRequest, Request, UseLimits, WithoutLayer};

use crate::fixture::{TestJailer, refusal, request};

#[test]
fn what_is_above_a_bound_is_refused_by_name_and_the_next_box_is_started() {
    let bounds = [("MEMORY_BYTES", "268435456"), ("CPUS", "2"), ("PROCESSES", "64")];
    let Some(jailer) = TestJailer::start("bounds", &bounds) else {
        return;
    };
    type Change = fn(&mut BoxRequest);
    let changes: [(&str, Change); 7] = [
        ("MEMORY_BYTES", |request| request.limits.memory_bytes = 1 << 40),
        ("PROCESSES", |request| request.limits.processes = 65),
        ("CPUS", |request| request.cpuset = vec![0, 1, 2]),
        ("ASSIZE_JAILER_LEAVE_OUT", |request| {
            request.without = vec![WithoutLayer::Seccomp]
        }),
        ("docker/roots.sh", |request| request.environment = "cobol".to_owned()),
        ("docker/roots.sh", |request| {
            request.environment = "../../etc".to_owned()
        }),
        ("cpuset", |request| request.cpuset = vec![4000]),
    ];
    for (named, change) in changes {
        let mut changed = request();
        change(&mut changed);
        let (reason, remedy) = refusal(jailer.worker().ask(&Request::Start(changed)));
        assert!(
            format!("{reason}; {remedy}").contains(named),
            "{named}: {reason}; {remedy}"
        );
    }
    assert_eq!(
        jailer.groups(),
        Vec::<std::path::PathBuf>::new(),
        "nothing is left of what was refused"
    );
    let started = jailer.started();
    let (reason, _remedy) = refusal({
        let mut worker = started.worker;
        let above = UseLimits {
            memory_bytes: 1 << 40,
            processes: 16,
        };
        worker.ask(&Request::Resize(above))
    });
    assert!(reason.contains("MEMORY_BYTES"), "{reason}");
}

#[test]
fn all_boxes_together_are_bounded_and_one_that_ends_makes_room() {
    let bounds = [("BOXES", "2"), ("ALL_MEMORY_BYTES", "402653184")];
    let Some(jailer) = TestJailer::start("together", &bounds) else {
        return;
    };
    let (first, second) = (jailer.started(), jailer.started());
    assert_ne!(first.id, second.id);
    let (reason, _remedy) = refusal(jailer.worker().ask(&Request::Start(request())));
    assert!(reason.contains("ASSIZE_JAILER_BOXES = 2"), "{reason}");
    second.worker.close();
    let mut large = request();
    large.limits.memory_bytes = 300 << 20;
    let (reason, _remedy) = refusal(jailer.worker().ask(&Request::Start(large)));
    assert!(reason.contains("ALL_MEMORY_BYTES"), "{reason}");
    jailer.started();
}

#[test]
fn the_processes_of_all_boxes_together_are_bounded() {
    let of_one = request().limits.processes.to_string();
    let Some(jailer) = TestJailer::start("processes", &[("ALL_PROCESSES", &of_one)]) else {
        return;
    };
    let _first = jailer.started();
    let (reason, _remedy) = refusal(jailer.worker().ask(&Request::Start(request())));
    assert!(reason.contains("ALL_PROCESSES"), "{reason}");
}

#[test]
fn what_is_no_request_ends_its_connection_and_nothing_else() {
    let Some(jailer) = TestJailer::start("frames", &[("REQUEST_TIMEOUT_MS", "1000")]) else {
        return;
    };
    let started = jailer.started();
    let unknown = br#"{"start":{"environment":"python3","mounts":["/"]}}"#;
    let mut framed = u32::try_from(unknown.len()).unwrap().to_le_bytes().to_vec();
    framed.extend_from_slice(unknown);
    for bytes in [
        &b"\xff\xff\xff\xff"[..],
        b"\x02\0\0\0{]",
        b"\x05\0\0\0\"no\"",
        &framed,
        b"",
        b"\x09\0",
    ] {
        let mut worker = jailer.worker();
        worker.write(bytes);
        assert!(worker.is_hung_up_on(), "{bytes:?}");
    }
    let mut worker = started.worker;
    assert!(matches!(worker.ask(&Request::PostMortem), Answer::Ended(_)));
    let (reason, _remedy) = refusal(worker.ask(&Request::Start(request())));
    assert!(reason.contains("one box"), "{reason}");
    let (reason, _remedy) = refusal(jailer.worker().ask(&Request::PostMortem));
    assert!(reason.contains("no box"), "{reason}");
}
