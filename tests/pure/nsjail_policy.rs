//! Boxes by nsjail and in virtual machines have the same seccomp profile as those of Docker: the policy and the filters that
//! are made of it answer every call as the profile does. All are read here anew, by other code than makes them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "the profile is a file of this tree")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use assize_jailer::policy;
use assize_seccomp::{PROFILE, Profile, filters};
use serde_json::Value;

/// Numbers of calls as the C library's headers have them, which a C compiler brings.
const HEADER: &str = "/usr/include/x86_64-linux-gnu/asm/unistd_64.h";

/// Calls of the profile that are newer than the headers of some hosts (`arch/x86/entry/syscalls/syscall_64.tbl`).
const NEWER: [(&str, u32); 2] = [("fchmodat2", 452), ("open_tree_attr", 467)];

/// Numbers that are tried: those of all calls, of calls to come, and of the x32 ABI.
const TRIED: u32 = 600;
const X32: u32 = 0x4000_0000;

type Arguments = [u64; 6];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Allow,
    Errno(u64),
    Kill,
}

#[test]
fn the_policy_answers_every_call_as_the_profile_does() {
    let (profile, policy) = (
        DockerProfile::read(),
        Policy::read(&policy(&Profile::parse(PROFILE).unwrap())),
    );
    let mut compared = 0;
    for number in (0..TRIED).chain(X32..X32 + 548) {
        for arguments in profile.arguments_of(number) {
            let (expected, found) = (profile.answer(number, arguments), policy.answer(number, arguments));
            assert_eq!(found, expected, "call {number} with {arguments:x?}");
            compared += 1;
        }
    }
    assert!(compared > 1500, "only {compared} calls were compared");
}

#[test]
fn the_filters_of_a_guest_answer_every_call_as_the_profile_does() {
    let profile = DockerProfile::read();
    let filters: Vec<_> = filters(&Profile::parse(PROFILE).unwrap()).unwrap();
    let filters: Vec<Vec<Instruction>> = filters.iter().map(|filter| instructions(filter)).collect();
    assert!(
        filters.iter().all(|filter| filter.len() <= 4096),
        "the kernel takes no longer ones"
    );
    let mut compared = 0;
    for number in (0..TRIED).chain(X32..X32 + 548) {
        for arguments in profile.arguments_of(number) {
            let found = answer_of_all(&filters, number, arguments);
            assert_eq!(
                found,
                profile.answer(number, arguments),
                "call {number} with {arguments:x?}"
            );
            compared += 1;
        }
    }
    assert!(compared > 1500, "only {compared} calls were compared");
}

#[test]
fn a_profile_that_would_be_misunderstood_is_refused() {
    let whole: Value = serde_json::from_str(PROFILE).unwrap();
    let table: [(&str, Value, &str); 6] = [
        (
            "/syscalls/0/includes",
            serde_json::json!({"caps": ["CAP_SYS_ADMIN"]}),
            "includes",
        ),
        (
            "/syscalls/0/action",
            serde_json::json!("SCMP_ACT_NOTIFY"),
            "SCMP_ACT_NOTIFY",
        ),
        ("/defaultAction", serde_json::json!("SCMP_ACT_LOG"), "SCMP_ACT_LOG"),
        (
            "/syscalls/1/args/0/op",
            serde_json::json!("SCMP_CMP_NEARLY"),
            "SCMP_CMP_NEARLY",
        ),
        ("/syscalls/1/args/0/index", serde_json::json!(6), "argument 6"),
        ("/syscalls/1/names/0", serde_json::json!("read"), "two answers"),
    ];
    for (place, value, named) in table {
        let mut changed = whole.clone();
        let (parent, key) = place.rsplit_once('/').unwrap();
        match changed.pointer_mut(parent).unwrap() {
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
            other => other[key] = value,
        }
        let said = Profile::parse(&changed.to_string()).unwrap_err().to_string();
        assert!(said.contains(named), "{place}: {said}");
    }
}

/// The profile, as runc and libseccomp read it.
struct DockerProfile {
    document: Value,
    numbers: BTreeMap<String, u32>,
}

impl DockerProfile {
    fn read() -> Self {
        let header = fs::read_to_string(HEADER).unwrap();
        let lines = header.lines().filter_map(|line| line.strip_prefix("#define __NR_"));
        let numbers = lines.filter_map(|line| {
            let (name, number) = line.split_once(' ')?;
            Some((name.to_owned(), number.parse().ok()?))
        });
        let newer = NEWER.map(|(name, number)| (name.to_owned(), number));
        Self {
            document: serde_json::from_str(&fs::read_to_string("seccomp/python.json").unwrap()).unwrap(),
            numbers: numbers.chain(newer).collect(),
        }
    }

    fn groups_of(&self, number: u32) -> Vec<&Value> {
        let groups = self.document["syscalls"].as_array().unwrap().iter();
        let is_named = |name: &Value| self.numbers.get(name.as_str().unwrap()) == Some(&number);
        groups
            .filter(|group| group["names"].as_array().unwrap().iter().any(is_named))
            .collect()
    }

    fn answer(&self, number: u32, arguments: Arguments) -> Answer {
        if number >= X32 {
            return Answer::Kill;
        }
        let groups = self.groups_of(number);
        let matching = groups.iter().find(|group| {
            let comparisons = group["args"].as_array();
            comparisons
                .into_iter()
                .flatten()
                .all(|comparison| holds(comparison, arguments))
        });
        let newest = self.document["syscalls"].as_array().unwrap().iter();
        let newest = newest.flat_map(|group| group["names"].as_array().unwrap());
        let newest = newest
            .filter_map(|name| self.numbers.get(name.as_str().unwrap()))
            .max()
            .unwrap();
        match matching {
            Some(group) => match group["action"].as_str().unwrap() {
                "SCMP_ACT_ALLOW" => Answer::Allow,
                "SCMP_ACT_KILL_PROCESS" => Answer::Kill,
                "SCMP_ACT_ERRNO" => Answer::Errno(group["errnoRet"].as_u64().unwrap()),
                other => panic!("{other}"),
            },
            None if number > *newest => Answer::Errno(38),
            None => Answer::Errno(self.document["defaultErrnoRet"].as_u64().unwrap()),
        }
    }

    /// Arguments on both sides of every comparison of a call.
    fn arguments_of(&self, number: u32) -> BTreeSet<Arguments> {
        let mut all = BTreeSet::from([[0; 6], [u64::MAX; 6]]);
        for group in self.groups_of(number) {
            for comparison in group["args"].as_array().into_iter().flatten() {
                let index = usize::try_from(comparison["index"].as_u64().unwrap()).unwrap();
                let (value, two) = (
                    comparison["value"].as_u64().unwrap(),
                    comparison["valueTwo"].as_u64().unwrap_or(0),
                );
                let near = [
                    value,
                    value.wrapping_add(1),
                    value.wrapping_sub(1),
                    two,
                    two | !value,
                    two ^ 1,
                    1 << 12,
                ];
                let values = near
                    .into_iter()
                    .flat_map(|value| [value, value ^ (1 << 32), value ^ (1 << 63)]);
                let with = |arguments: &Arguments, value: u64| {
                    let mut changed = *arguments;
                    changed[index] = value;
                    changed
                };
                let changed: Vec<_> = values
                    .flat_map(|value| {
                        all.iter()
                            .map(move |arguments| with(arguments, value))
                            .collect::<Vec<_>>()
                    })
                    .collect();
                all.extend(changed);
            }
        }
        all
    }
}

fn holds(comparison: &Value, arguments: Arguments) -> bool {
    let argument = arguments[usize::try_from(comparison["index"].as_u64().unwrap()).unwrap()];
    let value = comparison["value"].as_u64().unwrap();
    match comparison["op"].as_str().unwrap() {
        "SCMP_CMP_EQ" => argument == value,
        "SCMP_CMP_LT" => argument < value,
        "SCMP_CMP_MASKED_EQ" => argument & value == comparison["valueTwo"].as_u64().unwrap(),
        other => panic!("{other}"),
    }
}

/// A policy of kafel: each call with its answer, and the condition under which it is given.
struct Policy {
    calls: BTreeMap<u32, (Answer, Option<String>)>,
    default: Answer,
}

impl Policy {
    fn read(text: &str) -> Self {
        let (blocks, default) = text.rsplit_once(" DEFAULT ").unwrap();
        let mut calls = BTreeMap::new();
        let mut rest = blocks;
        while let Some((word, inside, after)) = next_block(rest) {
            for entry in inside.split("SYSCALL[").filter(|entry| !entry.trim().is_empty()) {
                let (number, condition) = entry.split_once(']').unwrap();
                let condition = condition.trim().trim_end_matches(',').trim();
                let condition = condition
                    .strip_prefix("(a, b, c, d, e, f) { ")
                    .map(|text| text.trim_end_matches(" }").to_owned());
                let before = calls.insert(number.parse().unwrap(), (answer(word), condition));
                assert!(before.is_none(), "call {number} is named twice");
            }
            rest = after;
        }
        Self {
            calls,
            default: answer(default),
        }
    }

    fn answer(&self, number: u32, arguments: Arguments) -> Answer {
        match self.calls.get(&number) {
            None => self.default,
            Some((answer, None)) => *answer,
            Some((answer, Some(condition))) => {
                let met = condition
                    .split(" || ")
                    .any(|all| all.split(" && ").all(|one| is_met(one, arguments)));
                if met { *answer } else { self.default }
            }
        }
    }
}

/// The word before a block, what is in it, and what comes after.
fn next_block(text: &str) -> Option<(&str, &str, &str)> {
    let (word, rest) = text.split_once(" { ")?;
    let mut depth = 1;
    for (at, character) in rest.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((word.trim(), &rest[..at], &rest[at + 1..]));
        }
    }
    panic!("a block without an end: {text}")
}

fn answer(word: &str) -> Answer {
    match word {
        "ALLOW" => Answer::Allow,
        "KILL_PROCESS" => Answer::Kill,
        other => {
            let number = other.strip_prefix("ERRNO(").unwrap().strip_suffix(')').unwrap();
            Answer::Errno(number.parse().unwrap())
        }
    }
}

/// `(c == 1)`, `((c & 61440) == 4096)`, with or without one more pair of parentheses.
fn is_met(text: &str, arguments: Arguments) -> bool {
    let plain: String = text.chars().filter(|character| !"()".contains(*character)).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let value = |word: &str| arguments[usize::from(word.as_bytes()[0] - b'a')];
    let number = |word: &str| word.parse::<u64>().unwrap();
    match words.as_slice() {
        [argument, "==", right] => value(argument) == number(right),
        [argument, "<", right] => value(argument) < number(right),
        [argument, "&", mask, "==", right] => value(argument) & number(mask) == number(right),
        other => panic!("{other:?}"),
    }
}

/// `struct sock_filter` of `linux/filter.h`.
#[derive(Debug, Clone, Copy)]
struct Instruction {
    code: u16,
    jumps: [usize; 2],
    value: u32,
}

fn instructions(filter: &[u8]) -> Vec<Instruction> {
    let all = filter.chunks_exact(8).map(|bytes| Instruction {
        code: u16::from_ne_bytes([bytes[0], bytes[1]]),
        jumps: [bytes[2].into(), bytes[3].into()],
        value: u32::from_ne_bytes(bytes[4..].try_into().unwrap()),
    });
    all.collect()
}

/// As the kernel decides (`seccomp(2)`): all filters run, the newest first, and the first of the strictest answers counts.
fn answer_of_all(filters: &[Vec<Instruction>], number: u32, arguments: Arguments) -> Answer {
    let strictness = |answer: &u32| match answer & 0xffff_0000 {
        0x8000_0000 => 0,
        0x0005_0000 => 1,
        0x7fff_0000 => 2,
        other => panic!("{other:x}"),
    };
    let answers = filters.iter().rev().map(|filter| run(filter, number, arguments));
    let answer = answers.min_by_key(strictness).unwrap();
    match strictness(&answer) {
        0 => Answer::Kill,
        1 => Answer::Errno(u64::from(answer & 0xffff)),
        _ => Answer::Allow,
    }
}

/// Classic BPF on `struct seccomp_data`, as far as such filters use it.
fn run(filter: &[Instruction], number: u32, arguments: Arguments) -> u32 {
    const X86_64: u32 = 0xc000_003e;
    let mut data = [number.to_ne_bytes(), X86_64.to_ne_bytes()].concat();
    data.extend([0; 8]);
    arguments
        .iter()
        .for_each(|argument| data.extend(argument.to_ne_bytes()));
    let (mut place, mut register) = (0, 0_u32);
    loop {
        let Instruction { code, jumps, value } = filter[place];
        let jump = |holds: bool| jumps[usize::from(!holds)];
        place += 1;
        match code {
            0x20 => {
                let from = usize::try_from(value).unwrap();
                register = u32::from_ne_bytes(data[from..from + 4].try_into().unwrap());
            }
            0x05 => place += usize::try_from(value).unwrap(),
            0x15 => place += jump(register == value),
            0x25 => place += jump(register > value),
            0x35 => place += jump(register >= value),
            0x54 => register &= value,
            0x06 => return value,
            other => panic!("instruction {other:x}"),
        }
    }
}
