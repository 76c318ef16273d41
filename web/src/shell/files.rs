//! What a person asks for with files.

use std::rc::Rc;

use crypto::wire::SenderId;
use text::FileName;

use super::Shell;
use crate::connection::Connection;
use crate::entropy;
use crate::files::{Trouble, prepare};
use crate::handle::{Command, FileCommand};
use crate::state::{Action, EntryKind, FileAction, PersonId, Stage, State, What};
use crate::words::{files, fill};

impl Shell {
    pub(crate) fn run_file(self: &Rc<Self>, command: FileCommand) {
        match command {
            FileCommand::Offer {
                picked,
                to,
                keeps_traces,
            } => {
                let shell = Rc::clone(self);
                wasm_bindgen_futures::spawn_local(async move {
                    for picked in picked {
                        shell.offer(&picked, to, keeps_traces).await;
                    }
                    shell.tell(FileAction::Preparing(None));
                });
            }
            FileCommand::Accept(file) => {
                self.tell(FileAction::Stage(file, Stage::Asked));
                self.with_session(|session, now| {
                    session.accept_file(file, now, &mut entropy::rng());
                });
            }
            FileCommand::Deny(file) => {
                self.tell(FileAction::Stage(file, Stage::Denied));
                self.with_session(|session, now| {
                    session.deny_file(file, now, &mut entropy::rng());
                });
            }
            FileCommand::Stop(file) => {
                if let Some(connection) = self.connection() {
                    connection.shelf().forget(file);
                }
                self.tell(FileAction::Stage(file, Stage::Stopped));
                self.with_session(|session, now| {
                    session.stop_file(file, now, &mut entropy::rng());
                });
            }
            FileCommand::Save(file, name) => {
                if let Some(connection) = self.connection() {
                    connection.shelf().save(file, &name);
                }
            }
        }
    }

    /// Offers one file, or says why not.
    async fn offer(&self, picked: &web_sys::File, to: Option<PersonId>, keeps_traces: bool) {
        let name = FileName::of(&picked.name()).shown;
        self.tell(FileAction::Preparing(Some(name.clone())));
        let limit = self
            .inner
            .borrow()
            .relay
            .as_ref()
            .map_or(0, |it| it.facts.max_file);
        let Some(connection) = self.connection() else {
            return;
        };
        let offered = match prepare(picked, keeps_traces, limit).await {
            Ok(prepared) => connection
                .drive(|session, now| {
                    let to = to.map(|to| SenderId(to.0));
                    session.offer_file(to, prepared.file, now, &mut entropy::rng())
                })
                .map(|file| connection.shelf().offer(file, prepared.bytes))
                .map_err(|why| {
                    let why = why.to_string();
                    fill(files().not_offered, &[("name", &name), ("why", &why)])
                }),
            Err(trouble) => Err(Trouble::sentence(trouble, &name)),
        };
        if let Err(sentence) = offered {
            self.tell(FileAction::Trouble(sentence));
        }
    }

    /// Fetches small pictures that have just been offered, where the person wants that. What the sender says of a file
    /// decides whether it is fetched, and its bytes whether it is shown.
    pub(super) fn accept_pictures(self: &Rc<Self>, before: &State, after: &State) {
        let (Some(old), Some(room)) = (before.room(), after.room()) else {
            return;
        };
        if !after.settings.accepts_pictures {
            return;
        }
        let last = old.log.entries().last().map(|entry| entry.id);
        let new = room.log.entries().iter().rev();
        for entry in new.take_while(|entry| Some(entry.id) > last) {
            let EntryKind::Said(said) = &entry.kind else {
                continue;
            };
            let What::File(file) = &said.what else {
                continue;
            };
            let is_wanted = !said.mine && !said.replayed && !room.talk.muted.contains(&said.from);
            if let Some(id) = file.file.filter(|_| is_wanted && file.is_small_picture()) {
                self.run(Command::File(FileCommand::Accept(id)));
            }
        }
    }

    fn connection(&self) -> Option<Connection> {
        self.inner.borrow().connection.clone()
    }

    fn tell(&self, action: FileAction) {
        self.send(Action::File(action));
    }
}
