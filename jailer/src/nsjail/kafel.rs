//! A policy in the language of kafel, which nsjail compiles (`https://google.github.io/kafel/`).
//!
//! Calls are named by number: kafel knows some by other names than the kernel, and some not at all. Arguments of calls
//! that are named by number have 64 bits.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use assize_seccomp::{Action, Comparison, NO_SUCH_CALL, Profile, Rule, X32_BIT, table};

/// Numbers above it are of no call of any kernel.
const LAST_NUMBER: u32 = 1023;

/// The first and the last number that the x32 ABI has for itself; x86_64 has no calls of these numbers.
const X32_LAST: u32 = 547;

/// Each call by its number, with the rules about it.
type Calls<'a> = BTreeMap<u32, Vec<&'a Rule>>;

/// The profile as a policy of kafel. Calls that this architecture does not have are left out, as in libseccomp.
///
/// Beyond the profile it answers what runc and libseccomp do: a call that is newer than all that the profile names does
/// not exist, so that a C library falls back, and a call in another ABI ends the process.
pub fn policy(profile: &Profile) -> String {
    let numbers = table();
    let mut by_action: BTreeMap<Action, Calls<'_>> = BTreeMap::new();
    let mut newest = 0;
    for rule in &profile.rules {
        for number in rule.names.iter().filter_map(|name| numbers.get(name.as_str())) {
            newest = newest.max(*number);
            let calls = by_action.entry(rule.action).or_default();
            calls.entry(*number).or_default().push(rule);
        }
    }
    let newer = by_action.entry(Action::Errno(NO_SUCH_CALL)).or_default();
    for number in newest + 1..=LAST_NUMBER {
        newer.entry(number).or_default();
    }
    let killed = by_action.entry(Action::KillProcess).or_default();
    if let Some(bit) = X32_BIT {
        killed.extend((0..=X32_LAST).map(|number| (bit | number, Vec::new())));
    }
    let blocks: Vec<String> = by_action.iter().map(|(action, calls)| block(*action, calls)).collect();
    format!("{} DEFAULT {}", blocks.join(" "), word(profile.default))
}

fn word(action: Action) -> String {
    match action {
        Action::Allow => "ALLOW".to_owned(),
        Action::Errno(number) => format!("ERRNO({number})"),
        Action::KillProcess => "KILL_PROCESS".to_owned(),
    }
}

fn block(action: Action, calls: &Calls<'_>) -> String {
    let calls: Vec<String> = calls.iter().map(|(number, rules)| call(*number, rules)).collect();
    format!("{} {{ {} }}", word(action), calls.join(", "))
}

/// The names of the arguments.
const ARGUMENTS: [char; 6] = ['a', 'b', 'c', 'd', 'e', 'f'];

fn call(number: u32, rules: &[&Rule]) -> String {
    let mut text = format!("SYSCALL[{number}]");
    // A profile has one rule without comparisons of a call, or one or more that have some.
    let alternatives: Vec<String> = rules
        .iter()
        .filter(|rule| !rule.comparisons.is_empty())
        .map(|rule| all_of(&rule.comparisons))
        .collect();
    if !alternatives.is_empty() {
        // Writing to a string cannot fail.
        let _written = write!(text, "(a, b, c, d, e, f) {{ {} }}", alternatives.join(" || "));
    }
    text
}

fn all_of(comparisons: &[Comparison]) -> String {
    let all: Vec<String> = comparisons.iter().map(compared).collect();
    format!("({})", all.join(" && "))
}

fn compared(comparison: &Comparison) -> String {
    let Comparison {
        index,
        operator,
        mask,
        value,
    } = comparison;
    let argument = ARGUMENTS[*index as usize % ARGUMENTS.len()];
    if *mask == u64::MAX {
        format!("({argument} {operator} {value})")
    } else {
        format!("(({argument} & {mask}) {operator} {value})")
    }
}
