//! The rules of the room and who was compared with, as part of a tab's saved state.

use std::collections::BTreeSet;

use crypto::control::Statement;
use crypto::wire::SenderId;
use crypto::wire::codec::{Reader, Writer};

use super::super::governing::Rule;
use super::{ThawError, bytes, put_bytes, put_count};
use crate::charter::{Charter, Holder};

pub(super) fn put_rule(writer: &mut Writer, rule: &Rule, verified: &BTreeSet<SenderId>) {
    match rule.charter.opener() {
        None => writer.u8(0),
        Some(Holder { key, sid }) => writer
            .u8(1)
            .put(&key)
            .u8(u8::from(sid.is_some()))
            .put(&sid.unwrap_or(SenderId([0; 16])).0),
    };
    let statements: Vec<&[u8]> = rule
        .charter
        .statements()
        .iter()
        .map(Statement::as_bytes)
        .collect();
    put_bytes(writer, &statements.concat());
    writer.u8(u8::from(rule.locked));
    put_count(writer, verified.len());
    for sid in verified {
        writer.put(&sid.0);
    }
}

/// The rules, and whether the room was locked.
pub(super) fn charter(reader: &mut Reader<'_>) -> Result<(Charter, bool), ThawError> {
    let opener = if reader.flag("opener")? {
        let key = reader.array()?;
        let is_known = reader.flag("opener known")?;
        let sid = Some(SenderId(reader.array()?)).filter(|_| is_known);
        Some(Holder { key, sid })
    } else {
        None
    };
    let mut inside = Reader::new(bytes(reader)?);
    let mut statements = Vec::new();
    while inside.remaining() > 0 {
        statements.push(Statement::read(&mut inside).map_err(|_| ThawError::Unreadable)?);
    }
    Ok((
        Charter::restored(opener, statements),
        reader.flag("locked")?,
    ))
}
