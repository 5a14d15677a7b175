//! Packages that are made to break their reader.

use std::fs;
use std::path::Path;

use assize::problem::Package;
use proptest::prelude::*;

use crate::problem_packages::{NEW, load, loaded, package};

#[cfg(unix)]
#[test]
fn links_that_lead_out_or_back_are_refused_and_links_inside_are_followed() {
    use std::os::unix::fs::symlink;
    let refused = |target: &Path, link: &str, expected: &str| {
        let directory = package(&[("data/secret/1.files/words.txt", "")]);
        symlink(target, directory.path().join(link)).unwrap();
        let error = Package::load(directory.path()).unwrap_err().to_string();
        assert!(error.contains(expected), "{link}: {error}");
    };
    let outside = "is a symbolic link that leads nowhere or out of the package";
    refused(Path::new("/etc/passwd"), "data/secret/2.in", outside);
    refused(Path::new("../../.."), "data/secret/up", outside);
    refused(Path::new("nothing"), "data/secret/2.in", outside);
    refused(Path::new("/etc"), ".timelimit", outside);
    refused(Path::new("/etc/passwd"), "data/secret/1.files/.hidden", outside);
    refused(
        Path::new(".."),
        "data/secret/back",
        "does a symbolic link lead back to it?",
    );

    let directory = package(&[("data/sample/1.in", "1 2\n"), ("data/sample/1.ans", "3\n")]);
    for name in ["2.in", "2.ans"] {
        let target = format!("../sample/{}", name.replace('2', "1"));
        symlink(target, directory.path().join("data/secret").join(name)).unwrap();
    }
    let package = Package::load(directory.path()).unwrap();
    assert_eq!(package.tests[2].name, "secret/2");
}

#[cfg(unix)]
#[test]
fn links_beside_what_is_judged_are_warned_of_and_never_read() {
    use std::os::unix::fs::symlink;
    let directory = package(&[("problem.yaml", "type: pass-fail\n")]);
    let root = directory.path();
    let secret = tempfile::tempdir().unwrap();
    fs::write(secret.path().join("problem.tex"), "\\problemname{Of another}").unwrap();
    fs::create_dir_all(root.join("input_validators/check")).unwrap();
    fs::create_dir_all(root.join("problem_statement")).unwrap();
    symlink("../nowhere.pdf", root.join("problem.pdf")).unwrap();
    symlink("/usr/include/testlib.h", root.join("input_validators/check/testlib.h")).unwrap();
    symlink(
        secret.path().join("problem.tex"),
        root.join("problem_statement/problem.tex"),
    )
    .unwrap();
    symlink("..", root.join("problem_statement/back")).unwrap();
    let package = Package::load(root).unwrap();
    let mut linked: Vec<String> = package
        .warnings
        .iter()
        .map(|it| it.path.display().to_string())
        .collect();
    linked.sort();
    let expected = [
        "input_validators/check/testlib.h",
        "problem.pdf",
        "problem_statement/problem.tex",
    ];
    assert_eq!(linked, expected);
    assert_eq!(package.title, package.id);
}

#[test]
fn yaml_that_would_exhaust_the_worker_is_refused() {
    let anchors = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n\
                   c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n\
                   name: [*d,*d,*d,*d,*d,*d,*d]\n";
    let deep = format!("name: {}\n", "[".repeat(100_000));
    let blocks: String = (0..500).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let large = format!("name: {}\n", "x".repeat(2 << 20));
    for yaml in [anchors, &deep, &blocks, &large] {
        let error = load(&[("problem.yaml", yaml)]).unwrap_err().to_string();
        let told = ["too large", "too deep", "is larger than"];
        assert!(told.iter().any(|words| error.contains(words)), "{error}");
    }
    let nested = format!("{}x{}", "{a,".repeat(40), "}".repeat(40));
    let doubled = format!("{}x{}", "{a,b}{".repeat(40), "}".repeat(40));
    for glob in ["{a,b}".repeat(40), nested, doubled] {
        let rules = format!("\"{glob}\":\n  permitted: [AC]\n");
        let files = [
            ("problem.yaml", NEW),
            ("submissions/accepted/a.py", ""),
            ("submissions/submissions.yaml", &rules),
        ];
        let fault = loaded(&files).faults[0].to_string();
        assert!(fault.contains("1000 patterns"), "{fault}");
    }
    let of_512 = "{a,b}".repeat(9);
    let rules = |count: usize| -> String {
        let rules = (0..count).map(|number| format!("\"{number}/{of_512}\":\n  permitted: [AC]\n"));
        rules.collect()
    };
    for (count, is_read) in [(9, true), (10, false)] {
        let files = [
            ("problem.yaml", NEW),
            ("data/secret/1.in", ""),
            ("data/secret/1.ans", ""),
            ("submissions/accepted/a.py", ""),
            ("submissions/submissions.yaml", &rules(count)),
        ];
        let faults = loaded(&files).faults;
        assert_eq!(faults.is_empty(), is_read, "{faults:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever is in the files that people write, a package is read or complained of.
    #[test]
    fn no_text_in_any_file_breaks_the_reader(
        file in prop::sample::select(vec![
            "problem.yaml", "data/testdata.yaml", "data/secret/test_group.yaml", "data/secret/1.yaml",
            "submissions/submissions.yaml", "domjudge-problem.ini", ".timelimit", "submissions/accepted/a.py",
        ]),
        text in "(name|limits|type|validation|range|score|args|\\{|\\}|\\[|\\]|: |- |\n|  |\t|'|\"|&a|\\*a|<<|!!|[0-9.eE+-]|@EXPECTED_RESULTS@:|\\PC){0,40}",
    ) {
        let directory = package(&[("submissions/accepted/b.py", "")]);
        let path = directory.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        if let Err(error) = Package::load(directory.path()) {
            let said = error.to_string();
            prop_assert!(!said.contains(directory.path().to_str().unwrap()), "{said} tells where the package lies");
        }
    }
}
