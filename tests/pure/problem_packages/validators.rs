//! Output validators.

use assize::problem::{OutputValidator, ValidatorLanguage};

use crate::problem_packages::{CHECKER, load, loaded, warnings};

#[test]
fn validators_are_told_by_their_files() {
    let python = |entry: &str| ValidatorLanguage::Python(entry.to_owned());
    let native = |sources: &[&str], plus_plus| ValidatorLanguage::Native {
        sources: sources.iter().map(|&source| source.to_owned()).collect(),
        plus_plus,
    };
    let rows: [(&[&str], ValidatorLanguage, &[&str]); 7] = [
        (&["check.py"], python("check.py"), &["check.py"]),
        (
            &["check/__init__.py", "check/__main__.py", "check/lib/x.py"],
            python("__main__.py"),
            &["__init__.py", "__main__.py", "lib/x.py"],
        ),
        (&["check.c"], native(&["check.c"], false), &["check.c"]),
        (
            &["check/a.cpp", "check/b.cc", "check/a.h"],
            native(&["a.cpp", "b.cc"], true),
            &["a.cpp", "a.h", "b.cc"],
        ),
        (
            &["check.cpp", "testlib.h"],
            native(&["check.cpp"], true),
            &["check.cpp", "testlib.h"],
        ),
        (
            &["check/build", "check/main.rs"],
            ValidatorLanguage::Scripts { build: true },
            &["build", "main.rs"],
        ),
        (&["check/run"], ValidatorLanguage::Scripts { build: false }, &["run"]),
    ];
    for (names, language, expected) in rows {
        let paths: Vec<String> = names.iter().map(|name| format!("output_validators/{name}")).collect();
        let mut files = vec![("problem.yaml", "validation: custom\n")];
        files.extend(paths.iter().map(|path| (path.as_str(), "")));
        let OutputValidator::Custom(programs) = loaded(&files).validator else {
            panic!("{names:?}")
        };
        assert_eq!(programs.len(), 1, "{names:?}");
        assert_eq!(programs[0].language, language, "{names:?}");
        let mut found: Vec<&str> = programs[0].files.iter().map(|(name, _)| name.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{names:?}");
    }
}

#[test]
fn of_several_python_files_of_a_legacy_validator_one_is_started_with_a_warning() {
    let rows: [(&[&str], Option<&str>); 6] = [
        (&["check.py", "lib.py"], Some("check.py")),
        (&["check.py", "main_check.py"], Some("main_check.py")),
        (&["__init__.py", "zz.py"], Some("zz.py")),
        (&["lib/a.py", "lib/b.py", "zz.py"], Some("zz.py")),
        (&["lib/a.py", "lib/b.py"], None),
        (&["a.java", "b.java"], None),
    ];
    for (names, entry) in rows {
        let package = |directory: &str, yaml: &'static str| {
            let paths: Vec<String> = names.iter().map(|name| format!("{directory}/{name}")).collect();
            let files = paths.iter().map(|path| (path.as_str(), ""));
            load(&files.chain([("problem.yaml", yaml)]).collect::<Vec<_>>())
        };
        let legacy = package("output_validators/check", "validation: custom\n");
        assert_eq!(legacy.is_ok(), entry.is_some(), "{names:?}");
        if let (Ok(package), Some(entry)) = (legacy, entry) {
            let OutputValidator::Custom(programs) = &package.validator else {
                panic!("{names:?}")
            };
            assert_eq!(programs[0].language, ValidatorLanguage::Python(entry.to_owned()));
            let expected = format!(
                "output_validators/check: holds several Python files, none of them __main__.py or main.py: {entry} is \
                 started"
            );
            assert_eq!(warnings(&package), [expected]);
        }
        let error = package("output_validator", "problem_format_version: 2025-09\n").unwrap_err();
        assert!(error.to_string().contains("is no program that can be built"), "{error}");
    }
}

#[test]
fn what_is_left_over_beside_a_validator_is_no_program() {
    for left_over in ["check.exe", "check.o", "check.py.orig", "a.bin"] {
        let path = format!("output_validators/{left_over}");
        let alone = [("problem.yaml", "validation: custom\n"), (path.as_str(), "")];
        let error = load(&alone).unwrap_err().to_string();
        assert!(error.contains("is no program that can be built"), "{error}");
        let package = loaded(&[&alone[..], &[CHECKER]].concat());
        let expected = "output_validators: holds files that are no programs; they are put beside each validator that is a single file";
        assert_eq!(warnings(&package), [expected], "{left_over}");
    }
    let other = [
        ("problem.yaml", "validation: custom\n"),
        CHECKER,
        ("output_validators/check.java", ""),
    ];
    assert!(
        load(&other).is_err(),
        "a program that cannot be run does not check anything"
    );
}

#[test]
fn validators_that_cannot_be_built_are_complained_of() {
    let rows = [
        ("check.java", "", "is no program that can be built"),
        (
            "check.py",
            "#!/usr/bin/env python2\n",
            "is written in Python 2, which is not supported",
        ),
        ("check.h", "", "is no program that can be built"),
    ];
    for (name, content, expected) in rows {
        let path = format!("output_validators/{name}");
        let error = load(&[("problem.yaml", "validation: custom\n"), (&path, content)]).unwrap_err();
        assert!(error.to_string().starts_with(&format!("{path}: {expected}")), "{error}");
    }
}

#[test]
fn directories_and_words_of_the_other_format_are_understood_with_a_warning() {
    let new = [
        (
            "problem.yaml",
            "problem_format_version: 2025-09\nvalidation: custom interactive\n",
        ),
        CHECKER,
        ("data/secret/testdata.yaml", "output_validator_flags: a b\n"),
    ];
    let package = loaded(&new);
    assert!(package.interactive && package.validator != OutputValidator::Default);
    assert_eq!(package.tests[0].validator_args, ["a", "b"]);
    assert_eq!(package.warnings.len(), 3, "{:?}", package.warnings);

    let legacy = [
        ("problem.yaml", "type: interactive\nvalidation: custom\n"),
        ("output_validator/check.py", ""),
        ("data/secret/test_group.yaml", "output_validator_args: [a, b]\n"),
    ];
    let package = loaded(&legacy);
    assert!(package.interactive && package.validator != OutputValidator::Default);
    assert_eq!(package.tests[0].validator_args, ["a", "b"]);
    assert_eq!(package.warnings.len(), 3, "{:?}", package.warnings);
}

#[test]
fn a_validator_that_is_not_asked_for_is_not_used_in_the_legacy_format() {
    let package = loaded(&[CHECKER]);
    assert_eq!(package.validator, OutputValidator::Default);
    let expected = "output_validators: is not used: problem.yaml does not say \"validation: custom\"";
    assert_eq!(warnings(&package), [expected]);
}

#[test]
fn arguments_that_the_default_validator_does_not_know_are_found_when_a_package_is_loaded() {
    let v2025 = "problem_format_version: 2025-09\nname: x\nuuid: 5f0c2a4e-7a55-4f9f-8f0b-0a4b64a5d3d1\nlicense: cc0\n";
    let rows: [(&str, &str, &str, &str); 4] = [
        (
            "validator_flags: float_tolerence 1e-6\n",
            "",
            "",
            "problem.yaml: unknown output validator flag",
        ),
        (
            "name: x\n",
            "data/secret/testdata.yaml",
            "output_validator_flags: float_tolerance x\n",
            "data/secret/testdata.yaml: ",
        ),
        (
            v2025,
            "data/secret/1.yaml",
            "output_validator_args: [case_insensitive]\n",
            "data/secret/1.yaml: ",
        ),
        (
            v2025,
            "data/secret/test_group.yaml",
            "output_validator_args: [float_tolerance, 1e-6, float_tolerance, 1e-6]\n",
            "data/secret/test_group.yaml: ",
        ),
    ];
    for (yaml, path, content, expected) in rows {
        let mut files = vec![("problem.yaml", yaml)];
        if !path.is_empty() {
            files.push((path, content));
        }
        let error = load(&files).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}
