//! The group around all boxes of a jailer is short of memory: what the kernel kills there is no fact of the program.

use std::fs;
use std::path::{Path, PathBuf};

use assize::contract::{Submission, Verdict};
use assize::judge::{JudgeError, JudgeFailure};
use assize::problem::ProblemStore;
use assize::sandbox::BoxError;

use crate::jailer_faults::JailerProcess;
use crate::judging::{JudgeFixture, submission};

const MIB: u64 = 1 << 20;

/// Limits of a group, in version 2 and in version 1.
const LIMITS: [&str; 2] = ["memory.max", "memory.limit_in_bytes"];

/// The limit of the group of this name.
fn limit_of(group: &str) -> PathBuf {
    let mut directories = vec![PathBuf::from("/sys/fs/cgroup")];
    while let Some(directory) = directories.pop() {
        let limit = LIMITS
            .map(|name| directory.join(name))
            .into_iter()
            .find(|file| file.exists());
        if let Some(limit) = limit.filter(|_| directory.ends_with(group)) {
            return limit;
        }
        let entries = fs::read_dir(&directory).into_iter().flatten().flatten();
        let below = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        directories.extend(below.map(|entry| entry.path()));
    }
    panic!("there is no group {group}");
}

/// A program that uses so much memory, within the limit of its box.
fn takes(bytes: u64) -> Submission {
    let source = format!("whole = b'x' * {bytes}\nprint(sum(map(int, input().split())))");
    let mut takes = submission(&source, &[("2 3\n", "5\n")]);
    takes.limits.memory_bytes = Some(256 * MIB);
    takes
}

fn set(limit: &Path, bytes: &str) {
    fs::write(limit, bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_the_kernel_kills_for_the_memory_of_the_group_around_is_run_again_and_gets_no_mle() {
    let Some(jailer) = JailerProcess::start_with("memory", &[]).await else {
        return;
    };
    let boxes = jailer.boxes();
    let problems = ProblemStore::open(&boxes.settings.problems).unwrap();
    let judge = JudgeFixture::of(&boxes.settings, boxes.pool(1, 0), problems);
    let limit = limit_of(jailer.group());
    set(&limit, &(64 * MIB).to_string());
    let failure = judge.try_to_judge(&takes(128 * MIB)).await;
    let attempts = boxes.settings.judge.box_attempts;
    match &failure {
        Err(JudgeFailure::Error(
            error @ JudgeError::Box {
                boxes,
                under_program: 0,
                source: BoxError::HostMemory(_),
                ..
            },
        )) => assert!(*boxes == attempts && error.has_other_explanations(), "{error}"),
        other => panic!("{other:?}"),
    }
    // Version 1 takes no word for "none".
    set(&limit, &(1_u64 << 40).to_string());
    for (bytes, expected) in [(128 * MIB, Verdict::Ac), (400 * MIB, Verdict::Mle)] {
        let judged = judge.judge(&takes(bytes)).await;
        assert_eq!(judged.verdict, expected, "{bytes} bytes: {judged:#?}");
    }
    judge.close().await;
}
