//! Submissions to problems that a service or a worker does not know.

use serde_json::json;

use crate::gateway::{Gateway, RIGHT, id_of};
use crate::raw::{RawClient, header};
use crate::worker::Namespace;

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_that_no_worker_knows_is_refused_by_a_service_with_problems_and_rejected_behind_another() {
    let namespace = Namespace::new().await;
    let retries = [("ASSIZE__BROKER__UNKNOWN_PROBLEM_RETRIES", "0")];
    let worker = namespace.ready_worker("gateway-unknown", &retries).await;
    let known = Gateway::ready(&namespace).await;
    let to = |id: &str| json!({ "source": RIGHT, "problem": { "id": id } });
    for id in ["no-such", "../examples/sum", ".hidden"] {
        let (status, refused) = known.post("/v1/submissions", &to(id)).await;
        let told = (status, &refused["code"], &refused["field"]);
        assert_eq!(
            told,
            (422, &json!("unknown_problem"), &json!("problem.id")),
            "{refused}"
        );
    }
    let (_, told) = known.post("/v1/submissions", &json!([to("no-such"), to("sum")])).await;
    assert_eq!(told[0]["code"], "unknown_problem", "{told}");
    assert_eq!(known.done(&id_of(&told[1])).await["verdict"]["verdict"], "AC");
    let raw = RawClient::connect(&namespace.broker).await;
    assert_eq!(raw.ready_in(&namespace.broker.rejected_queue).await, 0, "none was sent");

    let empty = tempfile::tempdir().unwrap();
    let missing = empty.path().join("missing");
    for directory in [empty.path(), missing.as_path()] {
        let settings = [("ASSIZE__PROBLEMS__DIRECTORY", directory.to_str().unwrap())];
        let bare = Gateway::ready_with(&namespace, &settings).await;
        let (_, done) = bare.post("/v1/submissions?wait=50", &to("sum")).await;
        assert_eq!(done["verdict"]["verdict"], "AC", "{done}");
        let (status, rejected) = bare.post("/v1/submissions?wait=50", &to("no-such")).await;
        assert_eq!((status, &rejected["state"]), (200, &json!("rejected")), "{rejected:#}");
        assert_eq!(rejected["rejection"]["code"], "unknown_problem");
        assert_eq!(known.done(&id_of(&rejected)).await["rejection"], rejected["rejection"]);
        assert_eq!(header(&raw.take_rejected().await, "x-assize-code"), "unknown_problem");
    }
    worker.stop().await;
}
