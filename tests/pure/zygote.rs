//! What a zygote knows of the judge's own programs, by the Python that is on this host.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Takes the function out of the zygote, which cannot be imported without its native half, and asks it about a submission
/// that is one of the compiled programs, each in its turn.
const ASK: &str = r#"
import ast, marshal, os, sys

zygote, programs = sys.argv[1:]
with open(zygote) as file:
    functions = [part for part in ast.parse(file.read()).body if getattr(part, "name", "") == "known_program"]
names = {"os": os, "sys": sys, "PROGRAMS": programs}
exec(compile(ast.Module(functions, []), zygote, "exec"), names)
for program in sorted(os.listdir(programs)):
    with open(os.path.join(programs, program), "rb") as file:
        source = marshal.load(file)[0]
    name = program.rpartition(".")[0]
    parts, _imports = names["known_program"](f"/work/{name}", source)
    print(name, "other" if parts is None else len(parts))
"#;

fn python(arguments: &[&str]) -> String {
    let output = Command::new("python3").arg("-I").args(arguments).output();
    let output = output.unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout).unwrap()
}

fn copy_files(from: &str, to: &Path) {
    for entry in fs::read_dir(format!("{ROOT}/{from}")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

#[test]
fn a_submission_that_is_one_of_the_judges_programs_is_known_only_where_that_imports_submissions() {
    let build = tempfile::tempdir().unwrap();
    copy_files("docker/python3", build.path());
    copy_files("src/judge/plan/python", build.path());
    let path = |name: &str| build.path().join(name).to_str().unwrap().to_owned();
    let programs = path("programs");
    python(&[&path("compile_programs.py"), &programs]);
    let told = python(&["-c", ASK, &path("zygote.py"), &programs]);
    let mut told: Vec<&str> = told.lines().collect();
    told.dedup();
    let expected = [
        "assize_call_function.py 2",
        "assize_serve_functions.py 2",
        "verify_asserts.py other",
        "verify_units.py other",
    ];
    assert_eq!(told, expected);
}
