//! A hello's content as bytes.

use core::time::Duration;

use super::Introduction;
use crate::control::Statement;
use crate::envelope::{self, SealError, millis};
use crate::error::OpenError;
use crate::identity::{Identity, Voucher};
use crate::wire::RoomMode;
use crate::wire::codec::{Reader, Writer};

const BOT: u8 = 1;
/// Names longer than this are refused before anybody looks at them. Bytes.
const NAME_LIMIT: usize = 512;

mod tlv {
    pub(super) const END: u8 = 0;
    pub(super) const START: u8 = 1;
    pub(super) const IDENTITY: u8 = 2;
    pub(super) const DESTINATION: u8 = 3;
    pub(super) const CONTROL: u8 = 4;
    pub(super) const OWN_CONTROL: u8 = 5;
    pub(super) const CHARTER: u8 = 6;
    pub(super) const LONE: u8 = 7;
}

fn put_tlv(writer: &mut Writer, kind: u8, value: &[u8]) -> Result<(), SealError> {
    let length = u16::try_from(value.len()).map_err(|_| SealError::TooLarge)?;
    writer.u8(kind).u16(length).put(value);
    Ok(())
}

/// The content of a hello, without padding and signature.
pub(super) fn encode(
    introduction: &Introduction,
    me: &Identity,
    start: Option<&[u8]>,
    lone: Option<&[u8]>,
) -> Result<Vec<u8>, SealError> {
    let name = introduction.name.as_bytes();
    if name.len() > NAME_LIMIT {
        return Err(SealError::TooLarge);
    }
    let mut writer = Writer::with_capacity(256);
    writer
        .u8(if introduction.bot.is_some() { BOT } else { 0 })
        .put(&me.signing_public())
        .put(&me.dh_public())
        .u32(introduction.revision)
        .u64(millis(introduction.sent_at))
        .u8(introduction.mode as u8)
        .u16(u16::try_from(name.len()).map_err(|_| SealError::TooLarge)?)
        .put(name);
    if let Some(start) = start {
        put_tlv(&mut writer, tlv::START, start)?;
    }
    if let Some(voucher) = &introduction.voucher {
        put_tlv(
            &mut writer,
            tlv::IDENTITY,
            &[voucher.identity.as_slice(), &voucher.signature].concat(),
        )?;
    }
    if let Some(destination) = introduction
        .bot
        .as_ref()
        .filter(|destination| !destination.is_empty())
    {
        put_tlv(&mut writer, tlv::DESTINATION, destination.as_bytes())?;
    }
    if let Some(control) = &introduction.control_key {
        put_tlv(&mut writer, tlv::CONTROL, control)?;
    }
    if let Some(control) = &introduction.own_control {
        put_tlv(&mut writer, tlv::OWN_CONTROL, control)?;
    }
    if !introduction.charter.is_empty() {
        let statements: Vec<&[u8]> = introduction
            .charter
            .iter()
            .map(Statement::as_bytes)
            .collect();
        put_tlv(&mut writer, tlv::CHARTER, &statements.concat())?;
    }
    if let Some(lone) = lone {
        put_tlv(&mut writer, tlv::LONE, lone)?;
    }
    Ok(writer.finish())
}

/// What a content says, and what must still be checked of it.
pub(super) struct Decoded<'a> {
    pub(super) introduction: Introduction,
    pub(super) dh: [u8; 32],
    pub(super) start: Option<&'a [u8]>,
    pub(super) lone: Option<&'a [u8]>,
}

/// Decodes a content with its padding.
pub(super) fn decode(content: &[u8]) -> Result<Decoded<'_>, OpenError> {
    let mut reader = Reader::new(content);
    let flags = reader.u8()?;
    reader.take(32)?; // the signing key: read before the signature was checked
    let dh = reader.array()?;
    let revision = reader.u32()?;
    let sent_at = Duration::from_millis(reader.u64()?);
    let mode = match reader.u8()? {
        0 => RoomMode::ForwardSecret,
        1 => RoomMode::OpenHistory,
        _ => return Err(OpenError::Unsupported),
    };
    let name_len = usize::from(reader.u16()?);
    if name_len > NAME_LIMIT {
        return Err(OpenError::Authentication);
    }
    let name = utf8(reader.take(name_len)?)?;
    let is_bot = flags & BOT != 0;
    let mut introduction = Introduction {
        revision,
        sent_at,
        mode,
        name,
        bot: is_bot.then(String::new),
        voucher: None,
        control_key: None,
        own_control: None,
        charter: Vec::new(),
    };
    let (mut start, mut lone) = (None, None);
    let mut met = [false; 256];
    while reader.remaining() > 0 {
        let kind = reader.u8()?;
        if kind == tlv::END {
            envelope::zeros(reader.rest())?;
            break;
        }
        let length = usize::from(reader.u16()?);
        let value = reader.take(length)?;
        let met = met
            .get_mut(usize::from(kind))
            .expect("invariant: a byte indexes 256 entries");
        if core::mem::replace(met, true) {
            return Err(OpenError::Authentication);
        }
        let mut inside = Reader::new(value);
        match kind {
            tlv::START => start = Some(value),
            tlv::LONE => lone = Some(value),
            tlv::IDENTITY => {
                introduction.voucher = Some(Voucher {
                    identity: inside.array()?,
                    signature: inside.array()?,
                });
                inside.finish()?;
            }
            tlv::DESTINATION if is_bot => introduction.bot = Some(utf8(value)?),
            // A destination for what claims to be a person would be shown to nobody.
            tlv::DESTINATION => return Err(OpenError::Authentication),
            tlv::CONTROL => {
                introduction.control_key = Some(inside.array()?);
                inside.finish()?;
            }
            tlv::OWN_CONTROL => {
                introduction.own_control = Some(inside.array()?);
                inside.finish()?;
            }
            tlv::CHARTER => {
                while inside.remaining() > 0 {
                    introduction.charter.push(Statement::read(&mut inside)?);
                }
            }
            _ => {}
        }
    }
    Ok(Decoded {
        introduction,
        dh,
        start,
        lone,
    })
}

fn utf8(bytes: &[u8]) -> Result<String, OpenError> {
    core::str::from_utf8(bytes)
        .map(str::to_owned)
        .map_err(|_| OpenError::Authentication)
}
