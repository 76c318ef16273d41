//! What a component can ask for in a conversation.

use client::{Body, Text};

use super::{Command, Handle};
use crate::naming;
use crate::state::PersonId;

/// A command of the conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum Talking {
    /// Say something, to everybody or to one person alone.
    Post { to: Option<PersonId>, body: Body },
    /// Put an emoji beside a message, or take it away.
    React {
        message: String,
        to: Option<PersonId>,
        emoji: String,
        on: bool,
    },
    /// Take an own message back.
    Delete {
        message: String,
        to: Option<PersonId>,
    },
    /// A key was pressed in the text field.
    Typing { to: Option<PersonId> },
    /// The text field was emptied.
    StoppedTyping,
    /// This message and what came before it was read. `private`: it is for this person alone.
    Seen { message: String, private: bool },
    /// Show others who show the same when this person types and has read, or stop that.
    ShareSignals(bool),
    /// What stands in the text field, for a reload.
    Draft(String),
    /// Save a text as a file.
    Save {
        name: String,
        kind: &'static str,
        text: String,
    },
    /// Ask the browser for permission to notify.
    AskToNotify,
    /// Show what a notification looks and sounds like.
    TestAlert,
    /// Forget everything that was kept on this device.
    ForgetDevice,
}

impl Handle {
    fn talk(&self, talking: Talking) {
        self.0.run(Command::Talk(talking));
    }

    /// Says words to everybody. `Err` is one sentence, and the draft should be kept.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn say(&self, text: Text) -> Result<(), String> {
        self.post(Body::Text(text), None)
    }

    /// Says something, to everybody or to one person alone. `Err` is one sentence, and the draft should be kept.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn post(&self, body: Body, to: Option<PersonId>) -> Result<(), String> {
        if let Body::Text(text)
        | Body::Action(text)
        | Body::Reply { text, .. }
        | Body::Edit { text, .. }
        | Body::Timed { text, .. } = &body
        {
            naming::check_message(&text.text)?;
        }
        self.talk(Talking::Post { to, body });
        Ok(())
    }

    /// Puts an emoji beside a message, or takes it away.
    pub fn react(&self, message: String, to: Option<PersonId>, emoji: String, on: bool) {
        self.talk(Talking::React {
            message,
            to,
            emoji,
            on,
        });
    }

    /// Takes an own message back.
    pub fn delete(&self, message: String, to: Option<PersonId>) {
        self.talk(Talking::Delete { message, to });
    }

    /// A key was pressed in the text field.
    pub fn typing(&self, to: Option<PersonId>) {
        self.talk(Talking::Typing { to });
    }

    /// The text field was emptied.
    pub fn stopped_typing(&self) {
        self.talk(Talking::StoppedTyping);
    }

    /// This message was read, and what came before it.
    pub fn seen(&self, message: String, private: bool) {
        self.talk(Talking::Seen { message, private });
    }

    /// Shows others who show the same when this person types and has read, or stops that.
    pub fn share_signals(&self, on: bool) {
        self.talk(Talking::ShareSignals(on));
    }

    /// Keeps what stands in the text field for a reload of the tab.
    pub fn keep_draft(&self, text: String) {
        self.talk(Talking::Draft(text));
    }

    /// What stood in the text field before the tab was reloaded.
    pub fn draft(&self) -> String {
        self.0.draft()
    }

    /// Saves a text as a file.
    pub fn save(&self, name: String, kind: &'static str, text: String) {
        self.talk(Talking::Save { name, kind, text });
    }

    /// Asks the browser for permission to notify.
    pub fn ask_to_notify(&self) {
        self.talk(Talking::AskToNotify);
    }

    /// Shows what a notification looks and sounds like.
    pub fn test_alert(&self) {
        self.talk(Talking::TestAlert);
    }

    /// Forgets everything that was kept on this device.
    pub fn forget_device(&self) {
        self.talk(Talking::ForgetDevice);
    }
}
