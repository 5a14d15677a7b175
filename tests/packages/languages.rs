//! Submissions in compiled languages, which set the time limits of most packages.

use std::fs;
use std::process::Command;

use crate::wall_settings::cheapest_wall;
use crate::whole_run::is_left_to_the_whole_run;
use crate::{assize, laid, reports_of, submissions, verify};

const SUM: &str =
    "#include <bits/stdc++.h>\nint main() { long a, b; std::cin >> a >> b; std::cout << a + b << std::endl; }\n";

const SUM_C: &str = "#include <stdio.h>\n#include <math.h>\nint main(void) { double a, b; scanf(\"%lf %lf\", &a, &b); \
                     printf(\"%.0f\\n\", floor(a + b)); return 0; }\n";

const LOOPS: &str = "#include <iostream>\nint main() { volatile unsigned i = 0; while (true) i = i + 1; }\n";

/// Takes a gigabyte.
const HOARDS: &str = "#include <cstdlib>\n#include <cstring>\n\
                      int main() { for (;;) { char *p = (char *)malloc(1 << 20); if (p) memset(p, 1, 1 << 20); } }\n";

/// Of an object file; it compiles to 8 GiB.
const HUGE: &str = "char a[1LL << 33] = {1};\nint main() { return a[5]; }\n";

/// The environment of the runner.
const READS_THE_RUNNER: &str = "#include \"/proc/1/environ\"\nint main(void) { return 0; }\n";

#[test]
fn submissions_in_c_and_cpp_are_compiled_in_a_box_of_the_toolchain_and_set_the_time_limit() {
    let directory = tempfile::tempdir().unwrap();
    // A compiler that tells of each of them takes a minute.
    let errors: String = (0..20_000)
        .map(|number| format!("int f{number}(void) {{ return no_{number}; }}\n"))
        .collect();
    let files = [
        (
            "problem.yaml",
            "problem_format_version: 2025-09\nname: Sum\nlimits: {memory: 64}\n",
        ),
        ("data/secret/1.in", "4 2\n"),
        ("data/secret/1.ans", "6\n"),
        ("include/cpp/word.h", "#define WORD 0\n"),
        ("submissions/accepted/sum.cc", SUM),
        ("submissions/accepted/sum.CPP", SUM),
        ("submissions/accepted/sum.c++", SUM),
        ("submissions/accepted/sum.c", SUM_C),
        (
            "submissions/accepted/parts/main.cxx",
            "#include \"part.h\"\nint main() { return sum(); }\n",
        ),
        (
            "submissions/accepted/parts/part.cpp",
            "#include \"part.h\"\n#include \"word.h\"\n#include <iostream>\n\
          int sum() { long a, b; std::cin >> a >> b; std::cout << a + b; return WORD; }\n",
        ),
        ("submissions/accepted/parts/part.h", "int sum();\n"),
        ("submissions/accepted/program/program.cpp", SUM),
        ("submissions/accepted/program/program", "is in the way"),
        (
            "submissions/wrong_answer/one.cpp",
            "#include <iostream>\nint main() { std::cout << 1; }\n",
        ),
        ("submissions/run_time_error/two.cpp", "int main() { return 2; }\n"),
        (
            "submissions/run_time_error/null.c",
            "int main(void) { return *(volatile int *)0; }\n",
        ),
        ("submissions/run_time_error/hoards.cpp", HOARDS),
        ("submissions/time_limit_exceeded/loops.cpp", LOOPS),
        ("submissions/compiler_error/broken.cpp", "int main() { return no; }\n"),
        ("submissions/compiler_error/no_main.c", "int f(void) { return 0; }\n"),
        ("submissions/compiler_error/huge.cpp", HUGE),
        ("submissions/compiler_error/reads_the_runner.c", READS_THE_RUNNER),
        ("submissions/compiler_error/full_of_errors.c", &errors),
    ];
    let (_, reports) = verify(&[laid::files(directory.path(), "sum", files)]);
    let wrong: Vec<_> = submissions(&reports).filter(|(_, it)| it["ok"] != true).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (_, submission) in submissions(&reports) {
        let path = submission["path"].as_str().unwrap();
        let language = if path.ends_with(".c") { "c" } else { "cpp" };
        assert_eq!(submission["judged_with"], language, "{path}");
    }
    let limit = &reports[0]["time_limit"];
    assert_eq!((&limit["origin"], &limit["cpu_ms"]), (&"derived".into(), &1000.into()));
    let broken = submissions(&reports).find(|(_, it)| it["path"].as_str().unwrap().ends_with("broken.cpp"));
    assert_eq!(broken.unwrap().1["verdict"], "CE");
}

/// Two more of the Python that there is. What the second is, packages are not told.
const MORE_PYTHONS: &str = r#"
[languages.python312]
environment = "python3"
package_language = "python3"
extensions = ["py", "py3"]
entry_point = "main.py"
run = ["/usr/bin/python3", "{entry}"]
time_multiplier = 1.0

[languages.snake]
environment = "python3"
extensions = ["py", "py3"]
entry_point = "main.py"
run = ["/usr/bin/python3", "{entry}"]
time_multiplier = 1.0
"#;

#[test]
fn a_package_for_python_takes_every_language_that_says_it_is_that_and_gives_it_its_files() {
    let directory = tempfile::tempdir().unwrap();
    let settings = directory.path().join("assize.toml");
    fs::write(&settings, MORE_PYTHONS).unwrap();
    let files = [
        (
            "problem.yaml",
            "problem_format_version: 2025-09\nname: Sum\nlanguages: [python3]\n",
        ),
        ("data/secret/1.in", "4 2\n"),
        ("data/secret/1.ans", "6\n"),
        ("include/python3/adding.py", "add = sum\n"),
        (
            "submissions/accepted/sum.py",
            "from adding import add\nprint(add(map(int, input().split())))\n",
        ),
    ];
    let package = laid::files(directory.path(), "sum", files);
    for (language, is_taken) in [
        ("python3", true),
        ("python312", true),
        ("pypy3", true),
        ("snake", false),
    ] {
        let mut command = assize();
        command
            .arg("--config")
            .arg(&settings)
            .args(["verify", "--json", "--language", language]);
        let (output, reports) = reports_of(command.arg(&package).envs(cheapest_wall()));
        assert_eq!(output.status.success(), is_taken, "{language}: {reports:#?}");
        let said = String::from_utf8_lossy(&output.stdout);
        let refused = "is to be solved in python3, not in snake";
        assert_eq!(said.contains(refused), !is_taken, "{said}");
    }
}

/// The image is built from a package of Debian, which needs a network.
#[test]
fn the_example_of_one_more_language_judges_and_verifies_as_python_does() {
    if is_left_to_the_whole_run("another language, whose image is built") {
        return;
    }
    let dockerfile = "deploy/languages/lua/Dockerfile";
    let build = [
        "build",
        "--network",
        "host",
        "--force-rm",
        "-t",
        "assize/lua:latest",
        "-f",
        dockerfile,
        "docker",
    ];
    let built = Command::new("docker").args(build).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stdout));
    let directory = tempfile::tempdir().unwrap();
    let files = [
        ("submissions/accepted/sum.lua", "print(io.read('n') + io.read('n'))\n"),
        (
            "submissions/accepted/two/main.lua",
            "print(require('part')(io.read('n'), io.read('n')))\n",
        ),
        (
            "submissions/accepted/two/part.lua",
            "return function(a, b) return a + b end\n",
        ),
        ("submissions/wrong_answer/one.lua", "print(1)\n"),
        ("submissions/run_time_error/error.lua", "error('no')\n"),
        ("submissions/time_limit_exceeded/loops.lua", "while true do end\n"),
        ("submissions/compiler_error/broken.lua", "print(\n"),
    ];
    let package = laid::sum(directory.path(), "lua", files);
    let mut command = assize();
    command.args([
        "--config",
        "deploy/languages/lua/lua.toml",
        "verify",
        "--json",
        &package,
    ]);
    let (output, reports) = reports_of(&mut command);
    assert!(output.status.success(), "{reports:#?}");
    let lua: Vec<_> = submissions(&reports)
        .filter(|(_, it)| it["judged_with"] == "lua")
        .collect();
    assert_eq!(lua.len(), 6, "{reports:#?}");
}
