//! Control groups around the programs that run machines.

use std::fs;
use std::path::{Path, PathBuf};

use assize::config::Settings;
use assize::sandbox::CheckState;

use crate::fixture::Bench;
use crate::machines::machines_of;
use crate::small_box::small_box;
use crate::waiting::eventually;

pub(crate) async fn a_machine_has_a_control_group_that_goes_with_it(bench: &Bench) {
    let group = format!("assize-test-{}", std::process::id());
    let backend = bench.another(|settings| have_group(settings, &group));
    let live = backend.launch(&small_box()).await.unwrap();
    let directory = live.id.trim_start_matches("microvm-").to_owned();
    let machines = machines_of(&directory);
    let [machine] = machines.as_slice() else {
        panic!("{machines:?}")
    };
    let lines = fs::read_to_string(format!("/proc/{machine}/cgroup")).unwrap();
    let inside = format!("/{group}/");
    assert!(lines.lines().any(|line| line.contains(&inside)), "{lines}");
    let limits = directories(&group, &directory);
    assert!(!limits.is_empty());
    let memory = limits.iter().find_map(|directory| memory_limit(directory)).unwrap();
    let own = bench.settings.sandbox.microvm.memory_bytes;
    assert!((own..own + (4 << 30)).contains(&memory), "{memory}");
    live.handle.destroy().await;
    eventually("the group of the machine is gone", async || {
        directories(&group, &directory).is_empty()
    })
    .await;
    backend.close().await;
    drop(backend);
    eventually("the group of the worker is gone", async || {
        directories(&group, "").iter().all(|of_all| is_empty(of_all))
    })
    .await;
    directories(&group, "")
        .iter()
        .for_each(|of_all| fs::remove_dir(of_all).unwrap());
}

pub(crate) async fn a_group_that_cannot_be_had_is_told_and_no_machine_runs_without(bench: &Bench) {
    // No group has such a name.
    let backend = bench.another(|settings| have_group(settings, "cgroup.procs/x"));
    let refused = backend.launch(&small_box()).await.unwrap_err().to_string();
    assert!(refused.contains("cgroup.procs"), "{refused}");
    let checks = backend.examine(&["python3"]).await;
    let check = checks.iter().find(|check| check.check == "control group").unwrap();
    assert_eq!(check.state, CheckState::Fail, "{check:?}");
    backend.close().await;
}

fn have_group(settings: &mut Settings, group: &str) {
    group.clone_into(&mut settings.sandbox.microvm.group);
}

/// The directories of a group below that of all workers, in whichever hierarchies there are; of the group of all workers,
/// where no name is given.
fn directories(group: &str, name: &str) -> Vec<PathBuf> {
    let mounted = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let points = mounted.lines().filter(|line| line.contains(" - cgroup"));
    let points = points.filter_map(|line| line.split(' ').nth(4)).map(Path::new);
    let of_workers = points.map(|point| point.join(group)).filter(|found| found.is_dir());
    if name.is_empty() {
        return of_workers.collect();
    }
    let workers = of_workers.flat_map(|found| fs::read_dir(found).unwrap());
    let machines = workers.map(|worker| worker.unwrap().path().join(name));
    machines.filter(|machine| machine.is_dir()).collect()
}

fn is_empty(directory: &Path) -> bool {
    let mut entries = fs::read_dir(directory).unwrap();
    !entries.any(|entry| entry.unwrap().file_type().unwrap().is_dir())
}

fn memory_limit(directory: &Path) -> Option<u64> {
    ["memory.max", "memory.limit_in_bytes"].iter().find_map(|name| {
        let text = fs::read_to_string(directory.join(name)).ok()?;
        text.trim().parse().ok()
    })
}
