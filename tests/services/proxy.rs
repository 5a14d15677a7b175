//! A door to a service that can be opened late.

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// A port that nobody listens on yet.
pub(crate) async fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// From now on, connections to `port` reach `target`.
pub(crate) async fn open(port: u16, target: u16) {
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut far = TcpStream::connect(("127.0.0.1", target)).await?;
                copy_bidirectional(&mut near, &mut far).await
            });
        }
    });
}
