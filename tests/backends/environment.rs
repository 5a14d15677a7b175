//! What a backend says about itself.

use assize::sandbox::{BackendError, BoxSpec, CheckState, LaunchError, Layer};

use crate::fixture::TestBoxes;
use crate::small_box::small_box;

pub(crate) async fn an_environment_that_is_not_installed_is_told_with_its_remedy(boxes: &TestBoxes) {
    let unknown = BoxSpec {
        environment: "cobol".to_owned(),
        ..small_box()
    };
    let refused = boxes.backend().launch(&unknown).await.unwrap_err();
    assert!(matches!(refused, LaunchError::NotInstalled { .. }), "{refused:?}");
    let said = refused.to_string();
    assert!(said.contains("cobol") && said.contains(refused.remedy()), "{said}");
    assert!(
        refused.remedy().contains("sandbox."),
        "the remedy names a setting: {said}"
    );
}

pub(crate) async fn a_backend_examines_itself_and_the_environments_that_it_is_asked_about(boxes: &TestBoxes) {
    boxes.backend().connect().await.unwrap();
    let checks = boxes.backend().examine(&["python3", "cobol"]).await;
    let failed: Vec<_> = checks.iter().filter(|check| check.has_failed()).collect();
    let [missing] = failed.as_slice() else {
        panic!("{checks:#?}");
    };
    assert!(missing.found.contains("cobol"), "{missing:?}");
    for check in &checks {
        assert_eq!(check.remedy.is_some(), check.state != CheckState::Ok, "{check:?}");
    }
}

pub(crate) async fn a_layer_that_is_no_layer_cannot_be_left_out(boxes: &TestBoxes) {
    let facts = boxes.facts();
    let refused = boxes.another_backend().without(&[Layer::named("roof")]);
    assert!(matches!(refused, Err(BackendError::NoSuchLayer { .. })), "{refused:?}");
    for layer in facts.layers {
        let without = boxes.another_backend().without(std::slice::from_ref(&layer)).unwrap();
        assert_eq!(without.facts().name, facts.name, "without {layer}");
        without.close().await;
    }
}
