//! Images with more libraries: built out of a directory of wheels, without a network, and chosen by problems.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;

use serde_json::Value;

use crate::{AT_ONCE, assize, laid};

/// Makes wheels as JSON says: files by name, for each name of a wheel.
const MAKE_WHEELS: &str = r#"
import json, sys, zipfile
place, wheels = sys.argv[1], json.loads(sys.argv[2])
for stem, files in wheels.items():
    name, version = stem.split("-")[:2]
    info = f"{name}-{version}.dist-info/"
    files[info + "METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + files.pop("", "")
    files[info + "WHEEL"] = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[info + "RECORD"] = "".join(f"{file},,\n" for file in files)
    with zipfile.ZipFile(f"{place}/{stem}.whl", "w") as wheel:
        for file, text in files.items():
            wheel.writestr(file, text)
"#;

/// An environment of this name is removed with its images at the end, also of a test that fails.
struct Environment(&'static str);

impl Drop for Environment {
    fn drop(&mut self) {
        let name = format!("assize/python3-{}", self.0);
        let listed = Command::new("docker").args(["image", "ls", "-q", &name]).output();
        let ids = listed
            .map(|listed| String::from_utf8_lossy(&listed.stdout).into_owned())
            .unwrap_or_default();
        for id in ids.split_whitespace() {
            drop(Command::new("docker").args(["image", "rm", "-f", id]).output());
        }
    }
}

fn make_wheels(place: &Path, wheels: &Value) {
    fs::create_dir_all(place).unwrap();
    let made = Command::new("python3")
        .args(["-c", MAKE_WHEELS])
        .arg(place)
        .arg(wheels.to_string())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn run_in(directory: &Path, arguments: &[&str]) -> Output {
    assize().args(arguments).current_dir(directory).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const COUNTS: &str = "import tally_words\nprint(tally_words.count(input()))\n";

fn package_that_counts(directory: &Path) -> String {
    let files = [
        (
            "problem.yaml",
            "problem_format_version: 2025-09\nname: Words\nlimits: {time_limit: 2}\n",
        ),
        ("data/sample/1.in", "a b c\n"),
        ("requirements.txt", "tally-words >= 1.2\n"),
        ("submissions/accepted/counts.py", COUNTS),
    ];
    laid::only(
        directory,
        "words",
        files.into_iter().chain([("data/sample/1.ans", "3\n")]),
    )
}

#[test]
fn a_problem_gets_the_libraries_that_it_asks_for_out_of_an_image_that_was_built_without_a_network() {
    let _removed = Environment("testwords");
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path();
    make_wheels(
        &place.join("wheels"),
        &serde_json::json!({
            "tally_words-1.2-py3-none-any": {
                "": "Requires-Dist: split_words\nRequires-Dist: numpy>=2\nRequires-Dist: absent; python_version < \"3\"\n",
                "tally_words/__init__.py": "import split_words\ndef count(line):\n    return len(split_words.split(line))\n",
                "hook.pth": "import os\n",
                "tally_pool.py": "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n",
                "tally_uses_pool.py": "import tally_pool\nprint('no answer')\n",
                "tally_words-1.2.data/scripts/tally": "#!python\n",
            },
            "split_words-0.1-py3-none-any": {"split_words.py": "split = str.split\n"},
        }),
    );
    fs::write(place.join("requirements.txt"), "tally-words >= 1.2  # counts\nnumpy\n").unwrap();
    let package = package_that_counts(place);

    let before = run_in(place, &["verify", &package]);
    let printed = String::from_utf8_lossy(&before.stdout).into_owned();
    assert_eq!(before.status.code(), Some(2), "{printed}");
    assert!(
        printed.contains("tally-words >= 1.2") && printed.contains("assize image build --name words"),
        "{printed}"
    );

    let build = [
        "image",
        "build",
        "--name",
        "testwords",
        "--wheels",
        "wheels",
        "--write",
        "judge.toml",
        "--with-language",
    ];
    let built = run_in(place, &[&build[..], &["--packages", "requirements.txt"]].concat());
    assert!(built.status.success(), "{}", said(&built));
    let lock = fs::read_to_string(place.join("requirements.lock")).unwrap();
    for library in ["tally-words==1.2 ", "split-words==0.1 "] {
        assert!(lock.contains(library), "{lock}");
    }
    assert!(!lock.contains("numpy"), "{lock}");
    let settings = fs::read_to_string(place.join("judge.toml")).unwrap();
    let forkable: Vec<&str> = settings
        .lines()
        .filter(|line| line.starts_with("libraries = "))
        .collect();
    assert_eq!(forkable.len(), 2, "of the environment and of the language: {settings}");
    for libraries in forkable {
        assert!(libraries.contains("\"tally_words\""), "{libraries}");
        assert!(!libraries.contains("pool"), "what starts a thread: {libraries}");
        assert!(libraries.matches("\"numpy\"").count() < 2, "each once: {libraries}");
    }
    let again = run_in(place, &[&build[..], &["--packages", "requirements.lock"]].concat());
    assert!(again.status.success(), "{}", said(&again));
    assert_eq!(
        image_in(&fs::read_to_string(place.join("judge.toml")).unwrap()),
        image_in(&settings),
        "from its lock"
    );

    let with = ["--config", "judge.toml"];
    let verified = run_in(place, &[&with[..], &["verify", &package]].concat());
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stdout)
    );
    let program = format!("{package}/submissions/accepted/counts.py");
    for (language, environment) in [
        ("python3", "python3-testwords"),
        ("python3-testwords", "python3-testwords"),
    ] {
        let judge = [
            "judge",
            &program,
            "--problem",
            &package,
            "--json",
            "--language",
            language,
        ];
        let judged = run_in(place, &[&with[..], &judge].concat());
        let verdict: Value = serde_json::from_slice(&judged.stdout).unwrap();
        assert_eq!(verdict["verdict"], "AC", "{verdict:#}");
        let used = &verdict["sandbox"]["environment"];
        assert_eq!(
            (&used["name"], &used["versions"]["tally-words"]),
            (&environment.into(), &"1.2".into()),
            "{language}"
        );
    }
    // A program of another problem is where it always was.
    let other = laid::sum(place, "sum", []);
    let sum = format!("{other}/submissions/accepted/sum.py");
    let judged = run_in(
        place,
        &[&with[..], &["judge", &sum, "--problem", &other, "--json"]].concat(),
    );
    let verdict: Value = serde_json::from_slice(&judged.stdout).unwrap();
    assert_eq!(verdict["sandbox"]["environment"]["name"], "python3");
}

/// The line that names the image.
fn image_in(settings: &str) -> &str {
    settings
        .lines()
        .find(|line| line.contains("assize/python3-testwords:"))
        .unwrap()
}

/// Requirements, options, and what is said.
type Refused<'a> = (&'a str, &'a [&'a str], &'a str);

fn refused(wheels: &Path, (requirements, options, expected): &Refused<'_>) {
    let directory = tempfile::tempdir_in(wheels).unwrap();
    let place = directory.path();
    fs::write(place.join("requirements.txt"), requirements).unwrap();
    let build = [
        "image",
        "build",
        "--name",
        "testwrong",
        "--wheels",
        "../wheels",
        "--packages",
        "requirements.txt",
    ];
    let refused = run_in(place, &[&build[..], options].concat());
    let said = said(&refused);
    assert_eq!(refused.status.code(), Some(2), "{requirements:?}: {said}");
    assert!(said.contains(expected), "{requirements:?}: {said}");
    assert!(!place.join("requirements.lock").exists(), "{requirements:?}");
}

#[test]
fn what_cannot_become_an_image_is_refused_with_what_is_wrong_and_leaves_no_image() {
    let _removed = Environment("testwrong");
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path();
    make_wheels(
        &place.join("wheels"),
        &serde_json::json!({
            "fails_to_import-1-py3-none-any": {"fails_to_import.py": "import socket\nsocket.create_connection(('192.0.2.1', 80))\n"},
            "needs_others-1-py3-none-any": {"": "Requires-Dist: nowhere>=1\n", "needs_others.py": ""},
            "needs_source-1-py3-none-any": {"": &format!("Requires-Dist: evil @ file://{}/evil\n", place.display())},
            "hooks_in-1-py3-none-any": {"sitecustomize.py": "print(1)\n"},
            "hooks_in_a_package-1-py3-none-any": {"hooks_in_a_package-1.data/purelib/usercustomize/__init__.py": ""},
            "hooks_in_bytecode-1-py3-none-any": {"sitecustomize.pyc": ""},
            "hooks_in_a_library-1-py3-none-any": {"sitecustomize.cpython-313-x86_64-linux-gnu.so": ""},
            "leads_out-1-py3-none-any": {"../../outside.py": ""},
            "other_python-1-cp27-none-any": {"other_python.py": ""},
        }),
    );
    fs::write(place.join("wheels/from_source-1.tar.gz"), "no archive").unwrap();
    fs::create_dir(place.join("evil")).unwrap();
    // It is built by itself, which needs nothing of a package index.
    let evil = format!("open({:?}, 'w')\n", place.join("ran"));
    fs::write(place.join("evil/evil.py"), evil).unwrap();
    let project = "[build-system]\nrequires = []\nbuild-backend = 'evil'\nbackend-path = ['.']\n";
    fs::write(place.join("evil/pyproject.toml"), project).unwrap();
    fs::write(place.join("one_line.toml"), "[sandbox.docker]\nimages = {}\n").unwrap();
    let hidden = format!("fails_to_import  # graphs\u{c}{}/evil\n", place.display());
    let rows: [Refused<'_>; 25] = [
        ("", &[], "names no library"),
        ("numpy\n-r other.txt", &[], "line 2: \"-r\" is an option"),
        ("x @ https://example.org/x.whl", &[], "names a place"),
        (&hidden, &[], "line 1: has the character U+000C"),
        (
            "numpy\n# old \\\nscipy\n",
            &[],
            "line 2: has a comment that ends with a backslash",
        ),
        ("needs_source", &[], "as source code only, which would run"),
        ("numpy", &["--python", "3.12"], "--python asks for 3.12"),
        (
            "numpy>=99",
            &[],
            "numpy>=99 is asked for, and assize/python3:latest has numpy==",
        ),
        (
            "numpy<2; python_version < '3.9'\npandas",
            &[],
            "has all of these libraries already",
        ),
        (
            "numpy>=99; python_version >= '3.9'",
            &[],
            "numpy>=99 is asked for, and the image has it as",
        ),
        ("numpy", &[], "has all of these libraries already"),
        (
            "absent_library",
            &[],
            "there are no wheels in ../wheels for Python 3.13",
        ),
        (
            "absent_library",
            &["--write", "../one_line.toml"],
            "images of the settings is written in one line",
        ),
        (
            "absent_library",
            &["--write", "none/judge.toml"],
            "cannot write none/judge.toml",
        ),
        ("absent_library", &["--lock", "none/lock"], "cannot write none/lock"),
        ("other_python", &[], "there are no wheels in ../wheels for Python 3.13"),
        ("from_source", &[], "as source code only"),
        ("needs_others", &[], "nowhere"),
        ("fails_to_import", &[], "`import fails_to_import` ends with"),
        ("hooks_in", &[], "would run before every program"),
        ("hooks_in_a_package", &[], "would run before every program"),
        ("hooks_in_bytecode", &[], "would run before every program"),
        ("hooks_in_a_library", &[], "would run before every program"),
        ("leads_out", &[], "leads out of it"),
        (
            "fails_to_import --hash=sha256:00",
            &[],
            "there are no wheels in ../wheels",
        ),
    ];
    thread::scope(|scope| {
        for share in rows.chunks(rows.len().div_ceil(AT_ONCE)) {
            scope.spawn(move || share.iter().for_each(|row| refused(place, row)));
        }
    });
    assert!(!place.join("ran").exists(), "code of a library ran on the host");
    let left = Command::new("docker")
        .args(["image", "ls", "-q", "assize/python3-testwrong"])
        .output()
        .unwrap();
    assert!(left.stdout.is_empty(), "{}", String::from_utf8_lossy(&left.stdout));
}
