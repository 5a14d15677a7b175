//! The page in a real browser, before RabbitMQ, PostgreSQL and a worker.

use crate::browser::browse;
use crate::gateway::Gateway;
use crate::raw::RawClient;
use crate::waiting::eventually;
use crate::worker::Namespace;

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sees_workers_and_queues_and_settles_dead_letters_and_rejected_messages_on_the_page() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("page", &[]).await;
    let gateway = Gateway::ready_with(&namespace, &[]).await;
    let raw = RawClient::connect(&namespace.broker).await;
    for hostile in [&b"<script>window.caught=1</script>\x1b[2J"[..], b"{ \xff"] {
        raw.put_dead_letter(hostile).await;
        // Another body, and so another name.
        raw.send(&[hostile, b"!"].concat(), "x").await;
    }
    for (path, told) in [
        ("/page/dead", "2 messages were given up"),
        ("/page/rejected", "2 messages are kept"),
    ] {
        eventually(told, async || gateway.get(path).await.1.contains(told)).await;
    }
    browse("operator", &gateway.address, "none").await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_holds_for_every_service_of_an_installation() {
    let namespace = Namespace::new().await;
    let directory = tempfile::tempdir().unwrap();
    let tokens = directory.path().join("tokens");
    let made = namespace
        .assize()
        .args(["token", "new", "operator", "--scope", "admin", "--file"])
        .arg(&tokens)
        .output();
    let token = String::from_utf8(made.await.unwrap().stdout).unwrap();
    let _worker = namespace.ready_worker("page-sessions", &[]).await;
    let settings = [("ASSIZE__SERVE__TOKEN_FILE", tokens.to_str().unwrap())];
    let one = Gateway::ready_with(&namespace, &settings).await;
    let other = Gateway::ready_with(&namespace, &settings).await;
    let cookie = one.log_in(token.trim()).await;
    assert!(!cookie.contains(token.trim()), "the cookie holds the token");
    for gateway in [&one, &other] {
        assert_eq!(gateway.look("/page/board", &cookie).await, 200);
        assert_eq!(gateway.look("/page/board", "assize_session=guessed").await, 303);
    }
}
