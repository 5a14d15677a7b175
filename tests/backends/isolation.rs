//! What must not be reached from inside a box, where the backend walls it in.

use assize::sandbox::{BoxRole, BoxSpec, Input, Isolation, RunStreams};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::fixture::{TestBoxes, limits, request, run};
use crate::small_box::small_box;

/// Listens where everybody of the same network namespace can connect, and says so (`unix(7)`, abstract sockets).
const LISTENER: &str = "import socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(chr(0) + 'assize-validator')
listener.listen()
print('listening', flush=True)
sys.stdin.read()";

const CLIENT: &str = "import socket
try:
    socket.socket(socket.AF_UNIX).connect(chr(0) + 'assize-validator')
    print('reached')
except OSError as error:
    print('refused', error.errno)";

pub(crate) async fn a_submission_reaches_no_socket_of_a_validator(boxes: &TestBoxes) {
    let mut validator = boxes
        .session(&BoxSpec {
            role: BoxRole::Validator,
            ..small_box()
        })
        .await;
    let mut submission = boxes.session(&small_box()).await;
    let (to, input) = mpsc::channel(1);
    let (output, mut from) = mpsc::channel(1);
    let streams = RunStreams {
        input: Input::Channel(input),
        output: Some(output),
        kill: CancellationToken::new(),
    };
    let listening = request(LISTENER, limits());
    let asking = async {
        assert_eq!(&from.recv().await.unwrap()[..], b"listening\n");
        let asked = run(&mut submission, CLIENT).await;
        drop(to);
        String::from_utf8(asked.output.to_vec()).unwrap()
    };
    let (listened, asked) = tokio::join!(validator.run(&listening, streams), asking);
    listened.unwrap();
    match boxes.facts().isolation {
        Isolation::Container | Isolation::Machine => assert!(asked.starts_with("refused"), "{asked}"),
        // It shows that the listener can be reached at all.
        Isolation::None => assert_eq!(asked, "reached\n"),
    }
    submission.destroy().await;
    validator.destroy().await;
}

pub(crate) async fn no_pseudo_terminal_can_be_had(boxes: &TestBoxes) {
    let source = "import os
try:
    os.openpty()
    print('open')
except OSError as error:
    print('none')
print(sorted(os.listdir('/dev/pts')))";
    let mut session = boxes.session(&small_box()).await;
    let found = String::from_utf8(run(&mut session, source).await.output.to_vec()).unwrap();
    match boxes.facts().isolation {
        Isolation::Container | Isolation::Machine => assert_eq!(found, "none\n[]\n"),
        Isolation::None => assert!(found.starts_with("open\n"), "{found}"),
    }
    session.destroy().await;
}
