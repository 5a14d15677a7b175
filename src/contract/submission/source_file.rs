//! Source files: as they are written on the wire, and as the judge takes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Up to 33 parts of a path that are neither empty nor `.` nor `..`, without backslashes and control characters.
pub(super) const RELATIVE_PATH: &str = concat!(
    r"^(\.{0,2}[^/\\.\x00-\x1f\x7f-\x9f][^/\\\x00-\x1f\x7f-\x9f]*|\.{3}[^/\\\x00-\x1f\x7f-\x9f]*)",
    r"(/(\.{0,2}[^/\\.\x00-\x1f\x7f-\x9f][^/\\\x00-\x1f\x7f-\x9f]*|\.{3}[^/\\\x00-\x1f\x7f-\x9f]*)){0,32}$",
);

/// A source file on the wire. Exactly one of `content` and `content_base64` is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [
    { "required": ["content"], "properties": { "content": { "type": "string" } } },
    { "required": ["content_base64"], "properties": { "content_base64": { "type": "string" } } },
]))]
pub struct FileMessage {
    /// Relative path with `/` between its parts, of which there are at most 33.
    #[schemars(length(min = 1, max = 255), regex(pattern = RELATIVE_PATH))]
    pub name: String,
    /// The text of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The bytes of the file in base64 (RFC 4648, section 4), for a file that is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_base64: Option<String>,
}

/// A source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Relative path with `/` between its parts.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

impl FileMessage {
    /// Bytes that it takes up.
    pub fn bytes(&self) -> usize {
        let content = [&self.content, &self.content_base64];
        let content = content.into_iter().flatten().map(String::len);
        self.name.len() + content.sum::<usize>()
    }

    /// Its text, or its bytes in base64.
    pub fn into_content(self) -> (Option<String>, Option<String>) {
        (self.content, self.content_base64)
    }
}

impl From<SourceFile> for FileMessage {
    fn from(SourceFile { name, content }: SourceFile) -> Self {
        match String::from_utf8(content) {
            Ok(text) => Self {
                name,
                content: Some(text),
                content_base64: None,
            },
            Err(error) => {
                let encoded = STANDARD.encode(error.as_bytes());
                Self {
                    name,
                    content: None,
                    content_base64: Some(encoded),
                }
            }
        }
    }
}
