//! A profile as filters that the kernel runs (`seccomp(2)`), for a guest in which nothing else makes them.
//!
//! A filter has two answers, and a profile several. So there is a filter for each answer, and the strictest one counts; of
//! two that refuse a call with different numbers, that of the filter which was installed last.

use std::collections::{BTreeMap, BTreeSet};

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, sock_filter,
};
use thiserror::Error;

use crate::{Action, Comparison, NO_SUCH_CALL, Profile, X32_BIT, table};

/// A profile that no filters can be made of.
#[derive(Debug, Error)]
pub enum FilterError {
    /// It says too much for a filter, or this architecture is not known.
    #[error("no filters can be made of the seccomp profile: {0}")]
    Profile(#[from] seccompiler::BackendError),
    /// Calls are listed with the default answer.
    #[error("the seccomp profile allows what it does not name; its default has to be SCMP_ACT_ERRNO")]
    Open,
}

/// Instructions, of eight bytes each.
type Filter = Vec<u8>;

/// Where the number of a call lies in what a filter sees (`struct seccomp_data`).
const NUMBER: u32 = 0;

/// `BPF_LD | BPF_W | BPF_ABS`, `BPF_JMP | BPF_JGE | BPF_K`, `BPF_RET | BPF_K` of `linux/bpf_common.h`.
const LOAD: u16 = 0x20;
const JUMP_FROM: u16 = 0x35;
const RETURN: u16 = 0x06;

/// The profile as filters, in the order in which they have to be installed.
///
/// # Errors
/// When that cannot be done.
pub fn filters(profile: &Profile) -> Result<Vec<Filter>, FilterError> {
    if profile.default == Action::Allow {
        return Err(FilterError::Open);
    }
    let mut programs = vec![program(
        rules(profile, Action::Allow)?,
        answer(profile.default),
        SeccompAction::Allow,
    )?];
    let actions: BTreeSet<Action> = profile.rules.iter().map(|rule| rule.action).collect();
    for action in actions.into_iter().filter(|action| *action != Action::Allow) {
        programs.push(program(rules(profile, action)?, SeccompAction::Allow, answer(action))?);
    }
    programs.push(beyond(profile));
    Ok(programs.iter().map(|program| bytes(program)).collect())
}

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

fn program(rules: Rules, otherwise: SeccompAction, matching: SeccompAction) -> Result<BpfProgram, FilterError> {
    let architecture = TargetArch::try_from(std::env::consts::ARCH)?;
    let filter = SeccompFilter::new(rules, otherwise, matching, architecture)?;
    Ok(filter.try_into()?)
}

/// The calls with this answer. Those that this architecture does not have are left out, as in libseccomp.
fn rules(profile: &Profile, action: Action) -> Result<Rules, FilterError> {
    let numbers = table();
    let mut rules = Rules::new();
    for rule in profile.rules.iter().filter(|rule| rule.action == action) {
        for number in rule.names.iter().filter_map(|name| numbers.get(name.as_str())) {
            let alternatives = rules.entry(i64::from(*number)).or_default();
            if !rule.comparisons.is_empty() {
                let conditions = rule.comparisons.iter().map(condition).collect::<Result<_, _>>()?;
                alternatives.push(SeccompRule::new(conditions)?);
            }
        }
    }
    Ok(rules)
}

fn condition(comparison: &Comparison) -> Result<SeccompCondition, FilterError> {
    let operator = match comparison.operator {
        "!=" => SeccompCmpOp::Ne,
        "<" => SeccompCmpOp::Lt,
        "<=" => SeccompCmpOp::Le,
        ">=" => SeccompCmpOp::Ge,
        ">" => SeccompCmpOp::Gt,
        _ if comparison.mask == u64::MAX => SeccompCmpOp::Eq,
        _ => SeccompCmpOp::MaskedEq(comparison.mask),
    };
    // A call has six arguments.
    let argument = u8::try_from(comparison.index).unwrap_or(u8::MAX);
    Ok(SeccompCondition::new(
        argument,
        SeccompCmpArgLen::Qword,
        operator,
        comparison.value,
    )?)
}

fn answer(action: Action) -> SeccompAction {
    match action {
        Action::Allow => SeccompAction::Allow,
        Action::Errno(number) => SeccompAction::Errno(number),
        Action::KillProcess => SeccompAction::KillProcess,
    }
}

/// What runc and libseccomp answer beyond a profile: a call that is newer than all that it names does not exist, and one in
/// another ABI ends the process.
fn beyond(profile: &Profile) -> BpfProgram {
    let numbers = table();
    let names = profile.rules.iter().flat_map(|rule| &rule.names);
    let newest = names.filter_map(|name| numbers.get(name.as_str())).max().copied();
    let instruction = |code, jt, k| sock_filter { code, jt, jf: 0, k };
    let give = |action: SeccompAction| instruction(RETURN, 0, action.into());
    vec![
        instruction(LOAD, 0, NUMBER),
        // Over the two after it. Where there is no such ABI there is no such number either.
        instruction(JUMP_FROM, 2, X32_BIT.unwrap_or(u32::MAX)),
        instruction(JUMP_FROM, 2, newest.map_or(u32::MAX, |newest| newest + 1)),
        give(SeccompAction::Allow),
        give(SeccompAction::KillProcess),
        give(SeccompAction::Errno(NO_SUCH_CALL)),
    ]
}

fn bytes(program: &[sock_filter]) -> Filter {
    let instructions = program.iter().flat_map(|one| {
        let [a, b] = one.code.to_ne_bytes();
        let [c, d, e, f] = one.k.to_ne_bytes();
        [a, b, one.jt, one.jf, c, d, e, f]
    });
    instructions.collect()
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::os::unix::fs::chown;
    use std::thread;

    use seccompiler::apply_filter;

    use super::*;
    use crate::PROFILE;

    #[test]
    fn the_kernel_takes_the_filters_and_answers_as_the_profile_says() {
        let profile = Profile::parse(PROFILE).expect("the profile that is built in can be read");
        let filters = filters(&profile).expect("filters can be made of it");
        // Filters hold for a thread and what it starts.
        let judged = thread::spawn(move || {
            filters
                .iter()
                .try_for_each(|filter| apply_filter(&instructions(filter)))?;
            let read = std::fs::read("/proc/self/stat").map(drop);
            Ok::<_, seccompiler::Error>([read, chown("/proc/self/stat", Some(0), None)].map(number))
        });
        let answers = judged
            .join()
            .expect("the thread goes on")
            .expect("the kernel takes the filters");
        assert_eq!(answers, [None, Some(libc::EPERM)]);
    }

    fn number(answer: io::Result<()>) -> Option<i32> {
        answer.err().and_then(|error| error.raw_os_error())
    }

    fn instructions(filter: &[u8]) -> BpfProgram {
        let (instructions, _rest) = filter.as_chunks::<8>();
        let instructions = instructions.iter().map(|[a, b, jt, jf, c, d, e, f]| sock_filter {
            code: u16::from_ne_bytes([*a, *b]),
            jt: *jt,
            jf: *jf,
            k: u32::from_ne_bytes([*c, *d, *e, *f]),
        });
        instructions.collect()
    }
}
