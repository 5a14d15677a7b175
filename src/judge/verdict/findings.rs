//! What the facts of a submission's runs say to someone who watches for attacks. It never touches the verdict.

use crate::contract::{SecurityFinding, SecurityKind};
use crate::counted::counted;
use crate::judge::text::escaped;
use crate::judge::verdict::SIGSYS;
use crate::sandbox::{Ended, RunFacts, Stopped, ZygoteEnd};

/// Longest detail, in bytes: it may come from the program.
const LONGEST_DETAIL: usize = 200;

/// Places that no submission has a reason to look into.
const PRIVATE: [&str; 10] = [
    "/boot",
    "/etc/shadow",
    "/home",
    "/proc/1/",
    "/proc/kcore",
    "/proc/sys",
    "/root",
    "/run",
    "/sys/kernel",
    "/var/run",
];

/// The findings of a submission, each kind once.
#[derive(Debug, Default)]
pub(in crate::judge) struct Findings(Vec<SecurityFinding>);

impl Findings {
    /// Adds what one run shows.
    pub(in crate::judge) fn add_run(&mut self, test: &str, facts: &RunFacts) {
        for (kind, detail) in kernel_facts(facts).into_iter().chain(audited_attempts(facts)) {
            let killed = kind == SecurityKind::ForbiddenCall;
            let last = if killed { facts.audit.as_slice() } else { &[] };
            self.add(kind, test, &detail, last);
        }
    }

    /// Boxes were lost under the program.
    pub(in crate::judge) fn boxes_lost(&mut self, test: &str, lost: u32) {
        if lost > 0 {
            let boxes = counted(lost.into(), "box", "boxes");
            let detail = format!("{boxes} broke or ended while the program ran");
            self.add(SecurityKind::Tampering, test, &detail, &[]);
        }
    }

    pub(in crate::judge) fn into_list(mut self) -> Vec<SecurityFinding> {
        self.0.sort_by_key(|finding| finding.kind);
        self.0
    }

    fn add(&mut self, kind: SecurityKind, test: &str, detail: &str, last_audit_events: &[String]) {
        if let Some(known) = self.0.iter_mut().find(|known| known.kind == kind) {
            known.tests += 1;
            return;
        }
        self.0.push(SecurityFinding {
            kind,
            severity: kind.severity(),
            source: kind.source(),
            tests: 1,
            first_test: test.to_owned(),
            detail: escaped(detail, LONGEST_DETAIL),
            last_audit_events: last_audit_events
                .iter()
                .map(|event| escaped(event, LONGEST_DETAIL))
                .collect(),
        });
    }
}

fn kernel_facts(facts: &RunFacts) -> Vec<(SecurityKind, String)> {
    let mut found = Vec::new();
    if facts.ended == Ended::Signal(SIGSYS) {
        found.push((SecurityKind::ForbiddenCall, "killed by seccomp (SIGSYS)".to_owned()));
    }
    if matches!(facts.zygote_end, Some(ZygoteEnd::HadChildren | ZygoteEnd::Unexpected)) {
        found.push((
            SecurityKind::Tampering,
            "the interpreter that tests are forked from ended".to_owned(),
        ));
    }
    if let Some(refused) = facts.refused_processes.filter(|refused| *refused > 0) {
        let detail = counted(
            refused,
            "process or thread was refused",
            "processes or threads were refused",
        );
        found.push((SecurityKind::ProcessLimit, detail));
    }
    if facts.leftovers > 0 {
        let detail = counted(facts.leftovers.into(), "process was left", "processes were left");
        found.push((SecurityKind::LeftProcesses, detail));
    }
    if let Some(kills) = facts.memory_kills.filter(|kills| *kills > 0) {
        let detail = counted(
            kills,
            "process was killed for memory",
            "processes were killed for memory",
        );
        found.push((SecurityKind::MemoryKill, detail));
    }
    match facts.stopped {
        Some(Stopped::Output(stream)) => found.push((SecurityKind::OutputFlood, format!("too much on {stream:?}"))),
        Some(Stopped::Cpu) => found.push((
            SecurityKind::CpuLimit,
            format!("{} ms of CPU time", facts.cpu.us / 1000),
        )),
        _ => {}
    }
    found
}

fn audited_attempts(facts: &RunFacts) -> Vec<(SecurityKind, String)> {
    facts
        .audit
        .iter()
        .filter_map(|event| Some((kind_of(event)?, event.clone())))
        .fold(Vec::new(), |mut distinct, (kind, event)| {
            if !distinct.iter().any(|(other, _)| *other == kind) {
                distinct.push((kind, event));
            }
            distinct
        })
}

/// What an audit event (`library/audit_events` of Python's documentation) stands for, if it is more than daily business.
fn kind_of(event: &str) -> Option<SecurityKind> {
    let (name, detail) = event.split_once(' ').unwrap_or((event, ""));
    match name {
        "socket.bind"
        | "socket.connect"
        | "socket.getaddrinfo"
        | "socket.gethostbyname"
        | "socket.sendto"
        | "urllib.Request" => Some(SecurityKind::NetworkAttempt),
        "os.exec" | "os.posix_spawn" | "os.system" | "pty.spawn" | "subprocess.Popen" => {
            Some(SecurityKind::ProgramAttempt)
        }
        "open" if PRIVATE.iter().any(|place| detail.starts_with(place)) => Some(SecurityKind::FileAttempt),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audit_events_are_sorted_into_attempts_and_daily_business() {
        let rows = [
            ("socket.connect 10.0.0.1", Some(SecurityKind::NetworkAttempt)),
            ("socket.__new__", None),
            ("os.system", Some(SecurityKind::ProgramAttempt)),
            ("open /etc/shadow", Some(SecurityKind::FileAttempt)),
            ("open /root/.ssh/id_rsa", Some(SecurityKind::FileAttempt)),
            ("open /etc/localtime", None),
            ("open /tmp/x", None),
            ("", None),
        ];
        for (event, kind) in rows {
            assert_eq!(kind_of(event), kind, "{event:?}");
        }
    }
}
