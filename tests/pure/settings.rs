//! Settings that make no sense, one by one: zero, empty, negative, huge, of a wrong unit or type, and names of nothing.

use std::collections::HashSet;
use std::fs;

use toml::Table;

/// Key, value as TOML, and what the error says beside the key and the file.
const WRONG_SETTINGS: &[(&str, &str, &str)] = &[
    ("broker.url", "\"amqp:///x\"", "it names no host; write it as amqp://"),
    ("broker.url", "\"amqp://host:0/\"", "port 0"),
    ("broker.url", "\"amqp://host/?heartbeat=often\"", "heartbeat"),
    ("broker.url", "5", "a text is expected"),
    (
        "broker.urls",
        "[\"amqp://one/\", \"amqp:///x\"]",
        "number 2 of them: it names no host; write it as amqp://",
    ),
    ("broker.urls", "5", "a list of texts is expected"),
    (
        "broker.urls",
        "[\"amqp://one/\"]\nbroker.url = \"amqp://other/\"",
        "broker.url is given, too",
    ),
    (
        "store.url",
        "\"postgres:///assize\"",
        "it names no host; write it as postgres://",
    ),
    ("store.url", "\"postgres://one,:5433/assize\"", "empty host"),
    ("store.url", "\"postgres://one:0,other/assize\"", "port 0"),
    (
        "store.url",
        "\"postgres://one,other/assize?target_session_attrs=standby\"",
        "write it as read-write or primary",
    ),
    ("store.url", "\"postgres:///assize?host=one,other\"", "takes one host"),
    ("problems.url", "\"file:problems\"", "no // behind file:"),
    ("problems.url", "\"https:host/problems\"", "no // behind https:"),
    ("problems.url", "\"file://problems\"", "the name of a host"),
    ("problems.url", "\"gopher://host/problems\"", "write it as https://"),
    ("problems.directory", "\"\"", "it is empty"),
    ("sandbox.cpus", "0", "from 1 to"),
    ("sandbox.cpus", "1.5", "a whole number is expected"),
    ("sandbox.scratch_inodes", "0", "from 2 to"),
    ("sandbox.scratch_bytes", "1", "from 4096 to"),
    ("sandbox.warm_boxes", "-1", "a whole number from 0 is expected"),
    (
        "sandbox.warm_languages",
        "[\"python3\", \"cobol\"]",
        "no [languages.cobol]; the languages are c, cpp, java, pypy3, python3",
    ),
    ("sandbox.warm_languages", "\"python3\"", ""),
    ("sandbox.docker.runtime", "\"run sc\"", "no name of a runtime"),
    ("sandbox.docker.images.python3", "\"\"", "no image"),
    ("sandbox.docker.call_timeout_ms", "0", "from 1 to"),
    (
        "sandbox.docker.streams",
        "\"socket\"",
        "expected one of `auto`, `daemon`, `proxy`, `worker`",
    ),
    ("log.format", "\"xml\"", "expected"),
    ("sandbox.docker.pause", "1", "true or false is expected"),
    (
        "judge.default_language",
        "\"pyhton3\"",
        "no [languages.pyhton3] (did you mean python3?); the languages are c, cpp, java, pypy3, python3",
    ),
    ("judge.near_limit", "-0.1", "from 0 to 1"),
    ("judge.near_limit", "10", "from 0 to 1"),
    ("judge.near_limit", "nan", "from 0 to 1"),
    (
        "judge.default_language",
        "\"cobol\"",
        "no [languages.cobol]; the languages are c, cpp, java, pypy3, python3",
    ),
    ("judge.parallel_tests", "0", "from 1 to"),
    (
        "verify.python",
        "\"cobol\"",
        "no [languages.cobol]; the languages are c, cpp, java, pypy3, python3",
    ),
    (
        "serve.dialects",
        "[\"judge0\", \"domjudge\"]",
        "the dialects are judge0, piston, sandbox_fusion",
    ),
    ("serve.callback_networks", "[\"10.0.0.0/33\"]", "write it as"),
    ("serve.callback_timeout_ms", "0", "from 100 to"),
    ("judge.show_secret_output", "\"yes\"", ""),
    (
        "validators.language",
        "\"cobol\"",
        "no [languages.cobol]; the languages are c, cpp, java, pypy3, python3",
    ),
    ("validators.toolchain", "\"\"", "it is empty"),
    ("validators.memory_bytes", "256", "from 16777216 to"),
    ("limits.default.memory_bytes", "256", "from 16777216 to"),
    ("limits.default.cpu_ms", "90000", "above limits.ceiling.cpu_ms = 60000"),
    ("limits.default.cpu_ms", "9223372036854775807", "from 1 to 604800000"),
    ("limits.ceiling.wall_ms", "9223372036854775807", "from 1 to 604800000"),
    ("limits.ceiling.processes", "-5", ""),
    ("limits.wall_factor", "0.5", "from 1 to"),
    ("limits.wall_factor", "inf", "from 1 to"),
    ("limits.starvation_factor", "0.5", "from 1 to"),
    ("limits.starvation_factor", "nan", "from 1 to"),
    ("limits.open_files", "3", "from 16 to"),
    ("worker.slots", "true", "a whole number is expected"),
    ("worker.slots", "2.7", "a whole number is expected"),
    ("worker.slots", "\"4\"", "a whole number is expected"),
    ("worker.slots", "1000000", "from 0 to"),
    ("worker.shutdown_grace_ms", "9223372036854775807", "from 0 to"),
    ("broker.later_ms", "4294967296000", "from 1 to"),
    ("broker.ca_file", "\"/ca.pem\"", "write it as amqps://"),
    (
        "store.url",
        "\"postgres://db/assize?sslrootcert=/ca.pem\"",
        "write sslmode=verify-full",
    ),
    (
        "store.url",
        "\"postgres://db/assize?sslmode=require&sslrootcert=/ca.pem\"",
        "write sslmode=verify-full",
    ),
    (
        "store.ca_file",
        "\"/ca.pem\"\nstore.url = \"postgres://db/assize?sslmode=require\"",
        "write sslmode=verify-full",
    ),
    (
        "store.ca_file",
        "\"/ca.pem\"\nstore.url = \"postgres://db/assize?sslmode=verify-full&sslrootcert=/ca.pem\"",
        "keep one of them",
    ),
    ("broker.heartbeat_s", "70000", ""),
    ("broker.queue", "\"amq.submissions\"", "RabbitMQ"),
    ("broker.bulk_queue", "\"assize.submissions\"", "a name of its own"),
    (
        "broker.rejected_queue",
        "\"assize.submissions.dead\"",
        "a name of its own",
    ),
    ("broker.rejected_queue_bytes", "0", "from 1 to"),
    ("broker.later_exchange", "\"assize.submit\"", "a name of its own"),
    ("broker.max_verdict_bytes", "8", "from 65536 to"),
    ("store.lease_ms", "15", "from 1000 to"),
    ("store.connections", "0", "from 1 to"),
    ("store.keep_submissions_s", "3600", "less than a day"),
    ("store.keep_security_events_s", "-1", ""),
    ("submission.max_message_bytes", "8589934592", "from 1 to"),
    ("languages.python3.extensions", "[\".py\"]", "without a dot"),
    (
        "languages.python3.entry_point",
        "\"../main.py\"",
        "no file of a submission",
    ),
    ("languages.python3.compile_error_codes", "[0]", "from 1 to 255"),
    ("languages.python3.env", "[\"PATH\"]", "NAME=value"),
    ("languages.python3.zygote", "\"\"", "startup = \"fork\""),
    ("languages.python3.time_multiplier", "0", "above 0"),
    (
        "environments.python3.base",
        "\"perl\"",
        "the environment of no language",
    ),
    ("environments.python3.base", "\"python3\"", "the environment itself"),
    (
        "environments.python3.packages",
        "[\"numpy\"]",
        "\"numpy\" is no library with its version; write it as \"numpy==2.2.4\"",
    ),
];

#[test]
fn a_setting_that_makes_no_sense_is_refused_with_its_key_its_file_and_what_is_allowed() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("assize.toml");
    let mut wrong = Vec::new();
    for &(key, value, expected) in WRONG_SETTINGS {
        fs::write(&file, format!("{key} = {value}\n")).unwrap();
        let error = assize::config::load(Some(&file)).map_or_else(|error| error.to_string(), |_taken| String::new());
        if ![key, "assize.toml", expected].iter().all(|part| error.contains(part)) {
            wrong.push(format!("{key} = {value}: {error}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn settings_at_the_edge_of_what_makes_sense_are_taken() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("assize.toml");
    for text in [
        "store.url = \"postgres:///assize?host=/run/postgresql\"",
        "store.enabled = false\nstore.url = \"\"",
        "problems.url = \"file:///srv/problems\"",
        "broker.url = \"amqps://host/%2f?heartbeat=5\"",
        "broker.urls = [\"amqp://one\", \"amqps://other/%2f?heartbeat=5\"]",
        "store.url = \"postgres://me:a,b@one:5432,[::1]:5433/assize?target_session_attrs=read-write\"",
        "broker.ca_file = \"/ca.pem\"\nbroker.urls = [\"amqps://one\", \"amqps://other\"]",
        "store.ca_file = \"/ca.pem\"\nstore.url = \"postgres://one,other/assize?sslmode=verify-ca\"",
        "store.ca_file = \"/ca.pem\"",
        "store.url = \"postgres://db/assize?sslmode=verify-full&sslrootcert=/ca.pem\"",
        "store.url = \"postgres://db/assize?sslmode=require\"",
        "broker.verdict_queue = \"\"\nbroker.rejected_queue = \"\"",
        "judge.near_limit = 0",
        "sandbox.cpuset = \"0-1, 3\"",
        "sandbox.warm_languages = []",
        "languages.pypy3.time_multiplier = 2",
        "log.filter = \"info,assize=debug\"",
    ] {
        fs::write(&file, text).unwrap();
        let loaded = assize::config::load(Some(&file));
        assert!(loaded.is_ok(), "{text}: {}", loaded.unwrap_err());
    }
}

const SMALLEST_LANGUAGE: &str = r#"
environment = "python3"
extensions = ["x"]
entry_point = "main.x"
run = ["/usr/bin/x", "{entry}"]
time_multiplier = 1.0
"#;

#[test]
fn what_the_table_of_a_language_may_leave_out_is_said_with_what_it_is_then() {
    let given: Table = SMALLEST_LANGUAGE.parse().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("assize.toml");
    fs::write(&file, format!("[languages.x]\n{SMALLEST_LANGUAGE}")).unwrap();
    let loaded = assize::config::load(Some(&file)).unwrap();
    let mut left_out = Table::try_from(&loaded.languages["x"]).unwrap();
    left_out.retain(|key, _value| !given.contains_key(key));

    let (_before, said) = assize::config::DEFAULTS
        .split_once("# What the table of a language of your own leaves out is:\n")
        .unwrap();
    let lines: Vec<&str> = said.lines().map_while(|line| line.strip_prefix("#   ")).collect();
    let said: Table = format!("it = {{ {} }}", lines.join(", ")).parse().unwrap();
    assert_eq!(said["it"].as_table(), Some(&left_out));
}

/// Settings whose defaults no comment explains, as `section.key`. What one language explains holds for the others.
fn unexplained(defaults: &str) -> Vec<String> {
    let (mut explained, mut unexplained) = (HashSet::new(), Vec::new());
    let (mut section, mut is_section_explained, mut is_line_explained) = (String::new(), false, false);
    for line in defaults.lines() {
        let is_comment = line.starts_with('#');
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            (section, is_section_explained) = (name.to_owned(), line.contains(" # "));
        } else if let Some((key, _value)) = line
            .split_once(" = ")
            .filter(|_both| !is_comment && !line.starts_with(' '))
        {
            let kind = section.split('.').next().unwrap_or_default();
            let is_explained = line.contains(" # ") || is_line_explained || is_section_explained;
            if is_explained {
                explained.insert((kind.to_owned(), key.to_owned()));
            } else if kind != "languages" || !explained.contains(&(kind.to_owned(), key.to_owned())) {
                unexplained.push(format!("{section}.{key}"));
            }
        }
        is_line_explained = is_comment;
    }
    unexplained
}

#[test]
fn each_setting_is_explained_where_the_defaults_are_printed() {
    let docker_proxy = fs::read_to_string("docker-proxy/defaults.toml").unwrap();
    for defaults in [assize::config::DEFAULTS, &docker_proxy] {
        assert_eq!(unexplained(defaults), Vec::<String>::new());
    }
    assert_eq!(unexplained("[a]\nb = 1\n# Why.\nc = 1\nd = 1 # why\n"), ["a.b"]);
}
