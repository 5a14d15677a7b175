//! What the proxy makes for a worker, and keeps from the others.

use assize::config::{self, StreamsOf};
use assize::sandbox::{LaunchError, open_backend};
use assize_docker_proxy::Settings as ProxySettings;

use crate::docker_proxy::{Proxied, docker, judges_every_kind_through};
use crate::small_box::small_box;

/// A proxy that makes a socket for the streams of each box.
async fn with_streams() -> Proxied {
    let directory = tempfile::tempdir().unwrap();
    let streams = directory.path().join("streams");
    std::fs::create_dir(&streams).unwrap();
    let mut settings = ProxySettings::load(None, []).unwrap();
    settings.streams_directory = streams;
    Proxied::start_in(directory, settings).await
}

#[tokio::test(flavor = "multi_thread")]
async fn submissions_are_judged_with_streams_that_the_proxy_makes_and_no_socket_is_left() {
    let proxied = with_streams().await;
    judges_every_kind_through(&proxied.host(), "proxied-streams", StreamsOf::Proxy).await;
    let own = std::fs::read_dir(proxied.directory.path().join("streams")).unwrap();
    let own: Vec<_> = own.map(|entry| entry.unwrap().path()).collect();
    assert_eq!(own.len(), 1, "{own:?}");
    let left: Vec<_> = std::fs::read_dir(&own[0]).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_asks_for_streams_where_the_proxy_makes_none_is_told_the_setting() {
    let proxied = Proxied::start().await;
    let mut settings = config::load(None).unwrap();
    settings.sandbox.docker.host = proxied.host();
    settings.sandbox.docker.streams = StreamsOf::Proxy;
    let backend = open_backend(&settings.sandbox, &settings.worker.id).unwrap();
    let launched = backend.launch(&small_box()).await;
    let said = launched.unwrap_err().to_string();
    assert!(said.contains("the setting streams_directory is empty"), "{said}");
    backend.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_for_which_there_is_no_room_is_told_from_one_that_cannot_be_made() {
    let settings = ProxySettings {
        all_memory_bytes: 200 << 20,
        ..ProxySettings::load(None, []).unwrap()
    };
    let proxied = Proxied::start_in(tempfile::tempdir().unwrap(), settings).await;
    let mut settings = config::load(None).unwrap();
    settings.sandbox.docker.host = proxied.host();
    let backend = open_backend(&settings.sandbox, &settings.worker.id).unwrap();
    let live = backend.launch(&small_box()).await.unwrap();
    let refused = backend.launch(&small_box()).await.unwrap_err();
    assert!(matches!(refused, LaunchError::NoRoom { .. }), "{refused:?}");
    let said = refused.to_string();
    assert!(said.contains("all_memory_bytes = 209715200"), "{said}");
    live.handle.destroy().await;
    let live = backend.launch(&small_box()).await.unwrap();
    live.handle.destroy().await;
    backend.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_of_a_living_worker_is_seen_by_others_and_not_touched() {
    let proxied = Proxied::start().await;
    let mut settings = config::load(None).unwrap();
    settings.sandbox.docker.host = proxied.host();
    let backend = open_backend(&settings.sandbox, &settings.worker.id).unwrap();
    let live = backend.launch(&small_box()).await.unwrap();
    let id = live.id.as_str();
    // The client sends no secret, as older workers do not.
    for arguments in [
        &["rm", "-f", id] as &[&str],
        &["start", id],
        &["update", "--memory", "64m", id],
        &["attach", "--no-stdin", id],
    ] {
        let (content, said) = proxied.docker(arguments).await;
        let is_refused = said.contains("another worker has") || said.contains("received 403");
        assert!(!content && is_refused, "{arguments:?}: {said}");
    }
    assert!(proxied.docker(&["inspect", "--type", "container", id]).await.0);
    live.handle.destroy().await;
    backend.close().await;
    assert!(!docker(&[], &["inspect", "--type", "container", &live.id]).await.0);
}
