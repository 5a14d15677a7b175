//! A door to a service that can be opened late, cut, and opened again.

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// A port of the test's own before the port of a service.
#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) port: u16,
    target: u16,
    cut: CancellationToken,
}

impl Door {
    /// A port that nobody listens on yet.
    pub(crate) async fn closed(target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self {
            port: listener.local_addr().unwrap().port(),
            target,
            cut: CancellationToken::new(),
        }
    }

    /// From now on, connections reach the service.
    pub(crate) async fn open(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        let (target, cut) = (self.target, CancellationToken::new());
        self.cut = cut.clone();
        tokio::spawn(cut.clone().run_until_cancelled_owned(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let pass = async move {
                    let mut far = TcpStream::connect(("127.0.0.1", target)).await?;
                    copy_bidirectional(&mut near, &mut far).await
                };
                tokio::spawn(cut.clone().run_until_cancelled_owned(pass));
            }
        }));
    }

    /// From now on nobody listens here, and every connection through it is gone.
    pub(crate) fn cut(&self) {
        self.cut.cancel();
    }
}
