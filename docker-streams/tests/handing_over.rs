//! A runner comes for its streams, and what does not belong there is refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use assize_docker_streams::StreamsDirectory;
use socket2::{Domain, SockAddr, Socket, Type};

/// A directory for sockets, which is removed with this.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("assize-streams-{}-{number}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn entries(&self) -> usize {
        fs::read_dir(&self.0).unwrap().count()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _left = fs::remove_dir_all(&self.0);
    }
}

/// Comes as a runner does.
fn connect(socket: &Path) -> std::io::Result<Socket> {
    const SEQPACKET: i32 = 5;
    let runner = Socket::new(Domain::UNIX, Type::from(SEQPACKET), None)?;
    runner.connect(&SockAddr::unix(socket)?)?;
    Ok(runner)
}

fn own_user(place: &Path) -> u32 {
    fs::metadata(place).unwrap().uid()
}

#[tokio::test]
async fn a_socket_is_gone_with_its_directory_as_soon_as_its_runner_has_come() {
    let place = Place::new();
    let directory = StreamsDirectory::open(&place.0).unwrap();
    let listener = directory.listen("assize-a").unwrap();
    let socket = listener.directory().join("socket");
    let _runner = connect(&socket).unwrap();
    let _ours = listener.hand_over(own_user(&place.0)).await.unwrap();
    assert!(connect(&socket).is_err());
    assert!(!socket.parent().unwrap().exists());
}

#[tokio::test]
async fn another_user_gets_no_streams() {
    let place = Place::new();
    let directory = StreamsDirectory::open(&place.0).unwrap();
    let listener = directory.listen("assize-a").unwrap();
    let socket = listener.directory().join("socket");
    let _stranger = connect(&socket).unwrap();
    let refused = listener.hand_over(own_user(&place.0) + 1).await.unwrap_err();
    assert!(refused.to_string().contains("has connected instead of"), "{refused}");
    assert!(!socket.exists());
}

#[tokio::test]
async fn what_a_process_leaves_is_removed_by_the_next_one_and_not_what_a_living_one_has() {
    let place = Place::new();
    // Without a lock: its process is gone.
    fs::create_dir_all(place.0.join("assize-1-0/assize-b")).unwrap();
    fs::create_dir(place.0.join("mine")).unwrap();
    let living = StreamsDirectory::open(&place.0).unwrap();
    let listener = living.listen("assize-a").unwrap();
    let other = StreamsDirectory::open(&place.0).unwrap();
    assert!(listener.directory().join("socket").exists());
    assert_eq!(place.entries(), 3);
    drop((listener, living, other));
    assert_eq!(place.entries(), 1);
}

#[test]
fn a_place_where_others_could_put_a_link_is_refused() {
    let place = Place::new();
    let mode = |mode| fs::set_permissions(&place.0, Permissions::from_mode(mode)).unwrap();
    let link = place.0.join("link");
    symlink(&place.0, &link).unwrap();
    let opened = |path: &Path| {
        StreamsDirectory::open(path)
            .map(drop)
            .map_err(|error| error.to_string())
    };
    assert!(opened(&link).unwrap_err().contains("no plain absolute path"));
    mode(0o770);
    assert!(opened(&place.0).unwrap_err().contains("can change what is in"));
    // A sticky bit keeps what is in it, and not its name.
    mode(0o1777);
    assert!(opened(&place.0).unwrap_err().contains("can change what is in"));
    mode(0o755);
    opened(&place.0).unwrap();
}
