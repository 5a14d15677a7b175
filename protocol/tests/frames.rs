//! Frames survive the way there and back, and nothing that arrives can make the reader allocate or panic.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use assize_protocol::{
    Command, Component, CpuTime, DecodeError, Ended, Figure, FrameError, HEADER, Hello, Lifetime, MAX_BODY,
    MAX_COMPONENTS, MemoryPeak, Meters, Program, PutFile, Report, RunFacts, RunLimits, RunRequest, Stdin, Stopped,
    VERSION, ZygoteEnd, read_header,
};
use proptest::prelude::*;

const ARBITRARY_LIMITS: RunLimits = RunLimits {
    cpu_us: 1_000_000,
    wall_us: 3_000_000,
    starved_us: 9_000_000,
    memory_bytes: 256 << 20,
    input_room_bytes: 0,
    output_bytes: 8 << 20,
    file_bytes: 16 << 20,
    open_files: 64,
    cpus: 1,
    stderr_keep: 4096,
};

fn body_of(frame: &[u8]) -> (u8, &[u8]) {
    let header = read_header(frame).unwrap().unwrap();
    assert_eq!(frame.len(), HEADER + header.body);
    (header.kind, &frame[HEADER..])
}

#[test]
fn every_command_arrives_as_it_was_sent() {
    let commands = [
        Command::Put(PutFile {
            path: "pkg/main.py".into(),
            lifetime: Lifetime::Durable,
            mode: 0o644,
        }),
        Command::FileData(b"print(1)\n"),
        Command::CopyData(u64::MAX),
        Command::FileEnd,
        Command::Run(RunRequest {
            program: Program::Exec {
                argv: vec!["/usr/bin/python3".into()],
                env: vec!["LANG=C.UTF-8".into()],
            },
            stdin: Stdin::Pipe,
            limits: ARBITRARY_LIMITS,
            then_fetch: None,
            then_reset: true,
        }),
        Command::CopyInput(50_000_000),
        Command::InputFile(0),
        Command::InputFile(u64::MAX),
        Command::Stdin(b"\0\xff"),
        Command::StdinEnd,
        Command::OutputCredit(7),
        Command::CloseStdout,
        Command::Kill,
        Command::Reset,
        Command::Pipes,
        Command::OutputEnded,
    ];
    for command in commands {
        let mut frame = Vec::new();
        command.encode(&mut frame).unwrap();
        let (kind, body) = body_of(&frame);
        assert_eq!(Command::decode(kind, body).unwrap(), command);
    }
}

#[test]
fn the_facts_of_a_run_keep_their_bytes_from_one_version_to_the_next() {
    let facts = RunFacts {
        ended: Ended::Signal(9),
        stopped: Some(Stopped::Cpu),
        cpu: CpuTime {
            us: 1_000_001,
            source: Figure::Cgroup,
        },
        wall_us: 1_200_000,
        starved_us: Some(5),
        memory_peak: MemoryPeak {
            bytes: 9 << 20,
            source: Figure::Rusage,
        },
        memory_kills: None,
        memory_kills_by_host: 6,
        stdout_bytes: 3,
        stderr_bytes: 4,
        stderr_head: b"oops".to_vec(),
        stderr_tail: Vec::new(),
        refused_processes: Some(3),
        leftovers: 2,
        audit: vec!["os.system /bin/sh".to_owned()],
        zygote_end: Some(ZygoteEnd::HadChildren),
    };
    let mut frame = Vec::new();
    Report::Exited(facts.clone()).encode(&mut frame).unwrap();
    let golden = "340000008401120100c1843d00809f4901058080c00401000601030304046f6f70730002010201116f732e73797374656d202f62696e2f7368";
    let hex: String = frame.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, golden, "the wire format changed: raise VERSION");
    let (kind, body) = body_of(&frame);
    assert_eq!(Report::decode(kind, body).unwrap(), Report::Exited(facts));
}

fn hello(version: u16, components: usize) -> (Vec<u8>, Report<'static>) {
    let component = Component {
        name: "numpy".into(),
        version: "2.2.4".into(),
    };
    let hello = Report::Hello(Hello {
        version,
        meters: Meters {
            cpu: Figure::Cgroup,
            memory_peak: Figure::Rusage,
            memory_kills: true,
            refused_processes: false,
            starvation: true,
        },
        cpus: Some(2),
        environment: vec![component; components],
    });
    let mut frame = Vec::new();
    hello.encode(&mut frame).unwrap();
    (frame, hello)
}

#[test]
fn a_hello_of_this_version_is_read_and_of_another_only_its_version() {
    let (frame, sent) = hello(VERSION, MAX_COMPONENTS);
    let (kind, body) = body_of(&frame);
    assert_eq!(Report::decode(kind, body).unwrap(), sent);
    for found in [0, 3, VERSION + 1, u16::MAX] {
        let (frame, _) = hello(found, 1);
        let (kind, body) = body_of(&frame);
        let version_and_anything = [&body[..body.len() - 3], b"another layout"].concat();
        assert_eq!(
            Report::decode(kind, &version_and_anything),
            Err(DecodeError::Version { found })
        );
    }
}

#[test]
fn a_hello_with_more_components_than_allowed_is_refused() {
    let (frame, _) = hello(VERSION, MAX_COMPONENTS + 1);
    let (kind, body) = body_of(&frame);
    assert!(matches!(Report::decode(kind, body), Err(DecodeError::TooLarge(_))));
}

#[test]
fn a_frame_above_the_cap_is_refused_before_it_is_read() {
    let mut frame = u32::MAX.to_le_bytes().to_vec();
    frame.push(0x82);
    assert_eq!(
        read_header(&frame),
        Err(FrameError::TooLong {
            kind: 0x82,
            announced: u32::MAX as usize
        })
    );
    let mut out = b"before".to_vec();
    assert!(Report::Output(&vec![0; MAX_BODY + 1]).encode(&mut out).is_err());
    assert_eq!(out, b"before");
}

#[test]
fn bytes_behind_a_message_are_refused() {
    for command in [Command::Kill, Command::CopyInput(1 << 40), Command::InputFile(1 << 40)] {
        let mut frame = Vec::new();
        command.encode(&mut frame).unwrap();
        let (kind, body) = body_of(&frame);
        assert!(Command::decode(kind, &[body, b"x"].concat()).is_err(), "{command:?}");
    }
}

#[test]
fn a_size_that_is_cut_or_beyond_64_bits_is_refused() {
    for command in [
        Command::CopyData(u64::MAX),
        Command::CopyInput(u64::MAX),
        Command::InputFile(u64::MAX),
    ] {
        let mut frame = Vec::new();
        command.encode(&mut frame).unwrap();
        let (kind, body) = body_of(&frame);
        assert!(Command::decode(kind, &body[..body.len() - 1]).is_err(), "{command:?}");
        assert!(Command::decode(kind, &[0xff; 10]).is_err(), "{command:?}");
        assert!(Command::decode(kind, &[]).is_err(), "{command:?}");
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic_a_reader(kind: u8, body in prop::collection::vec(any::<u8>(), 0..300)) {
        let _unparsed = (Command::decode(kind, &body).is_ok(), Report::decode(kind, &body).is_ok());
        let _header = read_header(&body).is_ok();
    }
}
