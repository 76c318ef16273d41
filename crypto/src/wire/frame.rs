//! Frames: what a client and the relay say to each other inside the tunnel. The type's name gives the direction, the
//! first byte gives the kind (0x01 to 0x0F towards the relay, 0x81 to 0x9F from it).

mod door;
pub mod file;
mod opening;
mod order;
mod refusal;
mod to_client;
mod to_relay;

pub use door::{JoinOutcome, Missed, RoomState};
pub use opening::{Lifetime, Opening, RoomMode, TimeLeft};
pub use order::{Order, control_message};
pub use refusal::Refusal;
pub use to_client::{DELIVERED_HEAD, RelayToClient, delivered_head};
pub use to_relay::{ClientToRelay, Keep, PublishView, Resume, publish_view};
