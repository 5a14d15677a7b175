//! Requests that are made up from the `OpenAPI` document, to a service on RabbitMQ and PostgreSQL.

use std::collections::BTreeSet;
use std::process::Command;

use crate::gateway::Gateway;
use crate::property_requests_asked::PropertyRequests;
use crate::whole_run::is_left_to_the_whole_run;
use crate::worker::Namespace;

#[tokio::test(flavor = "multi_thread")]
async fn requests_at_random_are_answered_as_the_document_says() {
    if is_left_to_the_whole_run("requests at random to a service on RabbitMQ and PostgreSQL") {
        return;
    }
    let namespace = Namespace::new().await;
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    std::fs::create_dir(path("problems")).unwrap();
    let (url, tokens) = (format!("file://{}", path("problems")), path("tokens"));
    let (of_service, of_worker) = (path("service"), path("worker"));
    let token = token_of_every_scope(&tokens);
    let storage = |cache| {
        [
            ("ASSIZE__PROBLEMS__URL", url.as_str()),
            ("ASSIZE__PROBLEMS__CACHE_DIRECTORY", cache),
            ("ASSIZE__SERVE__TOKEN_FILE", tokens.as_str()),
        ]
    };
    let worker = namespace.ready_worker("property", &storage(of_worker.as_str())).await;
    let gateway = Gateway::ready_with(&namespace, &storage(of_service.as_str())).await;
    let asked = PropertyRequests {
        address: gateway.address.clone(),
        token,
        random: 50,
    };
    let never_served = tokio::task::spawn_blocking(move || asked.are_answered_as_the_document_says());
    assert_eq!(never_served.await.unwrap(), BTreeSet::new());
    worker.stop().await;
}

fn token_of_every_scope(file: &str) -> String {
    let scopes = ["run", "submit", "read", "read-all", "problems", "admin"];
    let output = Command::new(env!("CARGO_BIN_EXE_assize"))
        .args(["token", "new", "site", "--file", file])
        .args(scopes.iter().flat_map(|scope| ["--scope", scope]))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
