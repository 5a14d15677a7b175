//! The program as it is called: exit codes, what goes to which stream, and how errors read. Needs no service.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The program, without the settings in the environment of the tests.
pub(crate) fn assize(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
    command.args(arguments).stdin(Stdio::null());
    for (name, _value) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ASSIZE") {
            command.env_remove(name);
        }
    }
    command
}

pub(crate) fn told(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8(output.stderr.clone()).unwrap())
}

#[test]
fn a_wrong_call_is_exit_code_2_and_says_what_is_wrong() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (wrong_key, no_toml, source, empty) = (path("wrong.toml"), path("no.toml"), path("main.py"), path("empty"));
    fs::write(&wrong_key, "[broker]\nurll = 'x'\n").unwrap();
    fs::write(&no_toml, "[a").unwrap();
    let (no_address, no_http) = (path("no-address.toml"), path("no-http.toml"));
    fs::write(&no_address, "[http]\nlisten = '8750'\n").unwrap();
    fs::write(&no_http, "[http]\nlisten = ''\n").unwrap();
    fs::write(&source, "print(1)").unwrap();
    fs::create_dir(&empty).unwrap();
    let [script, ruby, kotlin] = ["a.js", "a.rb", "Main.kt"].map(path);
    for other in [&script, &ruby, &kotlin] {
        fs::write(other, "").unwrap();
    }
    let cases: [(&[&str], &str); 28] = [
        (&["judge"], "--problem <PACKAGE>"),
        (&["judge", &source, "--problem", &empty], "problem.yaml"),
        (
            &["judge", &path("nowhere.py"), "--problem", "examples/sum"],
            "nowhere.py: No such file",
        ),
        (
            &["judge", &empty, "--problem", "examples/sum"],
            "holds no file to judge",
        ),
        (&["submit", &source], "--problem <ID>"),
        (
            &["submit", &source, "--problem", "sum", "--id", "7"],
            "invalid value '7' for '--id <UUID>': an id is a UUID such as",
        ),
        (
            &["submit", &source, "--problem", "sum", "--metadata", "a"],
            "expected KEY=VALUE",
        ),
        (
            &["submit", "--examples", &empty],
            "holds no example submissions\nhint: they are expected in",
        ),
        (
            &["--config", &wrong_key, "worker"],
            "there is no such setting (did you mean broker.url?)",
        ),
        (
            &["--config", &no_toml, "worker"],
            "hint: `assize config show` shows every setting",
        ),
        (&["--log-filter", "=,=", "worker"], "filters no log lines"),
        (
            &["judge", &source, "--problem", "examples/sum", "--language", "ruby"],
            "\"ruby\" is not configured here\nhint: known are: c, ",
        ),
        (
            &["run", "--language", "ruby", &source],
            "\"ruby\" is not configured here",
        ),
        (
            &["judge", &source, "--problem", "examples/sum", "--language", "pyhton3"],
            "\"pyhton3\" is not configured here (did you mean python3?)\nhint: known are: c, ",
        ),
        (
            &["verify", "examples/sum", "--language", "pypy"],
            "there is no language \"pypy\" in the settings (did you mean pypy3?)\nhint: there are: c, ",
        ),
        (
            &["judge", &script, "--problem", "examples/sum"],
            "\"a.js\" has the ending of JavaScript, and is run as python3 where no language is named\n\
             hint: name one in language (--language): c (.c), ",
        ),
        (&["run", &ruby], "\"a.rb\" has the ending of Ruby"),
        (
            &["submit", &kotlin, "--problem", "sum"],
            "\"Main.kt\" has the ending of Kotlin",
        ),
        (
            &["verify", "/nowhere"],
            "cannot read the problem package /nowhere: No such file",
        ),
        (&["--config", &no_address, "worker"], "http.listen"),
        (&["--config", &no_http, "worker", "--check"], "names no port to ask at"),
        (&["--config", &no_address, "serve", "--check"], "http.listen"),
        (&["--config", &empty, "config", "check"], "empty: is a directory"),
        (&["cancel", "abc"], "an id is a UUID such as"),
        (
            &["judge", &source, "--problem", "sum"],
            "cannot read sum: No such file or directory (os error 2)\nhint: assize judge takes the package itself",
        ),
        (
            &["judge", &source, "--problem", &source],
            "is no zip archive\nhint: a problem package is a directory",
        ),
        (&["token", "list", "--file", &path("nowhere")], "there is no token file"),
        (
            &["submit", &source, "--problem", "sum", "--id", "7", "--rejudge", "x"],
            "an id is a UUID such as",
        ),
    ];
    for (arguments, expected) in cases {
        let output = assize(arguments).output().unwrap();
        let (code, error) = told(&output);
        assert_eq!(code, Some(2), "{arguments:?}: {error}");
        assert!(
            error.starts_with("error: ") && error.contains(expected),
            "{arguments:?}: {error}"
        );
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_collector_that_cannot_be_meant_is_told_by_its_variable_and_without_its_value() {
    for (variable, value) in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318/hush"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "ftp://me:hush@collector"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc-hush"),
        ("OTEL_TRACES_EXPORTER", "hush"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "hush"),
        ("OTEL_BSP_SCHEDULE_DELAY", "0"),
    ] {
        let mut command = assize(&["serve"]);
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");
        let output = command.env(variable, value).output().unwrap();
        let (code, error) = told(&output);
        assert_eq!(code, Some(2), "{variable}: {error}");
        assert!(error.contains(variable) && !error.contains("hush"), "{error}");
    }
}

#[test]
fn a_failure_of_ours_is_exit_code_3_and_gives_a_hint() {
    let source = "examples/sum/submissions/accepted/sum.py";
    let cases: [(&[&str], &str); 5] = [
        (&["judge", source, "--problem", "examples/sum"], "cannot reach Docker"),
        (
            &["submit", source, "--problem", "sum"],
            "cannot reach RabbitMQ at amqp://me@127.0.0.1:1/",
        ),
        (&["dead", "list"], "RabbitMQ at amqp://me@127.0.0.1:1/"),
        (&["rejected", "list"], "RabbitMQ at amqp://me@127.0.0.1:1/"),
        (
            &["purge", "--older-than", "90d"],
            "cannot reach PostgreSQL at 127.0.0.1:1/judge: ",
        ),
    ];
    for (arguments, expected) in cases {
        let mut command = assize(arguments);
        command.env("DOCKER_HOST", "unix:///nowhere/docker.sock");
        command.env("ASSIZE__BROKER__URL", "amqp://me:hush@127.0.0.1:1/");
        command.env("ASSIZE__STORE__URL", "postgres://me:hush@127.0.0.1:1/judge");
        let output = command.output().unwrap();
        let (code, error) = told(&output);
        assert_eq!(code, Some(3), "{error}");
        assert!(error.contains(expected) && error.contains("\nhint: "), "{error}");
        assert!(!error.contains("hush") && !error.contains('\x1b'), "{error}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn what_is_wrong_in_a_file_of_requirements_is_told_once() {
    let directory = tempfile::tempdir().unwrap();
    let package = directory.path().join("package");
    fs::create_dir_all(package.join("data/secret")).unwrap();
    let problem = "problem_format_version: 2025-09\nname: Echo\n";
    fs::write(package.join("problem.yaml"), problem).unwrap();
    for file in ["1.in", "1.ans"] {
        fs::write(package.join("data/secret").join(file), "1\n").unwrap();
    }
    let program = directory.path().join("main.py");
    fs::write(&program, "print(1)").unwrap();
    let arguments = [
        "judge",
        "--problem",
        package.to_str().unwrap(),
        program.to_str().unwrap(),
    ];
    for (text, expected) in [
        ("numpy>> 2", "error: requirements.txt:1: \">> 2\" are no versions: "),
        (
            "\n-r others",
            "error: requirements.txt:2: \"-r\" is an option\nhint: only names",
        ),
    ] {
        fs::write(package.join("requirements.txt"), text).unwrap();
        let (_code, error) = told(&assize(&arguments).output().unwrap());
        assert!(error.starts_with(expected), "{error}");
        assert_eq!(
            error.matches("no versions").count() + error.matches("an option").count(),
            1,
            "{error}"
        );
    }
}

#[test]
fn a_wrong_setting_is_told_with_where_it_was_found_and_never_with_a_password() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("assize.toml");
    let file_cases = [
        ("[worker]\nslots = \"many\"", "worker.slots (from "),
        ("[broker]\nmax_attempts = 0", "broker.max_attempts (from "),
        ("[broker]\nqueue = \"\"", "broker.queue (from "),
        (
            "[languages.perl]\nenvironment = \"perl\"\nextensions = [\"pl\"]\nentry_point = \"main.pl\"\n\
          run = [\"/usr/bin/perl\", \"{source}\"]\ntime_multiplier = 1.0",
            "{source} stands for nothing",
        ),
    ];
    for (text, expected) in file_cases {
        fs::write(&file, text).unwrap();
        let output = assize(&["--config", file.to_str().unwrap(), "config", "check"])
            .output()
            .unwrap();
        let (code, error) = told(&output);
        assert!(code == Some(2) && error.contains(expected), "{text}: {error}");
        let of_a_type = text.contains("\"many\"");
        assert!(
            !of_a_type || error.ends_with("config show` shows every setting\n"),
            "{error}"
        );
        assert!(
            !expected.ends_with("(from ") || error.contains("assize.toml"),
            "{text}: {error}"
        );
    }
    let environment = [
        (
            "ASSIZE__BROKER__URL",
            "rabbit:hush",
            "broker.url (from the environment variable ASSIZE__BROKER__URL)",
        ),
        (
            "ASSIZE__STORE__URL",
            "mysql://me:hush@db/assize",
            "write it as postgres://",
        ),
        (
            "ASSIZE__PROBLEMS__URL",
            "ftp://me:hush@host/problems",
            "write it as https://",
        ),
        ("ASSIZE__STORE__URL_FILE", "/nowhere/hush-less", "cannot be read"),
        (
            "ASSIZE__LIMITS__DEFAULT__CPU_MS",
            "0",
            "limits.default.cpu_ms (from the environment variable",
        ),
        ("ASSIZE__BROKER__URL", "amqp:///vhost", "it names no host"),
        (
            "ASSIZE__SANDBOX__BACKEND",
            "nonsense",
            "sandbox.backend (from the environment variable ASSIZE__SANDBOX__BACKEND) is wrong",
        ),
        (
            "ASSIZE__SANDBOX__CPUSET",
            "2-x",
            "sandbox.cpuset (from the environment variable",
        ),
        ("ASSIZE__SANDBOX__DOCKER__HOST", "gopher://x", "gopher://x"),
        ("ASSIZE__JUDGE__NEAR_LIMIT", "-0.5", "judge.near_limit (from"),
        ("ASSIZE__JUDGE__NEAR_LIMIT", "nan", "judge.near_limit (from"),
        (
            "ASSIZE__SANDBOX__WARM_LANGUAGES",
            "python3,perl",
            "the languages are c, cpp, java, pypy3, python3",
        ),
        ("ASSIZE__VALIDATORS__LANGUAGE", "perl", "validators.language (from"),
        (
            "ASSIZE__VALIDATORS__TOOLCHAIN",
            "compilers",
            "sandbox.docker.images.compilers",
        ),
        (
            "ASSIZE__LANGUAGES__PYTHON3__ENVIRONMENT",
            "py",
            "languages.python3.environment (from",
        ),
        (
            "ASSIZE__LOG__FILTER",
            "assize=loud",
            "log.filter (from the environment variable",
        ),
        ("ASSIZE__WORKER__ID", "a\tb", "control characters"),
        ("ASSIZE_WORKER_SLOTS", "2", "did you mean ASSIZE__WORKER__SLOTS?"),
    ];
    for (name, value, expected) in environment {
        let output = assize(&["config", "check"]).env(name, value).output().unwrap();
        let (code, error) = told(&output);
        assert!(code == Some(2) && error.contains(expected), "{name}={value}: {error}");
        assert!(!error.contains(":hush"), "{error}");
    }
    let output = assize(&["config", "check"]).output().unwrap();
    assert_eq!(told(&output), (Some(0), String::new()));
}

#[test]
fn the_documented_defaults_are_settings_that_can_be_used() {
    let output = assize(&["config", "show", "--defaults"]).output().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("defaults.toml");
    fs::write(&file, &output.stdout).unwrap();
    let from_file = assize::config::load(Some(&file)).unwrap();
    assert_eq!(from_file, assize::config::load(None).unwrap());
}

#[test]
fn the_printed_settings_are_those_that_hold_and_keep_passwords_to_themselves() {
    let mut command = assize(&["config", "show"]);
    command.env("ASSIZE__BROKER__URL", "amqp://me:hush1@rabbit/v");
    command.env("ASSIZE__STORE__URL", "postgres://me:hush2@db/assize");
    command.env("ASSIZE__LIMITS__DEFAULT__CPU_MS", "1234");
    let output = command.output().unwrap();
    assert_eq!(told(&output), (Some(0), String::new()));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(!printed.contains("hush"), "{printed}");
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("printed.toml");
    fs::write(&file, &printed).unwrap();
    let settings = assize::config::load(Some(&file)).unwrap();
    assert_eq!(settings.limits.default.cpu_ms, 1234);
    assert_eq!(settings.broker.url, "amqp://me@rabbit/v");
    assert_eq!(settings.store.url, "postgres://me@db/assize");
}

#[test]
fn schemas_are_printed_one_by_one_or_together() {
    let printed = |arguments: &[&str]| -> Value {
        let output = assize(arguments).output().unwrap();
        assert_eq!(told(&output), (Some(0), String::new()));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let all = printed(&["schema"]);
    for name in ["submission", "verdict", "progress", "rejection"] {
        let one = printed(&["schema", name]);
        assert_eq!(one["title"], format!("assize.{name}.v1"));
        assert_eq!(all[name], one);
    }
}

/// As in `assize schema | true`.
#[test]
fn a_reader_that_has_gone_away_is_no_error() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = assize(&["schema"]).stdout(writer).output().unwrap();
    assert_eq!(told(&output), (Some(0), String::new()));
}
