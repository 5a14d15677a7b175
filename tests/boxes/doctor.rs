//! What the doctor says about this host, and about an image that is unfit for judging.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use serde_json::Value;
use uuid::Uuid;

/// State of a check, and what was found.
fn diagnosis(image: &str, name: &str) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_assize"))
        .args(["doctor", "--json"])
        .env("ASSIZE__SANDBOX__DOCKER__IMAGES__PYTHON3", image)
        .output()
        .unwrap();
    let checks: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let check = checks.iter().find(|check| check["check"] == name);
    let check = check.unwrap_or_else(|| panic!("no {name:?} in {checks:#?}"));
    let text = |field: &str| check[field].as_str().unwrap().to_owned();
    (text("state"), text("found"))
}

fn docker(arguments: &[&str]) -> String {
    let output = Command::new("docker").args(arguments).output().unwrap();
    assert!(output.status.success(), "docker {arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// An image that is gone when this is dropped.
struct Image(String);

impl Drop for Image {
    fn drop(&mut self) {
        docker(&["rmi", "-f", &self.0]);
    }
}

/// The image of Python with a setuid program called `sh`.
fn image_with_a_shell() -> Image {
    let directory = tempfile::tempdir().unwrap();
    let shell = directory.path().join("sh");
    std::fs::write(&shell, "").unwrap();
    std::fs::set_permissions(&shell, std::fs::Permissions::from_mode(0o4755)).unwrap();
    let container = docker(&["create", "assize/python3:latest"]);
    docker(&["cp", shell.to_str().unwrap(), &format!("{container}:/usr/bin/sh")]);
    let image = Image(format!("assize/test-doctor:{}", Uuid::new_v4().simple()));
    docker(&["commit", &container, &image.0]);
    docker(&["rm", "-f", &container]);
    image
}

#[test]
fn the_doctor_finds_nothing_in_a_box_that_should_not_be_there() {
    for name in ["image's files", "inside a box"] {
        let (state, found) = diagnosis("assize/python3:latest", name);
        assert_eq!(state, "ok", "{name}: {found}");
    }
}

#[test]
fn the_doctor_names_what_an_image_holds_that_it_must_not() {
    let image = image_with_a_shell();
    let (state, found) = diagnosis(&image.0, "image's files");
    assert_eq!(state, "fail", "{found}");
    assert!(found.contains("setuid or setgid: /usr/bin/sh"), "{found}");
    assert!(
        found.contains("shells, compilers or package tools: /usr/bin/sh"),
        "{found}"
    );
}
