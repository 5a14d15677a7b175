//! Control groups around the programs that run machines.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use assize::config::Settings;
use assize::sandbox::CheckState;
use rustix::process::Pid;

use crate::fixture::TestBoxes;
use crate::machines::machines_of;
use crate::small_box::small_box;
use crate::waiting::eventually;

pub(crate) async fn a_machine_has_a_control_group_that_goes_with_it(boxes: &TestBoxes) {
    let group = format!("assize-test-{}", std::process::id());
    let backend = boxes.another(|settings| have_group(settings, &group));
    let live = backend.launch(&small_box()).await.unwrap();
    let directory = live.id.trim_start_matches("microvm-").to_owned();
    let machines = machines_of(&directory);
    let [machine] = machines.as_slice() else {
        panic!("{machines:?}")
    };
    let groups = groups_of(*machine, &group);
    assert!(
        !groups.is_empty() && groups.iter().all(|own| own.ends_with(&directory)),
        "{groups:?}"
    );
    let memory = groups.iter().find_map(|own| memory_limit(own)).unwrap();
    let own = boxes.settings.sandbox.microvm.memory_bytes;
    assert!((own..own + (4 << 30)).contains(&memory), "{memory}");
    live.handle.destroy().await;
    eventually("the group of the machine is gone", async || {
        groups.iter().all(|own| !own.exists())
    })
    .await;
    backend.close().await;
    drop(backend);
    let of_worker: BTreeSet<_> = groups.iter().filter_map(|own| own.parent()).collect();
    eventually("the group of the worker is gone", async || {
        of_worker.iter().all(|of_worker| !of_worker.exists())
    })
    .await;
    let of_all = of_worker.iter().filter_map(|of_worker| of_worker.parent());
    of_all.for_each(|of_all| fs::remove_dir(of_all).unwrap());
}

pub(crate) async fn a_group_that_cannot_be_had_is_told_and_no_machine_runs_without(boxes: &TestBoxes) {
    // No group has such a name.
    let backend = boxes.another(|settings| have_group(settings, "cgroup.procs/x"));
    let refused = backend.launch(&small_box()).await.unwrap_err().to_string();
    assert!(
        refused.contains("cannot make") && refused.contains("cgroup"),
        "{refused}"
    );
    let checks = backend.examine(&["python3"]).await;
    let check = checks.iter().find(|check| check.check == "control group").unwrap();
    assert_eq!(check.state, CheckState::Fail, "{check:?}");
    backend.close().await;
}

fn have_group(settings: &mut Settings, group: &str) {
    group.clone_into(&mut settings.sandbox.microvm.group);
}

/// The directories of the groups of a process below the one of this name (`proc_pid_cgroup(5)`, `proc_pid_mountinfo(5)`).
fn groups_of(process: Pid, name: &str) -> Vec<PathBuf> {
    let mounted = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let points: Vec<_> = mounted
        .lines()
        .filter(|line| line.contains(" - cgroup"))
        .filter_map(|line| Some((line.split(' ').nth(3)?, line.split(' ').nth(4)?)))
        .collect();
    let own = fs::read_to_string(format!("/proc/{process}/cgroup")).unwrap();
    let inside = own.lines().filter_map(|line| line.split(':').nth(2));
    let inside = inside.filter(|group| group.split('/').any(|part| part == name));
    let directories = inside.flat_map(|group| {
        points.iter().filter_map(move |(root, point)| {
            let below = group.strip_prefix(root.trim_end_matches('/'))?;
            Some(Path::new(point).join(below.trim_start_matches('/')))
        })
    });
    let there: BTreeSet<_> = directories.filter(|directory| directory.is_dir()).collect();
    there.into_iter().collect()
}

fn memory_limit(directory: &Path) -> Option<u64> {
    ["memory.max", "memory.limit_in_bytes"].iter().find_map(|name| {
        let text = fs::read_to_string(directory.join(name)).ok()?;
        text.trim().parse().ok()
    })
}
