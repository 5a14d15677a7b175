//! What a worker declares in RabbitMQ goes when it is asked for.

use assize::broker::{SubmitClient, undeclare};
use assize::contract::{ProblemRef, SourceFile, SubmissionMessage};
use uuid::Uuid;

use crate::worker::Namespace;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_worker_declared_can_be_deleted() {
    let namespace = Namespace::new().await;
    namespace.ready_worker("short", &[]).await.stop().await;
    undeclare(&namespace.broker).await.unwrap();
    // A second time there is nothing to delete.
    undeclare(&namespace.broker).await.unwrap();
    let client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let files = vec![SourceFile {
        name: "main.py".to_owned(),
        content: Vec::new(),
    }];
    let problem = ProblemRef {
        id: "sum".to_owned(),
        revision: None,
    };
    let message = SubmissionMessage::for_problem(Uuid::new_v4(), "python3", files, problem);
    let refusal = client.send(&message).await.unwrap_err().to_string();
    assert!(refusal.contains("start a worker first"), "{refusal}");
}
