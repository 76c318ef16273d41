//! What a bot's commands do.

use client::{Body, Style, Text};
use crypto::wire::SenderId;

use super::Bot;
use super::command::Command;
use super::event::{self, Object};
use crate::exit::Failure;
use crate::files::prepare;

const NO_FOLDER: &str = "this bot has no folder for files: start it with --files";

impl Bot {
    /// Carries a command out. An error is said to the program.
    pub(super) async fn carry_out(
        &mut self,
        command: Command,
        reference: Option<String>,
    ) -> Result<(), String> {
        let words = |text: String, markdown: bool| Text {
            style: if markdown {
                Style::Markdown
            } else {
                Style::Plain
            },
            text,
        };
        let mut to = None;
        let body = match command {
            Command::Say {
                text,
                markdown,
                reply_to: None,
            } => Body::Text(words(text, markdown)),
            Command::Say {
                text,
                markdown,
                reply_to: Some(of),
            } => Body::Reply {
                to: event::read_id(&of).ok_or("reply_to is no message")?,
                text: words(text, markdown),
            },
            Command::SayTo {
                to: whom,
                text,
                markdown,
            } => {
                to = Some(self.find(&whom)?);
                Body::Text(words(text, markdown))
            }
            Command::React { message, emoji, on } => Body::Reaction {
                to: event::read_id(&message).ok_or("message is no message")?,
                on,
                emoji,
            },
            Command::Edit {
                message,
                text,
                markdown,
            } => Body::Edit {
                of: event::read_id(&message).ok_or("message is no message")?,
                text: words(text, markdown),
            },
            Command::Delete { message } => Body::Delete {
                of: event::read_id(&message).ok_or("message is no message")?,
            },
            Command::Offer { name, to } => return self.offer(&name, to, reference).await,
            Command::Accept { file } => return self.accept(&file).await,
            Command::Deny { file } => {
                let file = event::read_file(&file).ok_or("file is no file")?;
                self.shelf.deny(&self.member, file).await;
                return Ok(());
            }
            Command::Cancel { file } => {
                let file = event::read_file(&file).ok_or("file is no file")?;
                self.shelf.stop(&self.member, file).await;
                return Ok(());
            }
            Command::Leave {} => return Ok(()),
        };
        // What is about a private message goes to nobody else.
        let to = match &body {
            Body::Reply { to: about, .. }
            | Body::Reaction { to: about, .. }
            | Body::Edit { of: about, .. }
            | Body::Delete { of: about } => self.scopes.of(about),
            _ => to,
        };
        let posted = self
            .member
            .drive(move |session, now, rng| match to {
                Some(sid) => session.say_to(sid, body, now, rng),
                None => session.post(body, now, rng),
            })
            .await;
        match posted {
            Some(Ok(local)) => {
                self.delivery.expect(local);
                self.translator.expect(local, reference);
                Ok(())
            }
            Some(Err(error)) => Err(error.to_string()),
            None => Err("the session ended first".to_owned()),
        }
    }

    fn find(&self, whom: &str) -> Result<SenderId, String> {
        self.translator
            .person(whom)
            .ok_or_else(|| format!("nobody here has the id {}", text::display_name(whom)))
    }

    async fn offer(
        &mut self,
        name: &str,
        to: Option<String>,
        reference: Option<String>,
    ) -> Result<(), String> {
        let to = to.map(|whom| self.find(&whom)).transpose()?;
        let folder = self.folder.as_ref().ok_or(NO_FOLDER)?;
        let (path, limit) = (folder.inside(name)?, self.max_file);
        let prepared = tokio::task::spawn_blocking(move || prepare(&path, false, limit))
            .await
            .map_err(|error| error.to_string())?
            .map_err(|failure: Failure| failure.to_string())?;
        let file = self.shelf.offer(&self.member, to, prepared).await;
        let file = event::write_file(&file.map_err(|error| error.to_string())?);
        self.send(&Object::Offered { reference, file });
        Ok(())
    }

    async fn accept(&mut self, file: &str) -> Result<(), String> {
        let file = event::read_file(file).ok_or("file is no file")?;
        let folder = self.folder.as_ref().ok_or(NO_FOLDER)?;
        let name = self
            .translator
            .file_name(&file)
            .ok_or("it is not offered any more")?;
        let accepted = self
            .shelf
            .accept(&self.member, file, folder.path(), name)
            .await;
        accepted.map_err(|why| why.to_string())
    }
}
