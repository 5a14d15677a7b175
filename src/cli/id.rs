//! Ids on the command line.

use uuid::Uuid;

/// The id of a submission or of a request.
pub(super) fn id(argument: &str) -> Result<Uuid, String> {
    argument.parse().map_err(|_error| {
        "an id is a UUID such as 018f3c2e-5a7b-7c3d-9e4f-1a2b3c4d5e6f; `assize submit` prints that of a submission"
            .to_owned()
    })
}
