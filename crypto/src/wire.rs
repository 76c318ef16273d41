//! What everyone may see, the relay included: ids, frames, records, the outside of an envelope, close codes, and the
//! layout of the tunnel's handshake. Nothing in this module touches a secret.
//!
//! All integers are big-endian. Every decoder consumes all of its input or fails, and none can panic.

pub mod close;
pub mod codec;
pub mod envelope;
pub mod frame;
pub mod handshake;
pub mod id;
pub mod record;

pub use close::CloseCode;
pub use codec::DecodeError;
pub use frame::file::{FileAnswer, FileRequest, PieceId, PutView, put_view};
pub use frame::{
    ClientToRelay, JoinOutcome, Keep, Lifetime, Missed, Opening, Order, PublishView, Refusal,
    RelayToClient, Resume, RoomMode, RoomState, TimeLeft, control_message, delivered_head,
    publish_view,
};
pub use id::{
    Epoch, FileId, Generation, Life, LocalId, MemberId, ResumeToken, RoomId, SenderId, Seq,
};
pub use record::{MAX_ENVELOPE, MAX_FRAME, MAX_RECORD};

/// The wire version that this crate speaks; the second byte of every handshake message.
pub const VERSION: u8 = 1;

/// The WebSocket subprotocol of this version.
pub const SUBPROTOCOL: &str = "roomkey.1";
