//! Names, limits and revisions.

use std::time::Duration;

use assize::problem::TimeLimit;

use crate::problem_packages::{NEW, load, loaded, warnings};

#[test]
fn yaml_as_people_write_it_is_understood() {
    let rows = [
        "\u{feff}name: Sum\r\nlimits:\r\n  time_limit: 2\r\n",
        "name: Sum\nlimits: {time_limit: '2'}\nvalidator_flags:\ngrading:\nkeywords:\n",
        "---\n# a comment\nname: Sum\nlimits:\n  time_limit: 2.0\n",
        "name: {sv: Summa, en: Sum}\nlimits:\n  time_limit: 2e0\nlicense: null\n",
        "name: Sum\ndefaults: &limits {time_limit: 2}\nlimits: *limits\n",
    ];
    for yaml in rows {
        let package = loaded(&[("problem.yaml", yaml)]);
        assert_eq!(package.title, "Sum", "{yaml:?}");
        assert_eq!(
            package.limits.time,
            TimeLimit::Given(Duration::from_secs(2)),
            "{yaml:?}"
        );
    }
}

#[test]
fn the_time_limit_comes_from_problem_yaml_then_from_domjudge_then_from_accepted_submissions() {
    let derived = |ac_to_time_limit, time_limit_to_tle, resolution| TimeLimit::Derived {
        ac_to_time_limit,
        time_limit_to_tle,
        resolution: Duration::from_secs_f64(resolution),
    };
    let given = |seconds| TimeLimit::Given(Duration::from_secs_f64(seconds));
    let rows: [(&[(&str, &str)], TimeLimit); 7] = [
        (&[], derived(5.0, 2.0, 1.0)),
        (
            &[("problem.yaml", "limits: {time_multiplier: 3, time_safety_margin: 4}")],
            derived(3.0, 4.0, 1.0),
        ),
        (&[("problem.yaml", NEW)], derived(2.0, 1.5, 1.0)),
        (
            &[(
                "problem.yaml",
                "problem_format_version: 2025-09\nlimits:\n  time_resolution: 0.1\n  time_multipliers:\n    ac_to_time_limit: 4\n",
            )],
            derived(4.0, 1.5, 0.1),
        ),
        (&[(".timelimit", " 3\n")], given(3.0)),
        (
            &[(".timelimit", "3"), ("domjudge-problem.ini", "timelimit='1.5' ; s\r\n")],
            given(1.5),
        ),
        (
            &[
                (".timelimit", "3"),
                ("domjudge-problem.ini", "timelimit=1.5"),
                ("problem.yaml", "limits: {time_limit: 7}"),
            ],
            given(7.0),
        ),
    ];
    for (files, expected) in rows {
        assert_eq!(loaded(files).limits.time, expected, "{files:?}");
    }
}

#[test]
fn margins_of_the_other_format_are_understood_where_limits_say_nothing_else_and_told() {
    let rows = [
        (NEW, "time_multiplier: 3, time_safety_margin: 4", (3.0, 4.0), 2),
        (NEW, "time_multiplier: 0.5", (1.0, 1.5), 1),
        (NEW, "time_multiplier: x", (2.0, 1.5), 1),
        (
            NEW,
            "time_multiplier: 3, time_multipliers: {ac_to_time_limit: 4}",
            (4.0, 1.5),
            1,
        ),
        (NEW, "time_multipliers: {ac_to_timelimit: 4}", (2.0, 1.5), 1),
        (NEW, "time_multipliers: {time_limit_to_tle: 4}", (2.0, 4.0), 0),
        ("", "time_multipliers: {ac_to_time_limit: 4}", (4.0, 2.0), 1),
        ("", "time_multipliers: {ac_to_time_limit: x}", (5.0, 2.0), 1),
        (
            "",
            "time_multipliers: {ac_to_time_limit: 4}, time_multiplier: 3",
            (3.0, 2.0),
            1,
        ),
        ("", "time_multiplier: 0.5, time_safety_margin: 3", (0.5, 3.0), 0),
    ];
    for (yaml, limits, expected, told) in rows {
        let package = loaded(&[("problem.yaml", &format!("{yaml}limits: {{{limits}}}\n"))]);
        let margins = package.limits.margins.unwrap();
        let found = (margins.ac_to_time_limit, margins.time_limit_to_tle);
        assert_eq!(found, expected, "{yaml}{limits}");
        let warnings = warnings(&package);
        assert_eq!(warnings.len(), told, "{yaml}{limits}: {warnings:?}");
        assert!(
            warnings
                .iter()
                .all(|it| it.contains("limits.time_multipl") || it.contains("limits.time_safety_margin")),
            "{warnings:?}"
        );
    }
}

#[test]
fn the_title_is_taken_from_where_it_is() {
    let rows: [(&[(&str, &str)], &str); 4] = [
        (
            &[("problem.yaml", "name: Sum\n"), ("domjudge-problem.ini", "name=Other")],
            "Sum",
        ),
        (
            &[("problem.yaml", "{}\n"), ("domjudge-problem.ini", "name='Other one'")],
            "Other one",
        ),
        (
            &[
                ("problem.yaml", "# nothing\n"),
                ("problem_statement/problem.en.tex", "\\problemname{A Sum}\n"),
            ],
            "A Sum",
        ),
        (&[("problem.yaml", "name: {nl: Som}\n")], "Som"),
    ];
    for (files, title) in rows {
        assert_eq!(loaded(files).title, title, "{files:?}");
    }
}

#[test]
fn the_revision_changes_with_what_is_judged_and_only_with_that() {
    let before = loaded(&[]).revision;
    let unjudged = [
        ("submissions/accepted/a.py", "print(3)"),
        ("problem_statement/problem.en.tex", "Sum"),
        (".git/HEAD", "ref"),
        ("data/secret/.swp", "x"),
        ("data/secret/.1.files/x", "x"),
        ("data/secret/.git/1.files/x", "x"),
    ];
    let judged = [
        ("data/secret/1.ans", "4\n"),
        ("data/sample/1.interaction", "> 3\n"),
        ("include/python3/lib.py", "x = 1\n"),
        (".timelimit", "2\n"),
        ("data/secret/1.files/.config", "x"),
        ("data/secret/1.files/-x", "x"),
        ("data/secret/1.files/x~", "x"),
        ("data/secret/1.files/.git/__pycache__/x", "x"),
        ("data/secret/-1.yaml", "hint: x\n"),
    ];
    for file in unjudged {
        assert_eq!(loaded(&[file]).revision, before, "{file:?}");
    }
    for file in judged {
        assert_ne!(loaded(&[file]).revision, before, "{file:?}");
    }
}

#[test]
fn constants_are_values_under_names_and_stand_in_settings_of_groups() {
    let yaml = format!(
        "{NEW}type: scoring\nconstants:\n  top: 40\n  eps: 1e-6\n  word: \"a b\"\n  \
                        many: {{value: 1000, tex: \"10^3\", 'short': 1e3}}\n"
    );
    let package = loaded(&[
        ("problem.yaml", yaml.as_str()),
        ("data/secret/a/1.in", "1\n"),
        ("data/secret/a/1.ans", "1\n"),
        (
            "data/secret/a/test_group.yaml",
            "max_score: {{top}}\noutput_validator_args: [float_tolerance, \"{{eps}}\"]\n",
        ),
    ]);
    let test = package.tests.iter().find(|test| test.name == "secret/a/1").unwrap();
    assert_eq!(test.validator_args, ["float_tolerance", "1e-6"]);
    let put = |text: &str| String::from_utf8(package.constants.put_into(text.as_bytes()).into_owned()).unwrap();
    assert_eq!(put("{{top}} {{eps}} {{word}} {{other}}"), "40 1e-6 a b {{other}}");
    let variants = "{{many}} {{many.value}} {{many.tex}} {{many.short}} {{many.other}} {{top.value}}";
    assert_eq!(put(variants), "1000 1000 10^3 1e3 {{many.other}} {{top.value}}");
    assert!(!warnings(&package).iter().any(|warning| warning.contains("constants")));

    for (wrong, complaint) in [
        ("constants: 3\n", "problem.yaml:3: constants is \"3\""),
        ("constants:\n  9a: 3\n", "problem.yaml:4: "),
        ("constants:\n  a: [1]\n", "problem.yaml:4: constants.a is a list"),
        (
            "constants:\n  a: {tex: x}\n",
            "problem.yaml:4: constants.a.value is missing",
        ),
        (
            "constants:\n  a: {value: 1, tex: [x]}\n",
            "problem.yaml:4: constants.a.tex is a list",
        ),
        (
            "constants:\n  a:\n    value: 1\n    t-x: x\n",
            "problem.yaml:6: \"t-x\" is no name",
        ),
    ] {
        let error = load(&[("problem.yaml", &format!("{NEW}{wrong}"))])
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(complaint), "{error}");
    }
    let legacy = loaded(&[("problem.yaml", "name: x\nconstants: {a: 1}\n")]);
    assert!(
        warnings(&legacy)
            .iter()
            .any(|warning| warning.contains("belong to the format 2025-09"))
    );
}
