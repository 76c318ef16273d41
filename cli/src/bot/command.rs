//! Commands of a bot: one JSON object a line.

use serde::Deserialize;

/// A command, and a word of the bot's own by which its answer is known.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) command: Command,
    pub(crate) reference: Option<String>,
}

/// What a bot can do.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Command {
    /// Say something to everybody, perhaps in answer to a message.
    Say {
        text: String,
        #[serde(default)]
        markdown: bool,
        reply_to: Option<String>,
    },
    /// Say something to one person alone.
    SayTo {
        to: String,
        text: String,
        #[serde(default)]
        markdown: bool,
    },
    /// Put an emoji beside a message, or take it away.
    React {
        message: String,
        emoji: String,
        #[serde(default = "yes")]
        on: bool,
    },
    /// Change an own message.
    Edit {
        message: String,
        text: String,
        #[serde(default)]
        markdown: bool,
    },
    /// Take an own message back.
    Delete { message: String },
    /// Offer a file of the bot's folder, to everybody or to one person.
    Offer {
        /// Its name in the folder.
        name: String,
        to: Option<String>,
    },
    /// Fetch an offered file into the bot's folder.
    Accept { file: String },
    /// Let the sender know that it is not wanted.
    Deny { file: String },
    /// Stop fetching a file, or take an own offer back.
    Cancel { file: String },
    /// Leave the room and end.
    Leave {},
}

impl Command {
    /// Whether others hear of it, so that the cap counts it.
    pub(crate) fn speaks(&self) -> bool {
        !matches!(
            self,
            Self::Accept { .. } | Self::Cancel { .. } | Self::Leave {}
        )
    }
}

fn yes() -> bool {
    true
}

impl<'de> Deserialize<'de> for Request {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        // `flatten` would let unknown fields through: the reference is taken out by hand, the rest is strict.
        let mut fields = serde_json::Map::deserialize(deserializer)?;
        let reference = match fields.remove("ref") {
            None | Some(serde_json::Value::Null) => None,
            Some(serde_json::Value::String(reference)) => Some(reference),
            Some(_) => return Err(D::Error::custom("ref is not a string")),
        };
        let command =
            serde_json::from_value(serde_json::Value::Object(fields)).map_err(D::Error::custom)?;
        Ok(Self { command, reference })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<Request> {
        serde_json::from_str(line).ok()
    }

    #[test]
    fn commands_are_read_as_documented() {
        let request = read(r#"{"command":"say","text":"hi","ref":"7"}"#).unwrap();
        assert_eq!(request.reference.as_deref(), Some("7"));
        assert_eq!(
            request.command,
            Command::Say {
                text: "hi".to_owned(),
                markdown: false,
                reply_to: None
            }
        );
        let react = read(r#"{"command":"react","message":"m","emoji":"👍"}"#).unwrap();
        assert!(matches!(react.command, Command::React { on: true, .. }));
        assert_eq!(
            read(r#"{"command":"leave"}"#).unwrap().command,
            Command::Leave {}
        );
    }

    #[test]
    fn a_misspelt_command_is_refused_and_not_half_done() {
        for line in [
            r#"{"command":"say"}"#,
            r#"{"command":"say","text":"x","priv":true}"#,
            r#"{"command":"shout","text":"x"}"#,
            r#"{"text":"x"}"#,
            r#"{"command":"say","text":"x","ref":7}"#,
            r#"["say"]"#,
            "say x",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
