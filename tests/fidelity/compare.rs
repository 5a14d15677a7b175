//! Where two runs differ, for a person to read.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::outcome::Outcome;
use crate::programs::Program;

/// Lines shown on each side.
const SHOWN: usize = 20;

/// What is other than in plain Python; `None` when nothing is.
pub(crate) fn differences(program: &Program, plain: &[Outcome], seen: &[Outcome]) -> Option<String> {
    let mut found = String::new();
    for (plain, seen) in plain.iter().zip(seen) {
        if plain.end != program.ends {
            let _infallible = writeln!(found, "  end: {} is meant, plain {}", program.ends, plain.end);
            found += &lines("stderr", b"", &plain.stderr);
        }
        if plain.end != seen.end {
            let _infallible = writeln!(found, "  end: plain {}, here {}", plain.end, seen.end);
        }
        if !program.differs {
            found += &lines("stdout", &plain.stdout, &seen.stdout);
        }
        found += &lines("stderr", &plain.stderr, &seen.stderr);
    }
    if program.differs {
        found += &repeated(plain.iter().chain(seen));
    }
    (!found.is_empty()).then_some(found)
}

/// The lines that some of the runs have in common.
fn repeated<'a>(runs: impl Iterator<Item = &'a Outcome>) -> String {
    let mut seen = BTreeSet::new();
    let mut found = String::new();
    for run in runs {
        for (index, line) in split(&run.stdout).into_iter().enumerate() {
            if !seen.insert((index, line.clone())) {
                let _infallible = writeln!(found, "  stdout: line {} is the same in two runs: {line}", index + 1);
            }
        }
    }
    if seen.is_empty() {
        found += "  stdout: nothing is printed\n";
    }
    found
}

/// Prints what was seen.
pub(crate) fn show(programs: &[Program], seen: &[Vec<Outcome>]) {
    for (program, outcomes) in programs.iter().zip(seen) {
        for Outcome { end, stdout, stderr } in outcomes {
            println!("=== {}: {}: {end}", program.name, program.shows);
            for (sign, text) in [("|", stdout), ("!", stderr)] {
                split(text).iter().for_each(|line| println!("{sign} {line}"));
            }
        }
    }
}

/// The lines between the common start and the common end of two texts.
fn lines(what: &str, plain: &[u8], seen: &[u8]) -> String {
    if plain == seen {
        return String::new();
    }
    let (plain, seen) = (split(plain), split(seen));
    let pairs = || plain.iter().zip(&seen);
    let start = pairs().take_while(|(one, other)| one == other).count();
    let (plain, seen) = (&plain[start..], &seen[start..]);
    let end = (plain.iter().rev().zip(seen.iter().rev()))
        .take_while(|(one, other)| one == other)
        .count();
    let mut shown = format!("  {what} from line {}:\n", start + 1);
    for (sign, lines) in [("-", plain), ("+", seen)] {
        let different = &lines[..lines.len() - end];
        for line in different.iter().take(SHOWN) {
            let _infallible = writeln!(shown, "    {sign} {line}");
        }
        if different.len() > SHOWN {
            let _infallible = writeln!(shown, "    {sign} ... and {} lines more", different.len() - SHOWN);
        }
    }
    shown
}

/// Lines with their ends visible, so that no two different ones look the same.
fn split(text: &[u8]) -> Vec<String> {
    text.split_inclusive(|&byte| byte == b'\n')
        .map(|line| match line.strip_suffix(b"\n") {
            Some(line) => visible(line),
            None => format!("{} (no end of line)", visible(line)),
        })
        .collect()
}

fn visible(line: &[u8]) -> String {
    line.escape_ascii()
        .to_string()
        .replace("\\\"", "\"")
        .replace("\\'", "'")
}
