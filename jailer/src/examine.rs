//! What the jailer finds about itself and its host.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::process::Command;

use assize_jailer_protocol::{Finding, Subject};
use rustix::process::geteuid;

use crate::roots::Root;
use crate::wall::{INSTALL, Wall};

/// Options without which nsjail could not do what boxes need, with what they are for.
const NEEDED: [(&str, &str); 4] = [
    ("--config", "configurations"),
    ("--seccomp_string", "seccomp filters"),
    ("--disable_clone_newcgroup", "namespaces of control groups"),
    ("--iface_no_lo", "empty networks"),
];

/// Looks at the host, and at the root directories of these environments.
pub(crate) fn examine<'a>(wall: &Wall, environments: impl Iterator<Item = &'a String>) -> Vec<Finding> {
    let mut findings = vec![
        nsjail(wall),
        Finding::ok(Subject::Groups, wall.groups.description()),
        user_namespaces(),
        seccomp(),
        rights(wall),
    ];
    findings.extend(
        environments.map(|environment| match Root::of(&wall.settings.roots, environment) {
            Ok(root) => Finding::ok(Subject::Root, format!("{environment} ({:.12})", digits(&root.digest))),
            Err(error) => Finding::fail(Subject::Root, format!("{environment}: {}", error.reason), error.remedy),
        }),
    );
    findings
}

fn digits(digest: &str) -> &str {
    digest.split_once(':').map_or(digest, |(_kind, digits)| digits)
}

fn nsjail(wall: &Wall) -> Finding {
    let path = &wall.settings.nsjail;
    let shown = path.display();
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) => return Finding::fail(Subject::Nsjail, format!("{shown}: {error}"), INSTALL),
    };
    if found.mode() & 0o022 != 0 {
        let what = format!("{shown} can be changed by others than its owner, and it runs with the jailer's rights");
        return Finding::fail(Subject::Nsjail, what, format!("chmod go-w {shown}"));
    }
    if found.permissions().mode() & 0o111 == 0 {
        return Finding::fail(
            Subject::Nsjail,
            format!("{shown} is no program"),
            format!("chmod +x {shown}"),
        );
    }
    // It lists its options, and ends, whatever else is wrong.
    let help = match Command::new(path).arg("--help").env_clear().output() {
        Ok(output) => [output.stdout, output.stderr].concat(),
        Err(error) => return Finding::fail(Subject::Nsjail, format!("cannot start {shown}: {error}"), INSTALL),
    };
    let help = String::from_utf8_lossy(&help);
    let missing: Vec<&str> = NEEDED
        .iter()
        .filter(|(option, _use)| !help.contains(option))
        .map(|(_option, what)| *what)
        .collect();
    if missing.is_empty() {
        return Finding::ok(Subject::Nsjail, format!("{shown}"));
    }
    let what = format!("{shown} knows no {}: it is too old, or no nsjail", missing.join(", "));
    Finding::fail(Subject::Nsjail, what, INSTALL)
}

/// Settings of the kernel that forbid user namespaces, with what to write there.
const FORBIDDING: [(&str, &str, &str); 3] = [
    (
        "/proc/sys/user/max_user_namespaces",
        "0",
        "sysctl user.max_user_namespaces=65536",
    ),
    (
        "/proc/sys/kernel/unprivileged_userns_clone",
        "0",
        "sysctl kernel.unprivileged_userns_clone=1",
    ),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile of nsjail that has `userns,`",
    ),
];

fn user_namespaces() -> Finding {
    if !fs::exists("/proc/self/ns/user").unwrap_or(false) {
        let remedy = "use a kernel with CONFIG_USER_NS";
        return Finding::fail(Subject::UserNamespaces, "this kernel has none", remedy);
    }
    forbidden(has_capability(CAP_SYS_ADMIN), |file| fs::read_to_string(file).ok()).unwrap_or_else(|| {
        Finding::ok(
            Subject::UserNamespaces,
            "root in a box would have no rights on the host",
        )
    })
}

/// What forbids user namespaces to this process, by what `read` finds in the kernel's settings.
fn forbidden(has_rights: bool, read: impl Fn(&str) -> Option<String>) -> Option<Finding> {
    FORBIDDING.into_iter().find_map(|(file, bad, remedy)| {
        let is_bad = read(file).is_some_and(|text| text.trim() == bad);
        // The first holds for all users.
        let is_meant = !has_rights || file.ends_with("max_user_namespaces");
        let found = format!("forbidden by {file} = {bad}");
        (is_bad && is_meant).then(|| Finding::fail(Subject::UserNamespaces, found, remedy))
    })
}

/// Its number (`capabilities(7)`).
const CAP_SYS_ADMIN: u32 = 21;

/// Whether this process has a capability (`CapEff` of `proc_pid_status(5)`).
fn has_capability(number: u32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let set = effective.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok());
    set.is_some_and(|set| set & (1 << number) != 0)
}

fn seccomp() -> Finding {
    let actions = fs::read_to_string("/proc/sys/kernel/seccomp/actions_avail").unwrap_or_default();
    if actions.split_whitespace().any(|action| action == "kill_process") {
        return Finding::ok(Subject::Seccomp, "the kernel knows filters");
    }
    let remedy = "use a kernel from Linux 4.14 on with CONFIG_SECCOMP_FILTER";
    Finding::fail(Subject::Seccomp, "the kernel cannot kill a process by a filter", remedy)
}

fn rights(wall: &Wall) -> Finding {
    let (first, last) = (
        wall.settings.first_uid,
        wall.settings.first_uid + wall.settings.uids - 1,
    );
    if geteuid().is_root() {
        return Finding::ok(
            Subject::Rights,
            format!("root; boxes have the users {first} to {last}, each another one"),
        );
    }
    let what = format!(
        "user {}: all boxes have this one user, and own what is mounted in them",
        geteuid().as_raw()
    );
    Finding::warn(Subject::Rights, what, "start the jailer as root")
}

#[cfg(test)]
mod tests {
    use assize_jailer_protocol::FindingState;

    use super::*;

    #[test]
    fn what_forbids_user_namespaces_is_named_with_the_command_that_allows_them() {
        for (file, text, has_rights, command) in [
            (
                "/proc/sys/user/max_user_namespaces",
                "0\n",
                true,
                Some("user.max_user_namespaces"),
            ),
            ("/proc/sys/user/max_user_namespaces", "65536\n", false, None),
            (
                "/proc/sys/kernel/unprivileged_userns_clone",
                "0\n",
                false,
                Some("unprivileged_userns_clone=1"),
            ),
            ("/proc/sys/kernel/unprivileged_userns_clone", "0\n", true, None),
            (
                "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
                "1\n",
                false,
                Some("AppArmor profile of nsjail"),
            ),
            (
                "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
                "1\n",
                true,
                None,
            ),
        ] {
            let found = forbidden(has_rights, |asked| (asked == file).then(|| text.to_owned()));
            let told = found.map(|finding| {
                assert_eq!(finding.state, FindingState::Fail);
                assert!(finding.found.contains(file), "{finding:?}");
                finding.remedy
            });
            assert_eq!(told.is_some(), command.is_some(), "{file} {text} {has_rights}");
            assert!(told.unwrap_or_default().contains(command.unwrap_or_default()), "{file}");
        }
    }
}
