//! The corpus of attacks against the judge of this tree, in a real Docker Engine and by nsjail, and the checks themselves
//! under test.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests start programs and read what they write"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../common/containers.rs"]
mod containers;
#[path = "../common/jail_boxes.rs"]
mod jail_boxes;
#[path = "../common/jailer.rs"]
mod jailer;
#[path = "../common/machine_parts.rs"]
mod machine_parts;
mod microvm;
#[path = "../common/runs_everything.rs"]
mod runs_everything;
#[path = "../common/skipped.rs"]
mod skipped;
#[path = "../common/whole_run.rs"]
mod whole_run;

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;

use assize::attack::{AttackFixture, AttackRun, built_in, detection_checks};
use assize::config::{self, Startup};
use assize::sandbox::{Layer, open_backend, share_out};
use serde_json::Value;
use tokio::process::Command;

use crate::runs_everything::runs_everything;
use crate::whole_run::is_left_to_the_whole_run;

/// What the project promises at least.
const AT_LEAST: usize = 350;

#[test]
fn there_are_many_attacks_of_every_kind_and_each_is_named_in_the_threat_table() {
    let attacks = built_in().unwrap();
    assert!(attacks.len() >= AT_LEAST, "{} attacks", attacks.len());
    let mut categories: BTreeMap<&str, usize> = BTreeMap::new();
    for attack in &attacks {
        *categories.entry(attack.category()).or_default() += 1;
    }
    let threats = fs::read_to_string("docs/security.md").unwrap();
    for (category, count) in categories {
        assert!(count >= 10, "{category} has {count} attacks");
        assert!(
            threats.contains(&format!("`{category}/")),
            "docs/security.md does not name {category}"
        );
    }
    for named in names_in(&threats) {
        let known = attacks.iter().any(|attack| attack.name == named);
        assert!(known, "docs/security.md names {named}, which does not exist");
    }
    let layers = layers();
    for layer in &layers {
        assert!(
            attacks.iter().any(|attack| attack.without.contains(layer)),
            "{layer} is never left out"
        );
    }
    for attack in &attacks {
        for layer in &attack.without {
            assert!(layers.contains(layer), "{}: there is no layer {layer}", attack.name);
        }
    }
}

/// What can be left out of a box as the settings say.
fn layers() -> Vec<Layer> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _within = runtime.enter();
    let backend = open_backend(&config::load(None).unwrap().sandbox, "layers").unwrap();
    backend.facts().layers
}

/// `category/name` in backticks, where the category is one of attacks.
fn names_in(text: &str) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    let is_name = |name: &&str| {
        let directory = name.split('/').next().unwrap_or_default();
        let lone = name.split('/').count() == 2 && !name.ends_with('/') && !name.contains('*');
        lone && fs::metadata(format!("tests/attacks/programs/{directory}")).is_ok() && !directory.is_empty()
    };
    quoted.filter(is_name).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_check_sees_an_attack_that_is_let_through() {
    let settings = config::load(None).unwrap();
    let slots = share_out(&settings.sandbox, 1).unwrap().slots;
    let fixture = AttackFixture::build().await.unwrap();
    for startup in [Startup::Exec, Startup::Fork] {
        let run = AttackRun::open(settings.judging(), slots.clone(), startup, None)
            .await
            .unwrap();
        let detection_checks = detection_checks(&run, &fixture).await;
        run.close().await;
        for check in detection_checks {
            assert!(check.detected, "{startup:?}: {} was not seen", check.what);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_attack_fails_whether_it_is_forked_or_executed() {
    if runs_everything() {
        eprintln!("skipped: ASSIZE_TEST=all makes every attack both ways, in the test beside this one");
        return;
    }
    let attacked = attack(&["--alternate"], &[]).await;
    let attacks = built_in().unwrap();
    assert_eq!(attacked.made("fork", &Value::Null), attacks.len().div_ceil(2));
    assert_eq!(attacked.made("exec", &Value::Null), attacks.len() / 2);
    attacked.assert_held(attacks.len()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_attack_fails_however_it_is_started_and_also_where_a_layer_is_missing() {
    if is_left_to_the_whole_run("every attack both ways and without layers, which takes minutes") {
        return;
    }
    let attacked = attack(&["--thorough"], &[]).await;
    let attacks = built_in().unwrap();
    assert_eq!(attacked.made("fork", &Value::Null), attacks.len());
    assert_eq!(attacked.made("exec", &Value::Null), attacks.len());
    let mut expected_in_all = 2 * attacks.len();
    for layer in tokio::task::spawn_blocking(layers).await.unwrap() {
        let numbered = attacks.iter().enumerate();
        let expected = numbered.filter(|(number, attack)| attack.one_layer(*number) == Some(&layer));
        let expected = expected.count();
        assert!(expected > 0, "{layer:?} is never left out");
        assert_eq!(attacked.made("fork", &layer.name().into()), expected, "{layer:?}");
        expected_in_all += expected;
    }
    attacked.assert_held(expected_in_all).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_attack_fails_in_boxes_by_nsjail_too() {
    let Some(socket) = jailer::jailer() else { return };
    let options = if runs_everything() { "--thorough" } else { "--alternate" };
    let by_nsjail = [
        ("ASSIZE__SANDBOX__BACKEND", "nsjail"),
        ("ASSIZE__SANDBOX__NSJAIL__SOCKET", socket.to_str().unwrap()),
    ];
    let attacked = attack(&[options], &by_nsjail).await;
    assert_eq!(attacked.report["sandbox"]["backend"], "nsjail");
    let attacks = built_in().unwrap().len();
    assert!(attacked.outcomes().len() >= attacks);
    attacked.assert_held(attacked.outcomes().len()).await;
    let left = jail_boxes::jail_boxes();
    assert!(left.is_empty(), "boxes are left: {left:?}");
}

/// Those on what a box has besides where its streams go past the daemon; with everything, all of them.
#[tokio::test(flavor = "multi_thread")]
async fn attacks_fail_too_where_a_box_has_a_socket_for_its_streams() {
    let directory = tempfile::tempdir().unwrap();
    let by_socket = [
        ("ASSIZE__SANDBOX__DOCKER__STREAMS", "worker"),
        (
            "ASSIZE__SANDBOX__DOCKER__STREAMS_DIRECTORY",
            directory.path().to_str().unwrap(),
        ),
    ];
    let attacked = attack(&["--thorough", "--only", "streams_of_the_box"], &by_socket).await;
    attacked.assert_held(attacked.outcomes().len()).await;
    if is_left_to_the_whole_run("the other attacks there") {
        return;
    }
    let attacked = attack(&["--alternate"], &by_socket).await;
    attacked.assert_held(built_in().unwrap().len()).await;
}

/// What `assize doctor --attack` has printed and reported.
struct Attacked {
    worker: String,
    printed: String,
    report: Value,
}

async fn attack(options: &[&str], settings: &[(&str, &str)]) -> Attacked {
    let directory = tempfile::tempdir().unwrap();
    let report = directory.path().join("report.json");
    // Attacks on several backends run beside each other, and each looks for boxes that it left.
    let backend = settings.first().map_or("docker", |(_, backend)| *backend);
    let worker = format!("{}-attacked-{backend}", config::load(None).unwrap().worker.id);
    let output = Command::new(env!("CARGO_BIN_EXE_assize"))
        .args(["doctor", "--attack", "--report"])
        .arg(&report)
        .args(options)
        .env("ASSIZE__WORKER__ID", &worker)
        .envs(settings.iter().copied())
        // A program that reads the environment of the judge finds this, and so do the checks.
        .env("ASSIZE_CANARY", "ASSIZE-CANARY-of-the-judge")
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}\n{errors}");
    Attacked {
        worker,
        printed,
        report: serde_json::from_slice(&fs::read(report).unwrap()).unwrap(),
    }
}

impl Attacked {
    fn outcomes(&self) -> &[Value] {
        self.report["outcomes"].as_array().unwrap()
    }

    fn made(&self, startup: &str, without: &Value) -> usize {
        let of_this = |outcome: &&Value| outcome["startup"] == startup && outcome["without"] == *without;
        self.outcomes().iter().filter(of_this).count()
    }

    async fn assert_held(&self, attacks: usize) {
        assert_eq!(self.outcomes().len(), attacks);
        assert_eq!(self.report["held"], self.report["attacks"]);
        let printed = &self.printed;
        assert!(printed.contains(&format!("{attacks} of {attacks} held:")), "{printed}");
        let left = containers::containers_of(&self.worker).await;
        assert!(left.is_empty(), "boxes are left: {left:?}");
    }
}
