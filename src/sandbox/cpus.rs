//! Which CPUs a slot has.

use rustix::io;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use thiserror::Error;

use crate::config::SandboxSettings;

/// CPUs that cannot be shared out.
#[derive(Debug, Error)]
pub enum CpusError {
    /// The setting does not parse.
    #[error("the cpuset {0:?} is no list of CPUs; write numbers and ranges such as \"2-7,9\"")]
    Syntax(String),
    /// The kernel does not say which CPUs there are.
    #[error("cannot ask on which CPUs this process may run: {0}")]
    Unknown(#[from] io::Errno),
}

/// The CPUs of each slot, and those that are left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shares {
    /// One list per slot, as in `cpuset(7)`; all empty when the CPUs do not suffice or are not to be pinned.
    pub slots: Vec<String>,
    /// CPUs that no slot has.
    pub rest: Vec<usize>,
}

/// Gives each of `slots` slots its CPUs, whether or not another worker has them: see
/// [`claim_cpus`](crate::sandbox::claim_cpus).
///
/// # Errors
/// When the setting is no list of CPUs, or the kernel does not say which there are.
pub fn share_out(settings: &SandboxSettings, slots: usize) -> Result<Shares, CpusError> {
    Ok(deal(settings, slots, &candidates(settings)?))
}

/// The CPUs that slots may have.
pub(super) fn candidates(settings: &SandboxSettings) -> Result<Vec<usize>, CpusError> {
    match settings.cpuset.as_str() {
        "" => usable(),
        list => parse(list),
    }
}

/// Gives each slot some of these CPUs, or none where they do not suffice.
pub(super) fn deal(settings: &SandboxSettings, slots: usize, cpus: &[usize]) -> Shares {
    let each = settings.cpus as usize;
    if !settings.pin_cpus || each == 0 || slots * each > cpus.len() {
        return Shares {
            slots: vec![String::new(); slots],
            rest: Vec::new(),
        };
    }
    let list = |cpus: &[usize]| cpus.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    Shares {
        slots: cpus.chunks(each).take(slots).map(list).collect(),
        rest: cpus[slots * each..].to_vec(),
    }
}

/// Whether the setting is a list of CPUs, or empty.
pub(super) fn check_cpuset(list: &str) -> Result<(), CpusError> {
    match list {
        "" => Ok(()),
        list => parse(list).map(drop),
    }
}

/// Keeps this process, and every thread that it will start, on `cpus`. With none it stays where it is.
///
/// # Errors
/// When the kernel refuses.
pub fn stay_on(cpus: &[usize]) -> Result<(), CpusError> {
    if cpus.is_empty() {
        return Ok(());
    }
    let mut set = CpuSet::new();
    for cpu in cpus {
        set.set(*cpu);
    }
    Ok(sched_setaffinity(None, &set)?)
}

/// Keeps the calling thread on a list of CPUs such as that of a slot. With an empty one it stays where it is.
///
/// # Errors
/// When the kernel refuses, or the list does not parse.
pub fn stay_on_list(list: &str) -> Result<(), CpusError> {
    match list {
        "" => Ok(()),
        list => stay_on(&parse(list)?),
    }
}

fn usable() -> Result<Vec<usize>, CpusError> {
    let set = sched_getaffinity(None)?;
    Ok((0..CpuSet::MAX_CPU).filter(|cpu| set.is_set(*cpu)).collect())
}

/// Numbers and ranges such as `2-7,9`, sorted and each once.
pub(super) fn parse(list: &str) -> Result<Vec<usize>, CpusError> {
    let wrong = || CpusError::Syntax(list.to_owned());
    let number = |text: &str| {
        let number: Option<usize> = text.trim().parse().ok();
        number.filter(|cpu| *cpu < CpuSet::MAX_CPU).ok_or_else(wrong)
    };
    let mut cpus = Vec::new();
    for part in list.split(',') {
        match part.split_once('-') {
            Some((first, last)) => cpus.extend(number(first)?..=number(last)?),
            None => cpus.push(number(part)?),
        }
    }
    cpus.sort_unstable();
    cpus.dedup();
    if cpus.is_empty() {
        return Err(wrong());
    }
    Ok(cpus)
}

#[cfg(test)]
mod tests {
    use super::{Shares, share_out};
    use crate::config;

    fn shares(cpuset: &str, cpus: u32, slots: usize) -> Result<Shares, String> {
        let mut settings = config::load(None).map_err(|error| error.to_string())?.sandbox;
        settings.cpuset = cpuset.to_owned();
        settings.cpus = cpus;
        share_out(&settings, slots).map_err(|error| error.to_string())
    }

    #[test]
    fn every_slot_has_cpus_of_its_own_where_there_are_enough() {
        let given = [
            ("0-3", 1, 4),
            ("2-7", 2, 2),
            ("5,0-1", 1, 2),
            ("0-3", 1, 5),
            ("0", 2, 1),
        ];
        let expected: [(&[&str], &[usize]); 5] = [
            (&["0", "1", "2", "3"], &[]),
            (&["2,3", "4,5"], &[6, 7]),
            (&["0", "1"], &[5]),
            (&["", "", "", "", ""], &[]),
            (&[""], &[]),
        ];
        for ((cpuset, cpus, slots), (shared, rest)) in given.into_iter().zip(expected) {
            let found = shares(cpuset, cpus, slots).unwrap();
            assert_eq!(
                (found.slots, found.rest),
                (shared.iter().map(|&s| s.to_owned()).collect(), rest.to_vec())
            );
        }
    }

    #[test]
    fn a_list_of_cpus_that_is_none_is_refused() {
        for wrong in ["a", "1-", "3-1", "-", "99999", ","] {
            let message = shares(wrong, 1, 1).unwrap_err();
            assert!(message.contains("cpuset"), "{wrong}: {message}");
        }
    }
}
