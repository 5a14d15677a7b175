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
async fn boxes_get_their_streams_in_the_fastest_way_that_works() {
    let (by_daemon, by_sockets) = (Proxied::start().await, with_streams().await);
    let directory = tempfile::tempdir().unwrap();
    let usable = directory.path().join("streams");
    // A file is no directory.
    let unusable = directory.path().join("file");
    std::fs::write(&unusable, "").unwrap();
    let of_proxy = by_sockets.directory.path().join("streams");
    for (host, of_worker, expected) in [
        ("", &usable, Some(&usable)),
        ("", &unusable, None),
        (&by_daemon.host(), &usable, None),
        (&by_sockets.host(), &usable, Some(&of_proxy)),
        (&by_sockets.host(), &unusable, Some(&of_proxy)),
    ] {
        let mut settings = config::load(None).unwrap();
        host.clone_into(&mut settings.sandbox.docker.host);
        settings.sandbox.docker.streams = StreamsOf::Auto;
        settings.sandbox.docker.streams_directory.clone_from(of_worker);
        let backend = open_backend(&settings.sandbox, &settings.worker.id).unwrap();
        for _ in 0..2 {
            let live = backend.launch(&small_box()).await.unwrap();
            let found = source_of_streams(&live.id).await;
            let is_expected = match expected {
                Some(place) => found.starts_with(&place.display().to_string()),
                None => found.is_empty(),
            };
            assert!(is_expected, "{found:?} at {host:?} with {of_worker:?}");
            live.handle.destroy().await;
        }
        backend.close().await;
    }
}

/// From where on this host a box gets its streams; empty where the daemon has them.
async fn source_of_streams(id: &str) -> String {
    let format = "{{range .HostConfig.Mounts}}{{.Source}}{{end}}";
    let (content, said) = docker(&[], &["inspect", "--format", format, id]).await;
    assert!(content, "{said}");
    said.trim().to_owned()
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
