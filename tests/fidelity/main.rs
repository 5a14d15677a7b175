//! A test must behave as plain `python3 main.py`, however it is started.
//!
//! Every program in `programs/` runs in plain Python, in a container that is made as a box is but has no runner in it,
//! and then in boxes. Standard output, standard error and the end must be the same, byte for byte. A program is one
//! file `NAME.py` or a directory `NAME/` with `main.py`, with `NAME.in` as its input; its first comment says what it
//! shows. A comment of the header may be a marker:
//!
//! - `# ends: exit 1`: how it ends, where that is not `exit 0`;
//! - `# args: a b`: arguments;
//! - `# repeat: 100`: its input is `NAME.in` so many times;
//! - `# wall: 2`: killed when it has run for so many seconds;
//! - `# reader: gone`: the reader of its standard output hangs up after the first bytes;
//! - `# differs`: run twice in each way, and no line of standard output may be the same in any two runs;
//! - `# differs between boxes`: the same, but the runs of a submission in one box may print the same. The seed of the
//!   hashes of texts is drawn when an interpreter starts, and a zygote starts once.
//!
//! A program that does not compile is not forked, and neither is one that asks what only a zygote's own history could
//! answer: then the judge starts an interpreter, which is what mode `exec` shows.
//!
//! `ASSIZE_FIDELITY=part cargo test --test fidelity -- --nocapture` runs only the programs that have `part` in their
//! names, and shows what they do in plain Python.

#![expect(clippy::disallowed_methods, reason = "tests start programs and read what they write")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod boxes;
mod compare;
mod isolation;
mod outcome;
mod plain;
mod programs;
#[path = "../common/runs_everything.rs"]
mod runs_everything;

use std::future::ready;

use crate::boxes::{Mode, Walls};
use crate::compare::differences;
use crate::outcome::Outcome;
use crate::plain::PlainPython;

/// Boxes or containers at once.
const LANES: usize = 4;

/// Programs that no zygote runs, at most: those that do not compile, and those that look into memory.
const NOT_FORKED: usize = 30;

/// As many programs as the suite must not fall below.
const PROGRAMS: usize = 400;

#[tokio::test(flavor = "multi_thread")]
async fn every_program_behaves_as_in_plain_python() {
    let only = std::env::var("ASSIZE_FIDELITY").unwrap_or_default();
    let programs = programs::all(&only);
    let walls = Walls::raise().await;
    let plain = outcome::over_lanes(&programs, || PlainPython::start(&walls)).await;
    if !only.is_empty() {
        compare::show(&programs, &plain);
    }
    let mut wrong = Vec::new();
    for mode in Mode::ALL {
        let seen = outcome::over_lanes(&programs, || ready(boxes::Lane::new(&walls, mode))).await;
        let not_forked = seen.iter().flatten().filter(|outcome| outcome.is_not_forked()).count();
        assert!(not_forked <= NOT_FORKED, "{not_forked} programs are not forked");
        for (program, (plain, seen)) in programs.iter().zip(plain.iter().zip(&seen)) {
            if seen.iter().any(Outcome::is_not_forked) {
                continue;
            }
            let found = differences(program, plain, seen);
            wrong.extend(found.map(|found| format!("{} in mode {mode}:\n{found}", program.name)));
        }
    }
    walls.close().await;
    assert!(
        wrong.is_empty(),
        "{} of {} programs behave otherwise than in plain python:\n\n{}",
        wrong.len(),
        programs.len() * Mode::ALL.len(),
        wrong.join("\n")
    );
}

#[test]
fn there_are_many_programs_and_each_says_what_it_shows() {
    let programs = programs::all("");
    assert!(programs.len() >= PROGRAMS, "only {} programs", programs.len());
    let silent: Vec<&str> = programs
        .iter()
        .filter(|program| program.shows.is_empty())
        .map(|program| program.name.as_str())
        .collect();
    assert!(silent.is_empty(), "without a first comment: {silent:?}");
}
