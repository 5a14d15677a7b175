//! Other workers of this host whose boxes are on the same CPUs.
//!
//! A worker takes the first CPUs that it may use, and so does every other one on the same host. Programs of both then
//! take turns, and their times grow. Only the daemon knows all of them: each worker may run in its own container.

use std::collections::{BTreeMap, BTreeSet};

use crate::sandbox::cpus::parse;
use crate::sandbox::docker::daemon::Daemon;
use crate::sandbox::docker::error::CallError;

/// Boxes that are looked at, at most: a worker has a few for each slot.
const MOST_BOXES: usize = 64;

/// The CPUs on which both this worker and another one have boxes now, with the names of the others; `None` for none.
pub(super) async fn sharing(daemon: &Daemon, worker: &str) -> Result<Option<String>, CallError> {
    let mut cpus: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (id, owner) in daemon.running_boxes().await?.into_iter().take(MOST_BOXES) {
        let found = match daemon.inspect(&id).await {
            Ok(found) => found,
            // It has ended meanwhile.
            Err(error) if error.is(404) => continue,
            Err(error) => return Err(error),
        };
        let list = found.host_config.and_then(|host| host.cpuset_cpus).unwrap_or_default();
        cpus.entry(owner).or_default().extend(parse(&list).unwrap_or_default());
    }
    Ok(shared(&cpus, worker))
}

fn shared(cpus: &BTreeMap<String, BTreeSet<usize>>, worker: &str) -> Option<String> {
    let own = cpus.get(worker)?;
    let others = cpus
        .iter()
        .filter(|(name, theirs)| *name != worker && !own.is_disjoint(theirs));
    let mut both: BTreeSet<usize> = BTreeSet::new();
    let mut names = Vec::new();
    for (name, theirs) in others {
        both.extend(own.intersection(theirs));
        names.push(name.as_str());
    }
    let both: Vec<String> = both.iter().map(ToString::to_string).collect();
    (!names.is_empty()).then(|| {
        let (cpus, names) = (both.join(","), names.join(", "));
        format!("CPUs {cpus} are also those of boxes of {names}: programs take turns on them")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cpus_that_another_worker_has_too_are_shared() {
        let cpus = |workers: &[(&str, &[usize])]| {
            let sets = workers
                .iter()
                .map(|(name, cpus)| ((*name).to_owned(), cpus.iter().copied().collect()));
            sets.collect::<BTreeMap<String, BTreeSet<usize>>>()
        };
        let all = cpus(&[("a", &[0, 1]), ("b", &[1, 2]), ("c", &[3])]);
        let found = shared(&all, "a").unwrap();
        assert!(found.contains("CPUs 1 are") && found.contains("boxes of b:"), "{found}");
        assert_eq!(shared(&all, "c"), None);
        assert_eq!(shared(&all, "d"), None, "it has no box");
        assert_eq!(
            shared(&cpus(&[("a", &[]), ("b", &[])]), "a"),
            None,
            "boxes that are not pinned"
        );
    }
}
