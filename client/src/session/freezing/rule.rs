//! The rules of the room, who was compared with, and orders that the relay has not answered, as part of a tab's saved
//! state.

use std::collections::VecDeque;

use crypto::control::{Command, Statement};
use crypto::wire::codec::{Reader, Writer};
use crypto::wire::{Order, SenderId};
use sorted::Set;
use zeroize::Zeroizing;

use super::super::governing::{Demand, Pending, Rule};
use super::{ThawError, bytes, count, put_bytes, put_count};
use crate::charter::{Charter, Holder};

pub(super) fn put_rule(writer: &mut Writer, rule: &Rule, verified: &Set<SenderId>) {
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

/// Orders are given again on the next connection: what a person ordered is not undone by a reload.
pub(super) fn put_pending(writer: &mut Writer, rule: &Rule) {
    put_count(writer, rule.pending.len());
    for pending in &rule.pending {
        match &pending.demand {
            Demand::Order(order) => order.encode(writer.u8(0)),
            Demand::Purge(secret) => {
                writer.u8(1).put(secret.as_slice());
            }
        }
        let command = pending.command.as_ref().map(Command::encode);
        match command.and_then(Result::ok) {
            None => {
                writer.u8(0);
            }
            Some((kind, value)) => put_bytes(writer.u8(1).u8(kind), &value),
        }
    }
}

/// What [`put_pending`] wrote.
pub(super) fn pending(reader: &mut Reader<'_>) -> Result<VecDeque<Pending>, ThawError> {
    let mut orders = VecDeque::new();
    for _ in 0..count(reader, usize::MAX)? {
        let demand = if reader.flag("purge")? {
            Demand::Purge(Zeroizing::new(reader.array()?))
        } else {
            Demand::Order(Order::decode(reader)?)
        };
        let command = if reader.flag("command")? {
            let kind = reader.u8()?;
            let command = Command::decode(kind, bytes(reader)?);
            Some(command.map_err(|_| ThawError::Unreadable)?)
        } else {
            None
        };
        orders.push_back(Pending {
            demand,
            command,
            wire: None,
        });
    }
    Ok(orders)
}
