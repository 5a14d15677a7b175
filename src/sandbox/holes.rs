//! Published holes of what walls boxes in, by version. A distribution mends holes without changing the version, so what
//! is found here is a reason to look, and no proof.

/// A hole that has a number.
#[derive(Debug)]
pub(super) struct Hole {
    /// Its number.
    cve: &'static str,
    /// The version that brought it; earlier ones do not have it.
    since: &'static str,
    /// The first version of each series that is mended, in order. Later series than the last one are mended, too; a series
    /// between them that is not named was not.
    mended: &'static [&'static str],
}

/// Holes of runc by which a container reaches its host.
pub(super) const RUNC: &[Hole] = &[
    Hole {
        cve: "CVE-2019-5736",
        since: "0",
        mended: &["1.0.0-rc7"],
    },
    Hole {
        cve: "CVE-2021-30465",
        since: "0",
        mended: &["1.0.0-rc95"],
    },
    Hole {
        cve: "CVE-2024-21626",
        since: "1.0.0-rc93",
        mended: &["1.1.12"],
    },
    Hole {
        cve: "CVE-2025-31133",
        since: "0",
        mended: NOVEMBER_2025,
    },
    Hole {
        cve: "CVE-2025-52565",
        since: "1.0.0-rc3",
        mended: NOVEMBER_2025,
    },
    Hole {
        cve: "CVE-2025-52881",
        since: "0",
        mended: NOVEMBER_2025,
    },
];

const NOVEMBER_2025: &[&str] = &["1.2.8", "1.3.3", "1.4.0-rc.3"];

/// Holes of the Docker Engine by which a client gets past plugins that restrict it.
pub(super) const AUTHORIZATION_PLUGINS: &[Hole] = &[
    Hole {
        cve: "CVE-2024-41110",
        since: "0",
        mended: &["23.0.15", "25.0.6", "26.1.5", "27.1.1"],
    },
    Hole {
        cve: "CVE-2026-34040",
        since: "0",
        mended: &["29.3.1"],
    },
];

/// Holes of Linux by which a program without rights writes to files that it can only read.
const LINUX: &[Hole] = &[
    Hole {
        cve: "CVE-2022-0847",
        since: "5.8",
        mended: &["5.10.102", "5.15.25", "5.16.11"],
    },
    Hole {
        cve: "CVE-2026-31431",
        since: "4.14",
        mended: &[
            "5.10.254", "5.15.204", "6.1.170", "6.6.137", "6.12.85", "6.18.22", "6.19.12", "7.0",
        ],
    },
];

/// What is known of a kernel.
#[derive(Debug, PartialEq, Eq)]
pub enum KernelHoles {
    /// It has these.
    Open(Vec<&'static str>),
    /// Its number is one of its distribution's own, which says nothing about these.
    Untold(Vec<&'static str>),
}

/// The holes of a kernel with these two texts of `uname`.
pub fn holes_of_kernel(release: &str, version: &str) -> KernelHoles {
    if !is_a_distributions_own(release) {
        return KernelHoles::Open(open(LINUX, release));
    }
    // Debian's version names the release of kernel.org, as in "#1 SMP PREEMPT_DYNAMIC Debian 6.1.170-1 (2026-05-02)".
    match version.split_once("Debian ") {
        Some((_before, upstream)) => KernelHoles::Open(open(LINUX, upstream)),
        None => KernelHoles::Untold(open(LINUX, release)),
    }
}

/// `6.8.0-110-generic`: the third number stays, and what is behind it counts.
fn is_a_distributions_own(release: &str) -> bool {
    Version::of(release).is_some_and(|version| version.patch == 0 && version.candidate == FINAL)
        && release.split('.').nth(2).is_some_and(|rest| rest.starts_with("0-"))
}

/// Which of these holes a version has. Of a text that is no version nothing is known.
pub(super) fn open(holes: &[Hole], version: &str) -> Vec<&'static str> {
    let Some(version) = Version::of(version) else {
        return Vec::new();
    };
    let open = holes.iter().filter(|hole| hole.is_in(version));
    open.map(|hole| hole.cve).collect()
}

impl Hole {
    fn is_in(&self, version: Version) -> bool {
        let mended: Vec<Version> = self.mended.iter().filter_map(|text| Version::of(text)).collect();
        let is_of_a_later_series = mended.last().is_some_and(|last| version >= *last);
        let mut in_its_series = mended.iter().filter(|first| first.series == version.series);
        let is_mended = is_of_a_later_series || in_its_series.any(|first| version >= *first);
        !is_mended && Version::of(self.since).is_none_or(|since| version >= since)
    }
}

/// The candidate of a version that is none.
const FINAL: u32 = u32::MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    series: (u32, u32),
    patch: u32,
    /// `3` of `1.4.0-rc.3`.
    candidate: u32,
}

impl Version {
    /// The version that a text begins with, such as `1.1.5+ds1` or `1.0.0~rc93+ds1`.
    fn of(text: &str) -> Option<Self> {
        let mut rest = text.trim().trim_start_matches('v');
        let mut numbers = [0; 3];
        for (position, number) in numbers.iter_mut().enumerate() {
            let behind = match position {
                0 => rest,
                _ => match rest.strip_prefix('.') {
                    Some(behind) => behind,
                    None => break,
                },
            };
            (*number, rest) = leading_number(behind)?;
        }
        let candidate = ["-rc", "~rc"].iter().find_map(|mark| rest.strip_prefix(mark));
        let candidate = candidate.and_then(|behind| leading_number(behind.trim_start_matches('.')));
        Some(Self {
            series: (numbers[0], numbers[1]),
            patch: numbers[2],
            candidate: candidate.map_or(FINAL, |(number, _rest)| number),
        })
    }
}

fn leading_number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_is_open_in_the_versions_before_those_that_mended_it() {
        let leaky = &["CVE-2024-21626"][..];
        let masks = &["CVE-2025-31133", "CVE-2025-52565", "CVE-2025-52881"][..];
        let cases: [(&[Hole], &str, Vec<&str>); 21] = [
            (RUNC, "1.1.5+ds1", [leaky, masks].concat()),
            (RUNC, "1.1.11", [leaky, masks].concat()),
            (RUNC, "1.1.15", masks.to_vec()),
            (RUNC, "v1.2.7", masks.to_vec()),
            (RUNC, "1.2.8", vec![]),
            (RUNC, "1.3.2-rhel", masks.to_vec()),
            (RUNC, "1.3.3", vec![]),
            (RUNC, "1.4.0-rc.2", masks.to_vec()),
            (RUNC, "1.4.0-rc.3", vec![]),
            (RUNC, "1.4.0", vec![]),
            (RUNC, "2.0.0", vec![]),
            (RUNC, "1.0.0~rc93+ds1", [&["CVE-2021-30465"], leaky, masks].concat()),
            (RUNC, "unknown", vec![]),
            (RUNC, "", vec![]),
            (
                AUTHORIZATION_PLUGINS,
                "24.0.9",
                vec!["CVE-2024-41110", "CVE-2026-34040"],
            ),
            (AUTHORIZATION_PLUGINS, "26.1.5+dfsg1", vec!["CVE-2026-34040"]),
            (AUTHORIZATION_PLUGINS, "29.3.1", vec![]),
            (LINUX, "4.9.337", vec![]),
            (LINUX, "5.10.101", vec!["CVE-2022-0847", "CVE-2026-31431"]),
            (LINUX, "5.14.21", vec!["CVE-2022-0847", "CVE-2026-31431"]),
            (LINUX, "7.0.3", vec![]),
        ];
        for (holes, version, expected) in cases {
            assert_eq!(open(holes, version), expected, "{version}");
        }
    }

    #[test]
    fn a_kernel_is_known_by_the_number_of_kernel_org_where_its_own_does_not_tell() {
        use KernelHoles::{Open, Untold};
        let cases = [
            ("6.18.44-fc-v595", "#1 SMP PREEMPT_DYNAMIC @0", Open(vec![])),
            ("6.18.21", "#1 SMP", Open(vec!["CVE-2026-31431"])),
            (
                "6.12.85+deb13-amd64",
                "#1 SMP PREEMPT_DYNAMIC Debian 6.12.85-1",
                Open(vec![]),
            ),
            (
                "6.1.0-35-cloud-amd64",
                "#1 SMP PREEMPT_DYNAMIC Debian 6.1.137-1 (2025-05-07)",
                Open(vec!["CVE-2026-31431"]),
            ),
            (
                "6.1.0-48-amd64",
                "#1 SMP PREEMPT_DYNAMIC Debian 6.1.170-1 (2026-05-02)",
                Open(vec![]),
            ),
            (
                "6.8.0-110-generic",
                "#110-Ubuntu SMP PREEMPT_DYNAMIC Thu Mar 19 15:09:20 UTC 2026",
                Untold(vec!["CVE-2026-31431"]),
            ),
            ("7.0.0-14-generic", "#14-Ubuntu SMP", Untold(vec![])),
            ("6.6.0", "#1 SMP", Open(vec!["CVE-2026-31431"])),
        ];
        for (release, version, expected) in cases {
            assert_eq!(holes_of_kernel(release, version), expected, "{release}");
        }
    }
}
