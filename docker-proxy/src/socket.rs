//! The socket that workers connect to.

use std::io;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::Path;

use tokio::net::{UnixListener, UnixStream};

/// A socket at this path, in the place of one at which no process listens any more.
///
/// # Errors
/// When there is something else, or another process listens there.
pub async fn listen_at(path: &Path, mode: u32) -> io::Result<UnixListener> {
    match tokio::fs::symlink_metadata(path).await {
        Ok(found) if found.file_type().is_socket() => {
            if UnixStream::connect(path).await.is_ok() {
                return Err(io::Error::new(
                    io::ErrorKind::AddrInUse,
                    "another process listens there",
                ));
            }
            tokio::fs::remove_file(path).await?;
        }
        Ok(_other) => return Err(io::Error::new(io::ErrorKind::AlreadyExists, "something else is there")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let listener = UnixListener::bind(path)?;
    tokio::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).await?;
    Ok(listener)
}
