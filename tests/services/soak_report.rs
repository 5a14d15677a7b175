//! What a soak has shown.

use std::fmt;
use std::fs;

use serde::Serialize;

use crate::account::Account;

/// A process may hold so many more descriptors at the end: boxes under way, connections of clients and of the pool.
const MORE_DESCRIPTORS: usize = 48;

/// It may be so much larger at the end: what an allocator keeps.
const MORE_KIB: usize = 32 * 1024;

/// What one process uses.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Vitals {
    rss_kib: usize,
    descriptors: usize,
}

impl Vitals {
    /// Of a process that runs.
    pub(crate) fn of(pid: u32) -> Self {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let rss = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        Self {
            rss_kib: rss.trim().trim_end_matches(" kB").parse().unwrap(),
            descriptors: fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count(),
        }
    }

    /// What the same process uses much more of than it did then.
    pub(crate) fn leaks_since(self, start: Self) -> Vec<String> {
        let mut leaks = Vec::new();
        if self.descriptors > start.descriptors + MORE_DESCRIPTORS {
            leaks.push(format!("descriptors leak: {start:?}, {self:?}"));
        }
        if self.rss_kib > start.rss_kib + MORE_KIB {
            leaks.push(format!("memory leaks: {start:?}, {self:?}"));
        }
        leaks
    }
}

impl fmt::Display for Vitals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} KiB and {} descriptors", self.rss_kib, self.descriptors)
    }
}

/// The outcome.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    #[serde(flatten)]
    pub(crate) account: Account,
    pub(crate) boxes_left: usize,
    pub(crate) worker_kills: usize,
    pub(crate) broker_restarts: usize,
    pub(crate) survivor_at_start: Vitals,
    pub(crate) survivor_at_end: Vitals,
    pub(crate) seconds: f64,
}

/// Shows a report, and writes it as JSON to the file that the variable names.
pub(crate) fn publish(report: &(impl fmt::Display + Serialize), variable: &str) {
    println!("{report}");
    if let Ok(path) = std::env::var(variable) {
        fs::write(path, serde_json::to_string_pretty(report).unwrap() + "\n").unwrap();
    }
}

impl Report {
    /// The promises that were not held, and what shows that this was no soak.
    pub(crate) fn broken_promises(&self) -> Vec<String> {
        let mut broken = self.account.broken_promises();
        broken.extend(self.survivor_at_end.leaks_since(self.survivor_at_start));
        for (what, is_broken) in [
            (
                format!("{} dead letters", self.account.dead_letters),
                self.account.dead_letters > 0,
            ),
            (format!("{} boxes are left", self.boxes_left), self.boxes_left > 0),
            (
                "no worker was killed with something in hand".to_owned(),
                self.lost() == 0,
            ),
        ] {
            if is_broken {
                broken.push(what);
            }
        }
        broken
    }

    fn lost(&self) -> usize {
        self.account.attempts.get("lost").copied().unwrap_or_default()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let account = &self.account;
        let counts = |counts: &std::collections::BTreeMap<String, usize>| {
            let counts: Vec<_> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
            counts.join(", ")
        };
        let per_second = account.submitted as f64 / self.seconds;
        let (start, end) = (self.survivor_at_start, self.survivor_at_end);
        writeln!(f, "submitted                      {}", account.submitted)?;
        writeln!(f, "verdicts in the database       {}", counts(&account.verdicts))?;
        writeln!(f, "wrong verdicts                 {}", account.wrong.len())?;
        writeln!(f, "submissions without a verdict  {}", account.without.len())?;
        writeln!(f, "verdicts never published       {}", account.untold.len())?;
        writeln!(f, "told more than one content     {}", account.contradicted.len())?;
        writeln!(f, "told again, same message_id    {}", account.duplicates)?;
        writeln!(f, "attempts                       {}", counts(&account.attempts))?;
        writeln!(f, "dead letters                   {}", account.dead_letters)?;
        writeln!(f, "messages that still wait       {}", account.waiting)?;
        writeln!(f, "boxes left                     {}", self.boxes_left)?;
        writeln!(f, "worker kills                   {}", self.worker_kills)?;
        writeln!(f, "broker restarts                {}", self.broker_restarts)?;
        writeln!(f, "surviving worker               {start}; then {end}")?;
        writeln!(f, "seconds                        {:.0}", self.seconds)?;
        write!(f, "submissions per second         {per_second:.1}")
    }
}
