//! Files under way, as part of a tab's saved state. None of them survives the tab: what it has read and what it has
//! kept is gone with it. So all that is saved is whom to tell.

use crypto::wire::codec::{Reader, Writer};
use crypto::wire::{FileId, SenderId};

use super::{ThawError, count, put_count};
use crate::config::Now;
use crate::session::Session;
use crate::transfer::FileRef;

impl Session {
    pub(super) fn put_files(&self, writer: &mut Writer) {
        let offers = &self.transfers.outgoing;
        put_count(writer, offers.len());
        for (file, offer) in offers.iter() {
            let to = offer.to.unwrap_or(SenderId([0; 16]));
            writer
                .put(&file.0)
                .u8(u8::from(offer.to.is_some()))
                .put(&to.0);
        }
        let fetched: Vec<_> = self
            .transfers
            .incoming
            .iter()
            .filter(|(_, incoming)| incoming.is_under_way())
            .map(|(file, _)| file)
            .chain(&self.transfers.farewells)
            .collect();
        put_count(writer, fetched.len());
        for file in fetched {
            writer.put(&file.from.0).put(&file.file.0);
        }
    }

    /// Takes back what was offered, and tells whoever still sends us something that nobody keeps it any more.
    pub(super) fn end_files(&mut self, reader: &mut Reader<'_>, now: Now) -> Result<(), ThawError> {
        for _ in 0..count(reader, usize::MAX)? {
            let file = FileId(reader.array()?);
            let is_private = reader.flag("private")?;
            let to = Some(SenderId(reader.array()?)).filter(|_| is_private);
            self.write_withdrawal(file, to, now);
        }
        for _ in 0..count(reader, usize::MAX)? {
            let from = SenderId(reader.array()?);
            let file = FileId(reader.array()?);
            self.transfers.farewells.push(FileRef { from, file });
        }
        Ok(())
    }
}
