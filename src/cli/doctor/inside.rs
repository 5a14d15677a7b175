//! What a program finds in a box, reported by a program that runs in one.

use serde::Deserialize;

use crate::attack::AttackRun;
use crate::sandbox::Check;

const LOOK_AROUND: &str = include_str!("look_around.py");

/// No host has so much; control groups write "no limit" as a number beyond it.
const NO_LIMIT: u64 = 1 << 60;

/// What it found.
#[derive(Debug, Deserialize)]
struct Found {
    privileged_files: Vec<String>,
    tools: Vec<String>,
    writable_files: Vec<String>,
    files: u64,
    uid: u32,
    capabilities: Vec<String>,
    no_new_privileges: bool,
    seccomp: bool,
    interfaces: Vec<String>,
    memory_limit: Option<String>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "what the program in the box prints is no message of the contract"
)]
pub(super) async fn checks(run: &AttackRun) -> Vec<Check> {
    let remedy = "see the verdict of a program of your own: assize judge --json";
    let output = match run.output_of(LOOK_AROUND).await {
        Ok(output) => output,
        Err(reason) => return vec![Check::fail("inside a box", reason, remedy)],
    };
    match serde_json::from_str::<Found>(&output) {
        Ok(found) => vec![image(&found), rights(&found)],
        Err(error) => vec![Check::fail("inside a box", format!("{error}: {output}"), remedy)],
    }
}

/// What is not there cannot be used.
fn image(found: &Found) -> Check {
    const NAME: &str = "image's files";
    let kinds = [
        ("setuid or setgid", &found.privileged_files),
        ("shells, compilers or package tools", &found.tools),
        ("can be written", &found.writable_files),
    ];
    let bad: Vec<String> = kinds
        .iter()
        .filter(|(_kind, files)| !files.is_empty())
        .map(|(kind, files)| format!("{kind}: {}", some_of(files)))
        .collect();
    if bad.is_empty() {
        let found = format!(
            "{} files: no shell, no compiler, nothing setuid, nothing that can be written",
            found.files
        );
        return Check::ok(NAME, found);
    }
    let remedy = "build it with `make images` or docker/roots.sh, which refuse such files";
    Check::fail(NAME, bad.join("; "), remedy)
}

fn some_of(files: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown = files.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match files.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// What the kernel gave, whatever the backend was asked for.
fn rights(found: &Found) -> Check {
    const NAME: &str = "inside a box";
    let unlimited = found.memory_limit.as_deref().is_some_and(is_no_limit);
    let flaws = [
        (found.uid == 0, "programs are root".to_owned()),
        (
            !found.capabilities.is_empty(),
            format!("capabilities are left ({})", found.capabilities.join(", ")),
        ),
        (!found.no_new_privileges, "privileges can be gained by exec".to_owned()),
        (!found.seccomp, "no seccomp filter is on".to_owned()),
        (
            !found.interfaces.is_empty(),
            format!("there is a network ({})", found.interfaces.join(", ")),
        ),
        (unlimited, "memory is not limited".to_owned()),
    ];
    let flaws: Vec<String> = flaws.into_iter().filter_map(|(is, flaw)| is.then_some(flaw)).collect();
    if flaws.is_empty() {
        let ok = format!(
            "user {}, no capability, no new privileges, seccomp on, no network, memory limited",
            found.uid
        );
        return Check::ok(NAME, ok);
    }
    let remedy = "the sandbox backend or its runtime ignores what it is asked for; see its log and its settings";
    Check::fail(NAME, flaws.join("; "), remedy)
}

fn is_no_limit(limit: &str) -> bool {
    limit.parse::<u64>().map_or(limit == "max", |bytes| bytes > NO_LIMIT)
}
