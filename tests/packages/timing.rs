//! Time limits that follow from submissions, and submissions that are too close to a limit (format 2025-09, sections
//! "Problem timing" and "Timelimit inference").

use serde_json::Value;

use crate::{assize, laid, reports_of, submissions};

const DERIVED: (&str, &str) = ("problem.yaml", "problem_format_version: 2025-09\nname: Sum\n");
const GIVEN: (&str, &str) = (
    "problem.yaml",
    "problem_format_version: 2025-09\nname: Sum\nlimits: {time_limit: 1}\n",
);

const QUICK: (&str, &str) = (
    "submissions/accepted/quick.py",
    "print(sum(map(int, input().split())))\n",
);

/// Keeps the CPU busy for so many seconds, and adds.
fn burns(seconds: f64) -> String {
    format!("import time\nwhile time.process_time() < {seconds}: pass\nprint(sum(map(int, input().split())))\n")
}

/// Slow on the sample, and without an end on the secret test.
const IN_PARTS: &str = "import time\nnumbers = list(map(int, input().split()))\nslow = 0.8 if numbers == [1, 2] else 1e9\n\
                        while time.process_time() < slow: pass\nprint(sum(numbers))\n";

const PARTS: (&str, &str) = (
    "submissions/submissions.yaml",
    "mixed/parts.py:\n  sample: {permitted: [AC]}\n  'secret/*': {permitted: [AC, TLE], required: [TLE]}\n",
);

const NOT_USED: (&str, &str) = (
    "submissions/submissions.yaml",
    "accepted/slow.py: {use_for_time_limit: false}\n",
);

#[test]
fn the_time_limit_follows_from_what_bounds_it_and_what_is_too_close_to_it_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let (slow, close, never) = (burns(0.8), burns(1.25), burns(1e9));
    let slow = ("submissions/accepted/slow.py", slow.as_str());
    let close = ("submissions/time_limit_exceeded/close.py", close.as_str());
    let never = ("submissions/time_limit_exceeded/never.py", never.as_str());
    type Row<'a> = (&'a str, Vec<(&'a str, &'a str)>, u64, &'a str, Option<&'a str>);
    let rows: [Row<'_>; 6] = [
        ("apart", vec![DERIVED, QUICK, never], 1000, "accepted/quick.py", None),
        (
            "too-close",
            vec![DERIVED, QUICK, close],
            1000,
            "accepted/quick.py",
            Some("(time_limit_to_tle)"),
        ),
        ("slow", vec![DERIVED, QUICK, slow], 2000, "accepted/slow.py", None),
        (
            "not-used",
            vec![DERIVED, QUICK, slow, NOT_USED],
            1000,
            "accepted/quick.py",
            None,
        ),
        (
            "in-parts",
            vec![DERIVED, QUICK, PARTS, ("submissions/mixed/parts.py", IN_PARTS)],
            2000,
            "mixed/parts.py",
            None,
        ),
        ("given", vec![GIVEN, slow, never], 1000, "", Some("(ac_to_time_limit)")),
    ];
    let packages: Vec<String> = rows
        .iter()
        .map(|(name, files, ..)| {
            let validator = ("input_validators/any.py", "exit(42)\n");
            let secret = [("data/secret/1.in", "4 2\n"), ("data/secret/1.ans", "6\n"), validator];
            laid::files(directory.path(), name, secret.into_iter().chain(files.iter().copied()))
        })
        .collect();
    // Only CPU time is to decide here, however busy the machine is.
    let patient = ("ASSIZE__LIMITS__WALL_FACTOR", "50");
    let mut command = assize();
    let (_, reports) = reports_of(
        command
            .args(["verify", "--json"])
            .args(&packages)
            .envs(crate::cheapest_wall())
            .envs([patient]),
    );
    for ((name, _, limit_ms, from, told), report) in rows.iter().zip(&reports) {
        let limit = &report["time_limit"];
        assert_eq!(limit["cpu_ms"], *limit_ms, "{name}: {report:#}");
        assert_eq!(
            limit["submission"].as_str().unwrap_or_default(),
            *from,
            "{name}: {limit}"
        );
        let texts = |key: &str| report[key].as_array().unwrap().clone();
        let said = [texts("errors"), texts("warnings")].concat();
        match told {
            None => assert_eq!(said, Vec::<Value>::new(), "{name}"),
            Some(part) => assert!(
                said.iter().any(|it| it.as_str().unwrap().contains(part)),
                "{name}: {report:#}"
            ),
        }
    }
    let wrong: Vec<_> = submissions(&reports).filter(|(_, it)| it["ok"] != true).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
