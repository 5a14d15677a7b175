//! Names of files and folders: which ones are as if they were not there, and which ones are slips of the pen.

use assize::problem::{OpenPackage, OutputValidator, ZipCaps};

use crate::problem_packages::{CHECKER, NEW, loaded, package, warnings};

#[test]
fn names_that_the_format_does_not_allow_are_as_if_they_were_not_there() {
    let odd = [
        ("data/secret/a b.in", ""),
        ("data/secret/a b.ans", ""),
        ("data/secret/-1.in", ""),
        ("data/secret/-1.ans", ""),
        ("data/secret/-g/2.in", ""),
        ("data/secret/-g/2.ans", ""),
        ("submissions/accepted/copy (1).py", ""),
        ("submissions/accepted/a.py", ""),
        ("submissions/wrong_answer/-1.py", ""),
    ];
    let held = loaded(&[&[("problem.yaml", NEW), ("submissions/-old/a.py", "")], &odd[..]].concat());
    assert_eq!((held.tests.len(), held.examples.len()), (1, 1));
    let told = warnings(&held);
    assert_eq!(told.len(), 8, "{told:?}");
    assert!(
        told.iter().all(|it| it.contains(": is ignored, as the format")),
        "{told:?}"
    );
    let draft = ("problem.yaml", "problem_format_version: 2023-07-draft\nname: Sum\n");
    for files in [&odd[..], &[&odd[..], &[draft]].concat()] {
        let other = loaded(files);
        let names: Vec<&str> = other.tests.iter().map(|test| test.name.as_str()).collect();
        assert_eq!(names, ["secret/-1", "secret/-g/2", "secret/1", "secret/a b"]);
        assert_eq!(other.examples.len(), 3, "{:?}", other.examples);
        assert!(other.warnings.is_empty(), "{:?}", other.warnings);
    }
}

#[test]
fn hidden_inputs_are_no_tests_and_told() {
    for yaml in ["name: Sum\n", NEW] {
        let package = loaded(&[
            ("problem.yaml", yaml),
            ("data/secret/.2.in", ""),
            ("data/secret/.2.ans", ""),
            ("data/secret/._1.in", ""),
            ("data/secret/.1.in.swp", ""),
            ("data/secret/1.in~", ""),
        ]);
        let told = "data/secret/.2.in: is no test, as its name begins with a dot";
        assert_eq!((package.tests.len(), warnings(&package)), (1, vec![told.to_owned()]));
    }
}

#[test]
fn what_begins_with_a_dash_beside_programs_is_set_aside() {
    let package = loaded(&[
        ("problem.yaml", "validation: custom\n"),
        CHECKER,
        ("output_validators/-old.py", ""),
        ("include/python3/lib.py", ""),
        ("include/python3/main.py", ""),
        ("include/python3/-main.py", ""),
        ("include/-cpp/main.cpp", ""),
        ("-data/secret/1.in", ""),
        ("data/-secret/1.in", ""),
    ]);
    let OutputValidator::Custom(programs) = &package.validator else {
        panic!("{:?}", package.validator)
    };
    assert_eq!(programs.len(), 1, "{programs:?}");
    let included: Vec<&str> = package
        .included_for(&["python3"])
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!((package.included.len(), included), (1, vec!["lib.py", "main.py"]));
    assert_eq!((&package.warnings[..], &package.faults[..]), (&[][..], &[][..]));
}

#[test]
fn a_folder_is_misspelt_where_no_other_name_is_meant_and_the_right_folder_is_not_there() {
    let call_it = |name: &str| format!("so that nothing in it is read; call it {name}/");
    let unknown = "is a folder that the formats do not know".to_owned();
    type Row<'a> = (&'a [&'a str], Option<String>, Option<String>);
    let rows: [Row<'_>; 11] = [
        (&["input_validator/a.py"], Some(call_it("input_validators")), None),
        (&["data/samples/1.in"], Some(call_it("sample")), None),
        (&["data/invalid_inptu/1.in"], Some(call_it("invalid_input")), None),
        (&["data/valid_input/1.in"], None, Some(unknown.clone())),
        (&["data/valid_answer/1.in"], None, Some(unknown.clone())),
        (&["data/valid-inputs/1.in"], None, Some(unknown.clone())),
        (&["data/secrets/2.in"], None, Some(unknown.clone())),
        (
            &["data/sample/1.in", "data/sample/1.ans", "data/sample2/1.in"],
            None,
            Some(unknown.clone()),
        ),
        (&["input_validators/a.py", "input_validator/a.py"], None, Some(unknown)),
        (&["input_validators/a.py", "input_validators_old/a.py"], None, None),
        (&["input_validators_old/a.py"], None, None),
    ];
    for (files, fault, warning) in rows {
        let files: Vec<(&str, &str)> = files.iter().map(|name| (*name, "")).collect();
        let directory = package(&files);
        let caps = ZipCaps { bytes: 0, files: 0 };
        let open = OpenPackage::read(directory.path(), caps).unwrap();
        let checks = open.checks().unwrap();
        let faults: Vec<String> = open.package.faults.iter().map(ToString::to_string).collect();
        let told = open
            .package
            .warnings
            .iter()
            .chain(&checks.warnings)
            .map(ToString::to_string);
        let told: Vec<String> = told.collect();
        for (found, expected) in [(&faults, fault), (&told, warning)] {
            assert_eq!(found.len(), usize::from(expected.is_some()), "{files:?}: {found:?}");
            assert!(
                found.iter().all(|it| it.contains(expected.as_ref().unwrap())),
                "{files:?}: {found:?}"
            );
        }
    }
}
