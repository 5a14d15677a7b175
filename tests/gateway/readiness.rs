//! Whether a service says that it can judge, and only then.

use std::fs;

use crate::service::Service;
use crate::waiting::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn a_service_whose_backend_can_make_no_box_is_not_ready_until_it_can() {
    let directory = tempfile::tempdir().unwrap();
    let (runner, aside) = (directory.path().join("runner"), directory.path().join("aside"));
    let service = Service::with(|settings| {
        fs::copy(&settings.sandbox.process.runner, &runner).unwrap();
        settings.sandbox.process.runner.clone_from(&runner);
    })
    .await;
    assert_eq!(service.get("/readyz").await.status, 200);
    fs::rename(&runner, &aside).unwrap();
    eventually("the service is not ready", async || {
        service.get("/readyz").await.status == 503
    })
    .await;
    let refused = service.get("/readyz").await;
    assert_eq!(refused.refused(503).0, "unavailable");
    let detail = refused.json(503)["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("boxes cannot be made: process: "), "{detail}");
    assert_eq!(service.get("/healthz").await.status, 200, "it is alive");
    fs::rename(&aside, &runner).unwrap();
    eventually("the service is ready", async || {
        service.get("/readyz").await.status == 200
    })
    .await;
    service.stop().await;
}
